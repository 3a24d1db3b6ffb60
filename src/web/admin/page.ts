// What a page of the console is made of. Each page says its sections; one template draws them all.
import type { Response } from 'express';
import { wordsOf } from '../../languages/words.ts';
import { addToQuery } from '../../platform/links.ts';
import type { PageDeps } from '../http/deps.ts';
import { type Bars, drawBars } from './bars.ts';
import type { AdminLocals } from './open-session.ts';

/** A time is shown to the minute, in UTC. */
export type Value = string | number | bigint | Date | null;
export type Cell = Value | { text: Value; href?: string | undefined; tone?: Tone | undefined };
/** How it is meant: a state that is well, that wants a look, that wants a hand. */
export type Tone = 'good' | 'wait' | 'bad' | 'dim';

/** A button, with what it sends; `action` is one of actions.ts, unless the form goes to a page of its own. */
export type ActionForm = {
  action: string | { path: string };
  label: string;
  hidden: Record<string, string>;
  fields?: Field[];
  /** What is to be ticked first: it cannot be taken back. */
  sure?: string;
};

export type Field = {
  name: string;
  label: string;
  value?: string;
  options?: { value: string; label: string }[];
  /** Any number of them. */
  ticks?: { value: string; label: string }[];
  required?: boolean;
  /** A text of so many lines. */
  lines?: number;
  /** A file of the browser's machine. */
  isFile?: boolean;
  /** Below it. */
  help?: string;
};

export type Section =
  | {
      type: 'figures';
      title?: string;
      figures: { label: string; value: Value; tone?: Tone; href?: string }[];
    }
  | { type: 'warnings'; title: string; warnings: { text: string; remedy: string | null; href?: string }[] }
  | { type: 'facts'; title?: string; facts: [name: string, value: Cell][] }
  | {
      type: 'table';
      title?: string;
      columns: string[];
      rows: Cell[][];
      empty: string;
      olderHref?: string | null;
    }
  | { type: 'text'; title: string; text: string; help?: string }
  | { type: 'bars'; title: string; bars: Bars }
  | { type: 'search'; fields: Field[] }
  | { type: 'actions'; title: string; forms: ActionForm[] };

export type AdminPage = {
  title: string;
  lead?: string;
  sections: Section[];
  /** How often the page is looked at again while it is in sight. */
  liveSeconds?: number | undefined;
};

export type AdminDeps = PageDeps;

/** Paths below /admin. */
export const pages = [
  { path: '', label: 'Today' },
  { path: '/editions', label: 'Editions' },
  { path: '/deliveries', label: 'Deliveries' },
  { path: '/readers', label: 'Readers' },
  { path: '/suppressions', label: 'Suppressions' },
  { path: '/bounces', label: 'Bounces' },
  { path: '/mail', label: 'Mail' },
  { path: '/papers', label: 'Papers' },
  { path: '/sources', label: 'Sources' },
  { path: '/topics', label: 'Topics' },
  { path: '/settings', label: 'Settings' },
  { path: '/keys', label: 'API keys' },
  { path: '/webhooks', label: 'Webhooks' },
  { path: '/audit', label: 'Log' },
] as const;

export function sendAdminPage(
  { render, links }: Pick<AdminDeps, 'render' | 'links'>,
  response: Response,
  page: AdminPage,
): void {
  const { session, done, path } = response.locals as AdminLocals;
  const canAct = session.admin.role === 'operator';
  response.send(
    render(
      'admin-page',
      {
        ...page,
        // What somebody may not do is not offered.
        sections: page.sections.filter(({ type }) => type !== 'actions' || canAct).map(writeSection),
        adminName: session.admin.name,
        formToken: session.formToken,
        done,
        nav: pages.map(({ path: at, label }) => ({
          href: links.admin(at),
          label,
          isCurrent: at === '' ? path === '' : path.startsWith(at),
        })),
        actionHref: (action: ActionForm['action']) =>
          links.admin(typeof action === 'string' ? `/do/${action}` : action.path),
        back: path,
        logOutHref: links.admin('/logout'),
      },
      { words: wordsOf('en'), links, languages: [] },
    ),
  );
}

/** With every value as the text that is shown. */
function writeSection(section: Section) {
  switch (section.type) {
    case 'figures':
      return {
        ...section,
        // Where there is none, nothing is good or bad.
        figures: section.figures.map(({ tone, ...figure }) => ({
          ...figure,
          tone: figure.value === 0 ? 'dim' : tone,
          value: writeValue(figure.value),
        })),
      };
    case 'facts':
      return { ...section, facts: section.facts.map(([name, cell]) => ({ name, cell: writeCell(cell) })) };
    case 'table':
      return { ...section, rows: section.rows.map((row) => row.map(writeCell)) };
    case 'bars':
      return { ...section, drawn: drawBars(section.bars) };
    default:
      return section;
  }
}

function writeCell(cell: Cell): { text: string; href?: string | undefined; tone?: Tone | undefined } {
  const isPlain = cell === null || typeof cell !== 'object' || cell instanceof Date;
  return isPlain ? { text: writeValue(cell) } : { ...cell, text: writeValue(cell.text) };
}

function writeValue(value: Value): string {
  if (value === null || value === '') return '–';
  if (value instanceof Date) return `${value.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return typeof value === 'number' ? value.toLocaleString('en') : String(value);
}

export const perPage = 50;

/** Of `perPage + 1` that were found those that a page shows, and the way to the next ones: null on the last page. */
export function cutPage<Row>(
  found: Row[],
  {
    href,
    query,
    next,
  }: {
    href: string;
    query: Record<string, string | undefined>;
    next: (last: Row) => { name: string; value: string };
  },
): { shown: Row[]; olderHref: string | null } {
  const shown = found.slice(0, perPage);
  const last = shown.at(-1);
  if (found.length <= perPage || last === undefined) return { shown, olderHref: null };
  const { name, value } = next(last);
  const kept = Object.entries(query).filter(([given, text]) => text && given !== name);
  const all: [string, string | undefined][] = [...kept, [name, value]];
  return { shown, olderHref: all.reduce((url, [key, text]) => addToQuery(url, key, text ?? ''), href) };
}

// A library at Zotero among the papers that a reader likes: its papers stand in its place, as if they had been pasted.
import type { Request, RequestHandler } from 'express';
import { readLibrary } from '../../library/read-library.ts';
import {
  readZoteroAddress,
  type ZoteroAddress,
  type ZoteroAnswer,
  type ZoteroTrouble,
  zoteroTroubles,
} from '../../library/zotero-library.ts';
import { writeZoteroTrouble } from '../../subscribers/preferences/zotero-troubles.ts';
import type { WebDeps } from './deps.ts';
import { readSources } from './limits/rate-limits.ts';
import { readTexts } from './read-body.ts';

type Deps = Pick<WebDeps, 'zotero' | 'budgets' | 'config'>;

type Budgets = Record<'source' | 'all', { name: string; points: number; seconds: number }>;

/**
 * How often they may be asked for, for one visitor and for all of them: they are asked at a foreign house. A preview follows what
 * is typed, and takes nothing from those who send their form.
 */
const budgets: Record<'sent' | 'preview', Budgets> = {
  sent: {
    source: { name: 'zotero', points: 10, seconds: 600 },
    all: { name: 'zotero-all', points: 300, seconds: 3600 },
  },
  preview: {
    source: { name: 'zotero-preview', points: 5, seconds: 600 },
    all: { name: 'zotero-preview-all', points: 150, seconds: 3600 },
  },
};
/** In one library. */
const mostLibraries = 3;

export const zoteroTroubleField = 'libraryZotero';

/** Of a form: what stands in the box is kept where one could not be read, and `libraryZotero` says why. */
export function expandZoteroInForm(deps: Deps): RequestHandler {
  return async (request, _response, next) => {
    delete request.body[zoteroTroubleField];
    const texts = readTexts(request.body.library);
    const expanded = await expandZotero(deps, texts, { request, of: budgets.sent });
    if (expanded.type === 'trouble') request.body[zoteroTroubleField] = expanded.trouble;
    if (expanded.type === 'papers') request.body.library = expanded.papers.join('\n');
    next();
  };
}

/** Of what is typed so far, without a trouble that passes once the form is sent: what it chooses, to be shown only. */
export async function expandZoteroInQuery(deps: Deps, request: Request): Promise<Request['query']> {
  const { [zoteroTroubleField]: _, ...query } = request.query;
  const expanded = await expandZotero(deps, readTexts(query.library), { request, of: budgets.preview });
  if (expanded.type === 'papers') return { ...query, library: expanded.papers.join('\n') };
  if (expanded.type === 'untouched' || expanded.trouble === 'busy') return query;
  return { ...query, library: '', [zoteroTroubleField]: expanded.trouble };
}

/** Of the API: a problem of the field. */
export function expandZoteroInJson(deps: Deps): RequestHandler {
  return async (request, _response, next) => {
    const { library } = request.body;
    const isList = Array.isArray(library) && library.every((text) => typeof text === 'string');
    if (!isList) return next();
    const expanded = await expandZotero(deps, library, { request, of: budgets.sent });
    if (expanded.type === 'trouble') request.body.library = [writeZoteroTrouble(expanded.trouble)];
    if (expanded.type === 'papers') request.body.library = expanded.papers;
    next();
  };
}

export function readZoteroTrouble(sent: unknown): ZoteroTrouble | null {
  return zoteroTroubles.find((trouble) => trouble === sent) ?? null;
}

/** Who asks, and of what it is taken. */
type Spent = { request: Request; of: Budgets };

type Expanded =
  | { type: 'untouched' }
  | { type: 'papers'; papers: string[] }
  | { type: 'trouble'; trouble: ZoteroTrouble };

async function expandZotero(deps: Deps, texts: readonly string[], spent: Spent): Promise<Expanded> {
  if (!texts.some((text) => /zotero\.org\//i.test(text))) return { type: 'untouched' };
  const lines = texts.flatMap((text) => text.split(/\r\n|\r|\n/));
  const addresses = lines.map(readZoteroAddress);
  const asked = addresses.filter((address) => address !== null);
  if (asked.length === 0) return { type: 'untouched' };
  if (asked.length > mostLibraries) return { type: 'trouble', trouble: 'busy' };
  // Read by itself: it may be BibTeX.
  const papers = readLibrary(lines.filter((_, at) => addresses[at] === null).join('\n'));
  for (const address of asked) {
    if (typeof address === 'string') return { type: 'trouble', trouble: address };
    const answer = await readZotero(deps, address, spent);
    if (answer.type === 'trouble') return answer;
    papers.push(...answer.papers);
  }
  return { type: 'papers', papers: [...new Set(papers)] };
}

async function readZotero(
  { zotero, budgets: ledger, config }: Deps,
  address: ZoteroAddress,
  { request, of }: Spent,
): Promise<ZoteroAnswer> {
  const known = zotero.recall(address);
  if (known !== null) return known;
  const granted = await ledger.spend([
    { budget: of.source, key: readSources(request, config.trustProxy).address },
    { budget: of.all, key: 'all' },
  ]);
  return granted.isGranted ? zotero.read(address) : { type: 'trouble', trouble: 'busy' };
}

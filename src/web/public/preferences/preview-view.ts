// "Your digest today": what the choices in a form would bring, as the page shows it.
import { previewDigest } from '../../../digests/reader-papers.ts';
import { say, type Words } from '../../../languages/words.ts';
import { parseQuery } from '../../../matching/query/query.ts';
import { findQueryHint } from '../../../matching/query/query-hints.ts';
import { parsePreferences } from '../../../subscribers/preferences/parse-preferences.ts';
import { wishes } from '../../../subscribers/preferences/preferences.ts';
import type { Topics } from '../../../topics/store.ts';
import type { PageDeps } from '../../http/deps.ts';
import { listKnownTopicIds } from '../../http/known-topics.ts';
import type { Page } from '../../http/open-page.ts';
import { readTexts } from '../../http/read-body.ts';
import { type PaperView, viewPaper } from '../paper-view.ts';
import { type FormBody, readPreferenceFields } from './read-preferences.ts';

export type PreviewView =
  /** Nothing is chosen yet. */
  | { type: 'empty' }
  | { type: 'problems'; messages: string[] }
  /** No listing was imported yet. */
  | { type: 'nothing-listed' }
  | { type: 'nothing-matched'; day: string; hints: string[] }
  | { type: 'digest'; day: string; hints: string[]; matched: number; first: PaperView[]; more: PaperView[] };

const shownAtOnce = 4;

const lookedAt = [...wishes, 'library', 'about', 'maxAlike'] as const;

const isGiven = (value: unknown) => (Array.isArray(value) ? value.length > 0 : value !== '');

/** Looks at what is wanted and what is not: the rest of the form may still be wrong or empty. */
export async function viewPreview(
  { topics, ...deps }: Pick<PageDeps, 'db' | 'matches' | 'now'> & { topics: Topics },
  { words, links }: Page,
  body: FormBody,
): Promise<PreviewView> {
  const sent = readPreferenceFields(body);
  const fields = Object.fromEntries(
    lookedAt.flatMap((name) => (sent[name] === undefined ? [] : [[name, sent[name]]])),
  );
  if (!Object.entries(fields).some(([name, value]) => name !== 'maxAlike' && isGiven(value)))
    return { type: 'empty' };
  const parsed = parsePreferences(fields, {
    topicIds: listKnownTopicIds(topics),
    now: deps.now(),
  });
  if (parsed.type === 'invalid')
    return { type: 'problems', messages: parsed.problems.map((problem) => say(words, problem.words)) };

  const { date, digest } = await previewDigest({ ...deps, topicNames: topics.names }, parsed.preferences);
  if (date === null) return { type: 'nothing-listed' };
  const day = words.days.full(date);
  const hints = listHints(readTexts(sent.keywords), words);
  if (digest === null || digest.picks.length === 0) return { type: 'nothing-matched', day, hints };
  const papers = digest.picks.map(({ paper, reasons }) => viewPaper(paper, { links, words, reasons }));
  return {
    type: 'digest',
    day,
    hints,
    matched: digest.matched,
    first: papers.slice(0, shownAtOnce),
    more: papers.slice(shownAtOnce),
  };
}

/** Of lines that are read, and rarely mean what was typed. */
function listHints(keywords: readonly string[], words: Words): string[] {
  return keywords.flatMap((typed) => {
    const parsed = parseQuery(typed);
    const hint = parsed.type === 'query' ? findQueryHint(typed, parsed.query) : null;
    return hint === null ? [] : say(words, hint);
  });
}

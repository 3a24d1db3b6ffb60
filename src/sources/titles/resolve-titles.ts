// Papers that were listed without an id get that of the one paper with their title. Killed anywhere, it is taken up again.
import { importTimes } from '../../papers/import-listing.ts';
import { findPaper } from '../../papers/store.ts';
import { giveIdentity } from '../../papers/unite-papers.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { claimLookup, countTry, putOff } from './lookup-store.ts';
import type { TitleSearch } from './title-search.ts';

export type ResolvedTitles = {
  asked: number;
  found: number;
  /** Why it ended before all were asked for; null otherwise. */
  trouble: string | null;
};

const putOffMs = 60 * 60_000;
/** So many questions in a row without an answer: the service is down. */
const mostFailures = 3;

/** Asks for every title that is due, one after the other. */
export async function resolveTitles(
  { db, search, now }: { db: Db; search: TitleSearch; now: () => Date },
  signal: AbortSignal,
): Promise<ResolvedTitles> {
  const result: ResolvedTitles = { asked: 0, found: 0, trouble: null };
  let failures = 0;
  while (!signal.aborted) {
    const lookup = await claimLookup(db, now());
    if (lookup === null) break;
    const paper = await findPaper(db, lookup.seq);
    if (paper === null) continue;
    const { title, authorsCount, publishedOn } = paper;
    const answer = await search.find({ title, authorsCount, publishedOn, attempt: lookup.tries }, signal);
    result.asked += 1;
    failures = answer.type === 'failed' ? failures + 1 : 0;
    if (answer.type === 'found') {
      await db.$transaction((tx) => giveIdentity(tx, { seq: lookup.seq, found: answer.paper }), importTimes);
      result.found += 1;
    } else if (answer.type === 'none' || answer.isFinal) await countTry(db, lookup, now());
    else await putOff(db, { seq: lookup.seq, until: new Date(now().getTime() + putOffMs) });
    if (answer.type === 'failed' && failures === mostFailures) return { ...result, trouble: answer.reason };
  }
  return result;
}

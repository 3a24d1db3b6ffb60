// What a source answered becomes papers and the end of the fetch's record, both in one transaction.

import { importTimes } from '../papers/import-listing.ts';
import { mostListedPapers, type Paper } from '../papers/paper.ts';
import { lockImports, markWithdrawn, storeListing, storePapers } from '../papers/store.ts';
import type { Db, Prisma } from '../platform/postgres/db.ts';
import {
  countFailures,
  type Fetch,
  type FetchResult,
  findFetchByUrl,
  findListedBefore,
  findMostRepeated,
  findSameBatch,
  finishFetch,
  getFetch,
} from './fetch-store.ts';
import type { Source, SourceAnswer } from './source.ts';
import { dayAt, findNextTryOf, findRetryTime } from './timetable.ts';

export type FetchDeps = { db: Db; now: () => Date; random: () => number };

/** Stores what the source answered, and ends the record of the fetch with it. Papers that are no news come in no digest. */
export async function recordAnswer(
  { db, now, random }: FetchDeps,
  source: Source,
  { id, answer, isNews = true }: { id: bigint; answer: SourceAnswer; isNews?: boolean },
): Promise<Fetch> {
  await db.$transaction(async (tx) => {
    const found = await storeAnswer(tx, source, { answer, isNews });
    const nextTryAt = await findNextTime(tx, { source, answer, outcome: found.outcome, now: now(), random });
    await finishFetch(tx, { id, result: { ...found, nextTryAt }, now: now() });
  }, importTimes);
  return getFetch(db, id);
}

type Found = Omit<FetchResult, 'nextTryAt'>;

const nothing = { new: 0, known: 0, updated: 0, reason: null, warnings: [], validators: null };

async function storeAnswer(
  tx: Prisma.TransactionClient,
  source: Source,
  { answer, isNews }: { answer: SourceAnswer; isNews: boolean },
): Promise<Found> {
  switch (answer.type) {
    case 'papers':
      return storeBatch(tx, { ...answer, isNews });
    case 'empty':
    case 'stale': {
      const { type, reason, validators } = answer;
      if (answer.type === 'empty') await markWithdrawn(tx, answer.withdrawn ?? []);
      const warnings = answer.type === 'empty' ? answer.warnings : [];
      return { ...nothing, outcome: type, reason, warnings, validators };
    }
    case 'failed':
      return { ...nothing, outcome: 'failed', reason: answer.reason };
    case 'unchanged':
      return repeatOutcome(tx, source, answer);
  }
}

async function storeBatch(
  tx: Prisma.TransactionClient,
  {
    papers: answered,
    onlyOnce = [],
    isRolling,
    incomplete,
    withdrawn = [],
    day,
    listing,
    validators,
    isNews,
    ...answer
  }: Extract<SourceAnswer, { type: 'papers' }> & { isNews: boolean },
): Promise<Found> {
  const papers = answered.slice(0, mostListedPapers);
  const cut = `only the first ${mostListedPapers} of ${answered.length} papers are taken: no day has so many`;
  const warnings = answered.length > papers.length ? [cut, ...answer.warnings] : answer.warnings;
  await lockImports(tx);
  const { stored, added, updated } = await storePapers(tx, { papers, date: day, isNews });
  await markWithdrawn(tx, withdrawn);
  const counts = { new: added.length, known: stored.length - added.length, updated: updated.length };
  if (isRolling) return storeRolling(tx, { stored, counts, day, listing, warnings, validators });
  // A feed that was not made anew can carry a fresh date all the same.
  const seqs = stored.map(({ seq }) => seq);
  const sameDay = added.length > 0 ? null : await findSameBatch(tx, { listing, day, seqs });
  if (sameDay !== null) {
    return {
      ...counts,
      outcome: 'stale',
      reason: `these are exactly the papers of ${sameDay}`,
      warnings,
      validators,
    };
  }
  const old = await findOldPart(tx, { onlyOnce, stored, listing, day });
  if (old !== null) {
    // What came new beside it is not held back; the rest of the day is still to come.
    const addedSeqs = new Set(added.map(({ seq }) => seq));
    const fresh = stored.filter(({ seq }) => addedSeqs.has(seq) || !old.seqs.has(seq));
    await storeListing(tx, { source: listing, date: day, papers: fresh });
    return { ...counts, outcome: 'stale', reason: old.reason, warnings, validators };
  }
  await storeListing(tx, { source: listing, date: day, papers: stored });
  return incomplete === undefined
    ? { ...counts, outcome: 'ok', reason: null, warnings, validators }
    : { ...counts, outcome: 'stale', reason: incomplete, warnings, validators };
}

async function storeRolling(
  tx: Prisma.TransactionClient,
  {
    stored,
    counts,
    day,
    listing,
    warnings,
    validators,
  }: Pick<Found, 'warnings' | 'validators'> & {
    stored: Paper[];
    counts: Pick<Found, 'new' | 'known' | 'updated'>;
    day: string;
    listing: string;
  },
): Promise<Found> {
  const before = await findListedBefore(tx, { listing, day, seqs: stored.map(({ seq }) => seq) });
  const papers = stored.filter(({ seq }) => !before.has(seq));
  if (papers.length === 0)
    return { ...counts, outcome: 'empty', reason: 'nothing new', warnings, validators };
  await storeListing(tx, { source: listing, date: day, papers });
  return { ...counts, outcome: 'ok', reason: null, warnings, validators };
}

/** The parts of which more than half stood in one earlier listing; null when all were made anew. */
async function findOldPart(
  tx: Prisma.TransactionClient,
  {
    onlyOnce,
    stored,
    listing,
    day,
  }: { onlyOnce: { name: string; keys: string[] }[]; stored: Paper[]; listing: string; day: string },
): Promise<{ seqs: Set<number>; reason: string } | null> {
  const seqOf = new Map(stored.map(({ key, seq }) => [key, seq]));
  const reasons: string[] = [];
  const old = new Set<number>();
  for (const { name, keys } of onlyOnce) {
    const seqs = keys.flatMap((key) => seqOf.get(key) ?? []);
    const before = await findMostRepeated(tx, { listing, day, seqs });
    if (before === null || before.seqs.length * 2 <= seqs.length) continue;
    for (const seq of before.seqs) old.add(seq);
    reasons.push(`${before.seqs.length} of ${seqs.length} new ones of ${name} are those of ${before.day}`);
  }
  return reasons.length === 0 ? null : { seqs: old, reason: reasons.join('; ') };
}

/** The server says that nothing has changed: then the outcome has not either, unless it was another day's. */
async function repeatOutcome(
  tx: Prisma.TransactionClient,
  source: Source,
  { url, day }: Extract<SourceAnswer, { type: 'unchanged' }>,
): Promise<Found> {
  const before = await findFetchByUrl(tx, { source: source.id, url });
  if (before === null || before.outcome === null || before.outcome === 'failed') {
    throw new Error(`${url} is unchanged since nobody knows when`);
  }
  const { validators, outcome } = before;
  if (before.day !== day) {
    return { ...nothing, outcome: 'stale', reason: `nothing has changed since ${before.day}`, validators };
  }
  const known = before.new + before.known;
  return {
    ...nothing,
    outcome,
    known,
    reason: before.reason ?? 'nothing has changed since the last fetch',
    validators,
  };
}

async function findNextTime(
  tx: Prisma.TransactionClient,
  {
    source,
    answer,
    outcome,
    now,
    random,
  }: { source: Source; answer: SourceAnswer; outcome: Found['outcome']; now: Date; random: () => number },
): Promise<Date | null> {
  const { day } = answer;
  if (source.timetable === null) return null;
  if (outcome !== 'failed') return findNextTryOf(source.timetable, { day, outcome, now });
  if (answer.type !== 'failed') return null;
  // Only its own server knows when a day begins: what is refused this morning may be answered tonight.
  if (answer.isFinal && day !== dayAt(source.timetable, now)) return null;
  const failures = 1 + (await countFailures(tx, { source: source.id, day }));
  return findRetryTime({ failures, retryAfterMs: answer.retryAfterMs, now, random });
}

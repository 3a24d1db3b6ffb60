// What the ledger keeps of a digest's content: enough to show it again, as its reader got it.

import type { Digest, Pick, Reason } from '../../digests/digest.ts';
import { organizationKey } from '../../papers/organizations.ts';
import { listPicks, type StoredReason, storeReasons } from '../../papers/pick-store.ts';
import { findPapers } from '../../papers/store.ts';
import type { Db } from '../../platform/postgres/db.ts';

/** The ids of the reasons that each digest is kept as. */
export type PickRegister = (digests: Digest[]) => Promise<Map<Digest, number[]>>;

type Entry = { paper: Pick['paper']; reason: Reason | null };

/**
 * Remembers what it stored. Papers and the words that speak for them are the same objects for all readers of an edition,
 * so that most batches ask the database nothing.
 */
export function createPickRegister({ db }: { db: Db }): PickRegister {
  const known = new WeakMap<Pick['paper'], Map<object, number>>();
  const findId = (entry: Entry) => known.get(entry.paper)?.get(keyOf(entry));

  function remember(entry: Entry, id: number): void {
    const ids = known.get(entry.paper) ?? new Map<object, number>();
    known.set(entry.paper, ids.set(keyOf(entry), id));
  }

  return async (digests) => {
    const entries = new Map(digests.map((digest) => [digest, digest.picks.flatMap(listEntries)]));
    const news = [...entries.values()].flat().filter((entry) => findId(entry) === undefined);
    const ids = await storeReasons(
      db,
      news.map(({ paper, reason }) => ({ seq: paper.seq, reason: reason && toStoredReason(reason) })),
    );
    for (const [index, id] of ids.entries()) {
      const entry = news[index];
      if (entry !== undefined) remember(entry, id);
    }
    return new Map(
      [...entries].map(([digest, list]) => [digest, list.flatMap((entry) => findId(entry) ?? [])]),
    );
  };
}

/** In the digest's order: those of one paper follow each other. */
function listEntries({ paper, reasons }: Pick): Entry[] {
  return reasons.length === 0 ? [{ paper, reason: null }] : reasons.map((reason) => ({ paper, reason }));
}

const noReason = {};

/** Among the reasons of one paper. */
function keyOf({ reason }: Entry): object {
  return reason?.because ?? noReason;
}

/** A digest as it was sent, of the papers that are still there; null when none is. */
export async function readStoredDigest(
  db: Db,
  { id, edition, topicNames }: { id: bigint; edition: string; topicNames: ReadonlyMap<string, string> },
): Promise<Digest | null> {
  const row = await db.delivery.findFirst({ where: { id }, select: { picks: true } });
  const [stored = []] = await listPicks(db, [row?.picks ?? []]);
  const papers = await findPapers(
    db,
    stored.map(({ seq }) => seq),
  );
  const picks = stored.flatMap(({ seq, because }): Pick[] => {
    const paper = papers.get(seq);
    if (paper === undefined || paper.isWithdrawn === true) return [];
    return [{ paper, score: 0, reasons: because.map((reason) => readReason(reason, topicNames)) }];
  });
  return picks.length === 0 ? null : { edition, picks, matched: picks.length };
}

/** Scores are not looked at any more: the reasons come in their order. */
export function readReason(
  { topic, query, organization, author, like, words }: StoredReason,
  topicNames: ReadonlyMap<string, string>,
): Reason {
  if (organization !== undefined) {
    const key = organizationKey(organization);
    return { type: 'organization', key, name: organization, score: 0, because: [] };
  }
  if (author !== undefined) return { type: 'author', author, name: author, score: 0, because: [] };
  if (like !== undefined) return { type: 'alike', like, score: 0, because: words };
  if (query !== undefined) return { type: 'query', query, score: 0, because: words };
  return {
    type: 'topic',
    id: topic ?? '',
    name: topicNames.get(topic ?? '') ?? topic ?? '',
    score: 0,
    because: words,
  };
}

function toStoredReason(reason: Reason): StoredReason {
  switch (reason.type) {
    case 'topic':
      return { topic: reason.id, words: reason.because };
    case 'query':
      return { query: reason.query, words: reason.because };
    case 'organization':
      return { organization: reason.name, words: reason.because };
    case 'author':
      return { author: reason.name, words: reason.because };
    case 'alike':
      return { like: reason.like, words: reason.because };
  }
}

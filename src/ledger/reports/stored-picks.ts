// What the ledger keeps of a digest's content: enough to show it again, as its reader got it.

import type { Digest, Pick, Reason } from '../../digests/digest.ts';
import { type StoredReason, storeReasons } from '../../papers/pick-store.ts';
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

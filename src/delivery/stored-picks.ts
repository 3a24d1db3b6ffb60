// What the ledger keeps of a digest's content: enough to show it again, as its reader got it.
import type { Digest, Reason } from '../digests/digest.ts';

/** Without `because` it was one of the top papers of a day on which nothing matched. */
export type StoredPick = {
  seq: number;
  because: { topic?: string; query?: string; organization?: string; words: string[] }[];
};

export function toStoredPicks({ picks }: Digest): StoredPick[] {
  return picks.map(({ paper, reasons }) => ({ seq: paper.seq, because: reasons.map(toStoredReason) }));
}

function toStoredReason(reason: Reason): StoredPick['because'][number] {
  switch (reason.type) {
    case 'topic':
      return { topic: reason.id, words: reason.because };
    case 'query':
      return { query: reason.query, words: reason.because };
    case 'organization':
      return { organization: reason.name, words: reason.because };
  }
}

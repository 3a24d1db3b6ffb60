// One reader as an operator sees them: who they are, what came on their last days and why, and the digest they would get now.
import { type ChosenDigest, chooseNextDigest } from '../../digests/choose-digest.ts';
import type { Reason } from '../../digests/digest.ts';
import type { MatchFinder } from '../../digests/match-finder.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { Subscriber } from '../../subscribers/subscriber.ts';
import { findSuppression } from '../../subscribers/suppressions/suppression-store.ts';
import { addDays, dayIn, laterOf } from '../../text/days.ts';
import { findFirstDay, listDayStories, type ToldDay } from './day-stories.ts';

export type ShownSubscriber = {
  subscriber: Omit<Subscriber, 'votes'>;
  suppression: { cause: string; reason: string; createdAt: Date } | null;
  /** The newest first, and none of who never confirmed; `deliveryId` where the ledger has the day. */
  history: (Omit<ToldDay, 'edition'> & { deliveryId: bigint | null })[];
  /** What a digest that is planned now would hold; null for who gets none. */
  next: NextDigest | null;
};

export type NextDigest = {
  /** In their time zone. */
  day: string;
  dueAt: Date | null;
  /** `no_papers`: nothing is new since their last one; `no_match`: nothing of it is what they follow. */
  holds: 'matches' | 'top' | 'no_papers' | 'no_match';
  /** All that matched, those beyond the limit included. */
  matched: number;
  papers: { seq: number; title: string; score: number; because: string[] }[];
};

export async function showReader(
  { db, matches, now }: { db: Db; matches: MatchFinder; now: () => Date },
  { reader, days }: { reader: Subscriber; days: number },
): Promise<ShownSubscriber> {
  const { timeZone } = reader.preferences;
  const today = dayIn(timeZone, now());
  const told =
    reader.confirmedAt === null
      ? []
      : await listDayStories(
          { db, now },
          {
            subscriber: reader,
            from: laterOf(findFirstDay(reader), addDays(today, 1 - days)),
            to: today,
          },
        );
  // What somebody thinks of single papers is nobody else's business.
  const { votes: _, ...subscriber } = reader;
  return {
    subscriber,
    suppression: await findSuppression(db, reader.email),
    history: told.map(({ edition, ...rest }) => ({ ...rest, deliveryId: edition?.id ?? null })),
    next: await chooseNext({ db, matches, now }, reader),
  };
}

/** Null for who gets none. */
export async function chooseNext(
  { db, matches, now }: { db: Db; matches: MatchFinder; now: () => Date },
  reader: Subscriber,
): Promise<NextDigest | null> {
  if (reader.status !== 'active') return null;
  const day = dayIn(reader.preferences.timeZone, reader.nextDigestAt ?? now());
  const chosen = await chooseNextDigest({ db, matches }, { subscriber: reader, day });
  return viewNext(chosen, { day, dueAt: reader.nextDigestAt });
}

function viewNext(chosen: ChosenDigest, when: Pick<NextDigest, 'day' | 'dueAt'>): NextDigest {
  if (chosen.type === 'nothing') return { ...when, holds: chosen.code, matched: 0, papers: [] };
  const { digest, holds } = chosen;
  return {
    ...when,
    holds,
    matched: digest.matched,
    papers: digest.picks.map(({ paper: { seq, title }, score, reasons }) => ({
      seq,
      title,
      score,
      because: reasons.map((reason) => `${nameReason(reason)}${writeWords(reason)}`),
    })),
  };
}

function nameReason(reason: Reason): string {
  if (reason.type === 'alike') return reason.like === null ? 'like their own words' : `like *${reason.like}*`;
  return reason.type === 'query' ? `“${reason.query}”` : reason.name;
}

function writeWords({ because }: { because: readonly string[] }): string {
  return because.length === 0 ? '' : `: ${because.join(', ')}`;
}

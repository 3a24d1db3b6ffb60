// `subscribers show`: who somebody is, what came on their last days and why, and the digest that they would get now.
import type { ChosenDigest } from '../digests/choose-digest.ts';
import type { ToldDay } from '../ledger/day-stories.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import { addDays, dayIn, laterOf } from '../text/days.ts';
import { getReader } from './find-reader.ts';
import { openDb, type Surroundings } from './run.ts';

export type ShownSubscriber = {
  subscriber: Omit<Subscriber, 'votes'>;
  suppression: { cause: string; reason: string; createdAt: Date } | null;
  /** The newest first; `deliveryId` where the ledger has the day. */
  history: (Omit<ToldDay, 'edition'> & { deliveryId: bigint | null })[];
  /** What a digest that is planned now would hold; null for who gets none. */
  next: NextDigest | null;
};

type NextDigest = {
  /** In their time zone. */
  day: string;
  dueAt: Date | null;
  /** `no_papers`: nothing is new since their last one; `no_match`: nothing of it is what they follow. */
  holds: 'matches' | 'top' | 'no_papers' | 'no_match';
  /** All that matched, those beyond the limit included. */
  matched: number;
  papers: { seq: number; title: string; score: number; because: string[] }[];
};

export async function showSubscriber(
  surroundings: Surroundings,
  { who, days }: { who: string; days: number },
): Promise<ShownSubscriber> {
  const [{ chooseNextDigest }, { createMatchFinder }, { listDayStories }, { findSuppression }] =
    await Promise.all([
      import('../digests/choose-digest.ts'),
      import('../digests/match-finder.ts'),
      import('../ledger/day-stories.ts'),
      import('../subscribers/suppression-store.ts'),
    ]);
  const db = await openDb(surroundings);
  const reader = await getReader(db, who);
  const now = () => new Date();
  const { timeZone } = reader.preferences;
  const today = dayIn(timeZone, now());
  const since = dayIn(timeZone, reader.confirmedAt ?? reader.createdAt);
  const told = await listDayStories(
    { db, now },
    { subscriber: reader, from: laterOf(since, addDays(today, 1 - days)), to: today },
  );
  // What somebody thinks of single papers is nobody else's business.
  const { votes: _, ...subscriber } = reader;
  const day = dayIn(timeZone, reader.nextDigestAt ?? now());
  const matches = createMatchFinder({ db });
  return {
    subscriber,
    suppression: await findSuppression(db, reader.email),
    history: told.map(({ edition, ...rest }) => ({ ...rest, deliveryId: edition?.id ?? null })),
    next:
      reader.status === 'active'
        ? viewNext(await chooseNextDigest({ db, matches }, { subscriber: reader, day }), {
            day,
            dueAt: reader.nextDigestAt,
          })
        : null,
  };
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
      because: reasons.map(
        (reason) => `${'query' in reason ? `“${reason.query}”` : reason.name}${writeWords(reason)}`,
      ),
    })),
  };
}

function writeWords({ because }: { because: readonly string[] }): string {
  return because.length === 0 ? '' : `: ${because.join(', ')}`;
}

export function describeSubscriber({ subscriber, suppression, history, next }: ShownSubscriber): string {
  const { preferences: wanted } = subscriber;
  const instant = (at: Date | null) => (at === null ? null : at.toISOString());
  const facts: [string, string | null][] = [
    ['id', subscriber.id],
    ['status', subscriber.status],
    ['suppressed', suppression && `${suppression.cause}: ${suppression.reason}`],
    ['signed up', instant(subscriber.createdAt)],
    ['confirmed', instant(subscriber.confirmedAt)],
    ['left', instant(subscriber.unsubscribedAt)],
    ['next digest', instant(subscriber.nextDigestAt)],
    [
      'schedule',
      `${wanted.days.join(' ')} at ${wanted.hour}:00 ${wanted.timeZone}${wanted.pausedUntil === null ? '' : `, paused until ${wanted.pausedUntil}`}`,
    ],
    ['topics', wanted.topics.join(', ') || null],
    ['keywords', wanted.keywords.join('; ') || null],
    ['organizations', wanted.organizations.join('; ') || null],
    ['authors', wanted.authors.join('; ') || null],
    ['never', [...wanted.excludedTopics, ...wanted.excludedKeywords].join('; ') || null],
  ];
  return [
    subscriber.email,
    ...facts.flatMap(([name, value]) => (value === null ? [] : [`  ${name.padEnd(13)}  ${value}`])),
    ...(history.length === 0 ? [] : ['', 'The last days']),
    ...history.map(({ day, story, deliveryId }) => {
      const { type, ...details } = story;
      const words = Object.values(details)
        .flat()
        .filter((value) => value !== null);
      const more = [...(deliveryId === null ? [] : [`delivery ${deliveryId}`]), ...words].join(', ');
      return `  ${day}  ${type.padEnd(15)}${more === '' ? '' : `  ${more}`}`;
    }),
    ...(next === null ? [] : ['', describeNext(next)]),
    ...(next?.papers ?? []).map(
      ({ title, because }) => `  ${title}${because.length === 0 ? '' : `\n    ${because.join('; ')}`}`,
    ),
    '',
  ].join('\n');
}

function describeNext({ day, holds, matched, papers }: NextDigest): string {
  switch (holds) {
    case 'matches':
      return `A digest now, for ${day}: ${papers.length} of ${matched} papers that match`;
    case 'top':
      return `A digest now, for ${day}: nothing matches, so the top papers`;
    case 'no_papers':
      return `A digest now, for ${day}: none, nothing is new since the last one`;
    case 'no_match':
      return `A digest now, for ${day}: none, nothing that is new matches`;
  }
}

// `subscribers show`: who somebody is, what came on their last days and why, and the digest that they would get now.
import { sayStory } from '../ledger/reports/say-story.ts';
import type { NextDigest, ShownSubscriber } from '../ledger/reports/show-reader.ts';
import { getReader } from './find-reader.ts';
import { openDb, type Surroundings } from './run.ts';

export async function showSubscriber(
  surroundings: Surroundings,
  { who, days }: { who: string; days: number },
): Promise<ShownSubscriber> {
  const [{ createMatchFinder }, { showReader }] = await Promise.all([
    import('../digests/match-finder.ts'),
    import('../ledger/reports/show-reader.ts'),
  ]);
  const db = await openDb(surroundings);
  const reader = await getReader(db, who);
  return showReader({ db, matches: createMatchFinder({ db }), now: () => new Date() }, { reader, days });
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
    ...history.map(
      ({ day, story, deliveryId }) =>
        `  ${day}  ${sayStory(story)}${deliveryId === null ? '' : ` (delivery ${deliveryId})`}`,
    ),
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

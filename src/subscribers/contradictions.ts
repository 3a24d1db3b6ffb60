// What preferences of the right form may still not be: of unknown topics, at odds with themselves, or a pause without end.
import { utcDay } from '../text/days.ts';
import type { Problem } from './preferences.ts';
import { longestPauseDays } from './schedule.ts';
import type { Preferences } from './subscriber.ts';

export function findContradictions(
  preferences: Preferences,
  { topicIds, now }: { topicIds: ReadonlySet<string>; now: Date },
): Problem[] {
  return [
    ...findUnknownTopics(preferences, topicIds),
    ...findDoubleWishes(preferences),
    ...findEndlessPause(preferences, now),
  ];
}

function findUnknownTopics(
  { topics, excludedTopics }: Preferences,
  topicIds: ReadonlySet<string>,
): Problem[] {
  return Object.entries({ topics, excludedTopics }).flatMap(([path, ids]) =>
    ids
      .filter((id) => !topicIds.has(id))
      .map((id) => ({
        path,
        message: `there is no topic “${id}”`,
        words: { key: 'problems.unknownTopic', values: { id } },
      })),
  );
}

/** A pause that nobody remembers is an unsubscribe that nobody asked for. */
function findEndlessPause({ pausedUntil }: Preferences, now: Date): Problem[] {
  const longest = utcDay(new Date(now.getTime() + longestPauseDays * 86_400_000));
  if (pausedUntil === null || pausedUntil <= longest) return [];
  return [
    {
      path: 'pausedUntil',
      message: `is too far away: at most a year, up to ${longest}`,
      words: { key: 'problems.longPause', values: { latest: longest } },
    },
  ];
}

/** What wants and refuses the same, or wants nothing. */
function findDoubleWishes({
  topics,
  keywords,
  organizations,
  excludedTopics,
  excludedKeywords,
}: Preferences): Problem[] {
  const problems: Problem[] = [
    ...excludedTopics
      .filter((id) => topics.includes(id))
      .map(
        (id): Problem => ({
          path: 'excludedTopics',
          message: `“${id}” is both chosen and never wanted`,
          words: { key: 'problems.chosenAndNever', values: { what: id } },
        }),
      ),
    ...excludedKeywords
      .filter((text) => keywords.includes(text))
      .map(
        (text): Problem => ({
          path: 'excludedKeywords',
          message: `“${text}” is both searched for and never wanted`,
          words: { key: 'problems.searchedAndNever', values: { what: text } },
        }),
      ),
  ];
  if (topics.length + keywords.length + organizations.length === 0) {
    problems.push({
      path: 'topics',
      message: 'choose at least one topic, or add a keyword or an organisation',
      words: { key: 'problems.nothingChosen' },
    });
  }
  return problems;
}

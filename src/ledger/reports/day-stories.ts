// What came on each of a reader's days, and where nothing came, why: for the reader's own page, and for an operator.

import type { Db } from '../../platform/postgres/db.ts';
import { listOutcomesBetween } from '../../sources/fetch-store.ts';
import { listPastSchedules } from '../../subscribers/preferences/schedule-store.ts';
import type { Subscriber } from '../../subscribers/subscriber.ts';
import { addDays, dayIn, laterOf } from '../../text/days.ts';
import { type DayStory, explainDay, listEditions, type PastEdition } from './history.ts';

/** `edition` is what the ledger has of the day; undefined: nothing. */
export type ToldDay = { day: string; story: DayStory; edition: PastEdition | undefined };

/** Papers of so many days before reach the first digest. */
const reachDays = 7;

/** From when on days have a story. Who was imported agreed long before, elsewhere: what was listed then was never to come from us. */
export function findFirstDay({
  createdAt,
  confirmedAt,
  preferences: { timeZone },
}: Pick<Subscriber, 'createdAt' | 'confirmedAt' | 'preferences'>): string {
  return laterOf(dayIn(timeZone, createdAt), dayIn(timeZone, confirmedAt ?? createdAt));
}

/** Newest first, both ends included; the days are those of the reader's time zone. */
export async function listDayStories(
  { db, now }: { db: Db; now: () => Date },
  { subscriber, from, to }: { subscriber: Subscriber; from: string; to: string },
): Promise<ToldDay[]> {
  const { id: subscriberId, preferences } = subscriber;
  const earliest = addDays(from, -reachDays);
  const editions = await listEditions(db, { subscriberId, from: earliest, to });
  const outcomes = await listOutcomesBetween(db, { from: earliest, to });
  const pastSchedules = await listPastSchedules(db, subscriberId);
  const days: ToldDay[] = [];
  for (let day = to; day >= from; day = addDays(day, -1)) {
    const edition = editions.get(day);
    const since = listSince(day, (earlier) => editions.has(earlier));
    const story = explainDay({
      day,
      edition,
      outcomes: since.flatMap((each) => outcomes.get(each) ?? []),
      preferences,
      pastSchedules,
      now: now(),
    });
    days.push({ day, story, edition });
  }
  return days;
}

/** The day, and those before it that had no edition: at most a week. */
function listSince(day: string, hadEdition: (day: string) => boolean): string[] {
  const days = [day];
  for (let ago = 1; ago < reachDays && !hadEdition(addDays(day, -ago)); ago += 1)
    days.push(addDays(day, -ago));
  return days;
}

// A reader changes what they get, and when.
import type { Db } from '../../platform/postgres/db.ts';
import type { MailPromises } from '../account/mail-promises.ts';
import {
  findPromisedDay,
  findSubscriber,
  lockSubscriber,
  rescheduleDigest,
  savePreferences,
} from '../store.ts';
import type { Subscriber } from '../subscriber.ts';
import type { Preferences } from './preferences.ts';
import { keepSchedule } from './schedule-store.ts';

/** `preferences` are checked already. Null when there is no such subscriber. */
export async function changePreferences(
  { db, promises, now }: { db: Db; promises: MailPromises; now: () => Date },
  { subscriberId, preferences }: { subscriberId: string; preferences: Preferences },
): Promise<Subscriber | null> {
  return db.$transaction(async (tx) => {
    const before = await lockSubscriber(tx, subscriberId);
    if (before === null) return null;
    const scheduleBefore = writeSchedule(before.preferences);
    const schedule = writeSchedule(preferences);
    if (schedule !== scheduleBefore) await keepSchedule(tx, { id: subscriberId, now: now() });
    const promised = await findPromisedDay(tx, subscriberId);
    await savePreferences(tx, { id: subscriberId, preferences });
    const { hour, timeZone } = before.preferences;
    if (schedule !== scheduleBefore || hour !== preferences.hour || timeZone !== preferences.timeZone) {
      const lastEdition = await promises.findLastEdition(tx, subscriberId);
      await rescheduleDigest(tx, { id: subscriberId, now: now(), promised, lastEdition });
    }
    return findSubscriber(tx, subscriberId);
  });
}

function writeSchedule({ days, pausedUntil }: Preferences): string {
  return `${days.join()} ${pausedUntil}`;
}

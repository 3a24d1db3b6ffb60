// A reader changes what they get, and when.
import type { Db } from '../platform/db.ts';
import { keepRhythm } from './schedule-store.ts';
import {
  findPromisedDay,
  findSubscriber,
  lockSubscriber,
  rescheduleDigest,
  savePreferences,
} from './store.ts';
import type { Preferences, Subscriber } from './subscriber.ts';

/** `preferences` are checked already. Null when there is no such subscriber. */
export async function changePreferences(
  { db, now }: { db: Db; now: () => Date },
  { subscriberId, preferences }: { subscriberId: string; preferences: Preferences },
): Promise<Subscriber | null> {
  return db.$transaction(async (tx) => {
    const before = await lockSubscriber(tx, subscriberId);
    if (before === null) return null;
    const rhythmBefore = writeRhythm(before.preferences);
    const rhythm = writeRhythm(preferences);
    if (rhythm !== rhythmBefore) await keepRhythm(tx, { id: subscriberId, now: now() });
    const promised = await findPromisedDay(tx, subscriberId);
    await savePreferences(tx, { id: subscriberId, preferences });
    const { hour, timeZone } = before.preferences;
    if (rhythm !== rhythmBefore || hour !== preferences.hour || timeZone !== preferences.timeZone) {
      await rescheduleDigest(tx, { id: subscriberId, now: now(), promised });
    }
    return findSubscriber(tx, subscriberId);
  });
}

function writeRhythm({ days, pausedUntil }: Preferences): string {
  return `${days.join()} ${pausedUntil}`;
}

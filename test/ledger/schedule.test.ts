// Days, hour, zone and pause, changed at random moments while the clocks change: against a calendar that knows no SQL.
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { planDigests } from '../../src/ledger/plan.ts';
import { changePreferences } from '../../src/subscribers/preferences/change-preferences.ts';
import type { Preferences } from '../../src/subscribers/preferences/preferences.ts';
import { type Weekday, weekdayOf, weekdays } from '../../src/subscribers/preferences/schedule.ts';
import type { Subscriber } from '../../src/subscribers/subscriber.ts';
import { faultSize } from '../support/fault-sizes.ts';
import { ada, createWorld, type World } from '../support/world.ts';

/** Each with the days before its clocks change, both ways: by half an hour, at midnight, or never. */
const changes: Record<string, [string, string]> = {
  'Europe/Berlin': ['2026-03-25', '2026-10-21'],
  'America/New_York': ['2026-03-04', '2026-10-28'],
  'Australia/Lord_Howe': ['2026-04-01', '2026-09-30'],
  'Africa/Cairo': ['2026-04-20', '2026-10-26'],
  'Asia/Beirut': ['2026-03-25', '2026-10-21'],
  'America/Santiago': ['2026-04-01', '2026-09-02'],
  'Pacific/Apia': ['2026-03-25', '2026-09-23'],
  'Asia/Kathmandu': ['2026-03-25', '2026-10-21'],
};
const zones = Object.keys(changes);

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

let readers = 0;
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

const localDay = (at: Date, zone: string) => DateTime.fromJSDate(at, { zone }).toFormat('yyyy-MM-dd');
const addDays = (day: string, days: number) =>
  new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);

async function editionsOf({ id }: Subscriber): Promise<string[]> {
  const rows = await world.db.delivery.findMany({
    where: { subscriberId: id, kind: 'digest' },
    orderBy: { id: 'asc' },
  });
  return rows.map(({ edition }) => edition?.toISOString().slice(0, 10) ?? '');
}

/** Plans whenever the reader is due, as the minute's sweep would, and leaves the clock at `end`. */
async function planUntil(reader: Subscriber, end: Date): Promise<void> {
  for (;;) {
    const due = (await world.find(reader.email)).nextDigestAt ?? end;
    if (due > end) break;
    await planDigests({ db: world.db, now: new Date(Math.max(due.getTime(), world.clock.now.getTime())) });
  }
  world.clock.now = end;
}

type Settings = { hour: number; zone: string; days: Weekday[]; pausedUntil: string | null };

/** The later one of an hour that comes twice; one that does not come is as late as the gap is long. */
function hourOf(day: string, { hour, zone }: Settings): Date {
  const times = DateTime.fromISO(`${day}T${String(hour).padStart(2, '0')}:00`, { zone }).getPossibleOffsets();
  return new Date(Math.max(...times.map((time) => time.toMillis())));
}

/** Every wanted day after `after`, the last that had a digest, whose hour comes by `to`. */
function listWanted(
  settings: Settings,
  { from, to, after }: { from: Date; to: Date; after: string },
): string[] {
  const wanted: string[] = [];
  for (
    let day = addDays(localDay(from, settings.zone), -2);
    hourOf(day, settings) <= to;
    day = addDays(day, 1)
  )
    if (settings.days.includes(weekdayOf(day)) && day > after && day >= (settings.pausedUntil ?? ''))
      wanted.push(day);
  return wanted;
}

/** The day whose digest is the next one, as long as nothing is changed. */
function findPromised(settings: Settings, { at, after }: { at: Date; after: string }): string {
  const aMonthLater = new Date(at.getTime() + 40 * dayMs);
  const [next] = listWanted(settings, { from: at, to: aMonthLater, after }).filter(
    (day) => hourOf(day, settings) > at,
  );
  return next ?? '9999-12-31';
}

/**
 * What comes between `from`, when these settings begin, and `to`. The day that was `promised` before comes at once when
 * the new hour is over already; of two such days the later one, with the papers of both.
 */
function listPromised(
  settings: Settings,
  { from, to, after, promised }: { from: Date; to: Date; after: string; promised: string },
): string[] {
  const wanted = listWanted(settings, { from, to, after });
  const atOnce = wanted.filter((day) => hourOf(day, settings) <= from && day >= promised);
  return [...atOnce.slice(-1), ...wanted.filter((day) => hourOf(day, settings) > from)];
}

const chosenDays = fc
  .subarray([...weekdays], { minLength: 1 })
  .chain((days) => fc.constantFrom(days, [...weekdays], days.slice(0, 1), weekdays.slice(0, 5)));

const segment = (zone: string) =>
  fc.record({
    hour: fc.constantFrom(0, 1, 2, 3, 7, 23),
    zone: fc.constantFrom(zone, zone, ...zones),
    days: chosenDays,
    pauseDays: fc.constantFrom(null, null, null, 0, 1, 5),
    lastsMinutes: fc.oneof(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 600, max: 6 * 24 * 60 })),
  });

describe('every day that is wanted comes exactly once', () => {
  test.each(zones.flatMap((zone) => (changes[zone] ?? []).map((start) => [zone, start] as const)))(
    'in %s from %s on, whatever is changed on the way, several times a day',
    async (zone, start) => {
      const segments = fc.array(segment(zone), { minLength: 3, maxLength: 8 });
      const property = fc.asyncProperty(
        fc.integer({ min: 0, max: 2000 }),
        segments,
        async (late, changed) => {
          readers += 1;
          world.clock.now = new Date(Date.parse(start) + late * minuteMs);
          let reader = await world.subscribe(`reader${readers}@example.org`, { timeZone: zone });
          let settings: Settings = { hour: 7, zone, days: [...weekdays], pausedUntil: null };
          let expected = await editionsOf(reader);
          for (const { lastsMinutes, pauseDays, ...next } of changed) {
            const from = world.clock.now;
            const after = expected.at(-1) ?? '';
            const promised = findPromised(settings, { at: from, after });
            const pausedUntil = pauseDays === null ? null : addDays(localDay(from, next.zone), pauseDays);
            settings = { ...next, pausedUntil };
            const { hour, days } = settings;
            const preferences = { ...reader.preferences, hour, days, timeZone: next.zone, pausedUntil };
            reader = (await changePreferences(world, { subscriberId: reader.id, preferences })) ?? reader;
            const to = new Date(from.getTime() + lastsMinutes * minuteMs);
            await planUntil(reader, to);
            expected = [...expected, ...listPromised(settings, { from, to, after, promised })];
            expect(await editionsOf(reader)).toEqual(expected);
          }
          await world.db.subscriber.delete({ where: { id: reader.id } });
        },
      );
      await fc.assert(property, { numRuns: 2 * faultSize('INPUTS'), endOnFailure: true });
    },
    120_000,
  );
});

describe('a digest that is due in half an hour', () => {
  const subscribeIn = async (timeZone: string) => {
    world.clock.now = new Date('2026-03-09T06:30:00Z');
    await world.subscribe(ada, { hour: 7, timeZone });
    world.clock.now = new Date('2026-03-10T05:30:00Z');
    return world.find(ada);
  };
  const change = async (reader: Subscriber, changed: Partial<Preferences>) => {
    const preferences = { ...reader.preferences, ...changed };
    return (await changePreferences(world, { subscriberId: reader.id, preferences })) ?? reader;
  };
  const forget = (reader: Subscriber) => world.db.subscriber.delete({ where: { id: reader.id } });

  test('comes at once when its reader moves to where that hour is over, or to an earlier hour', async () => {
    for (const changed of [{ timeZone: 'Europe/Moscow' }, { hour: 5 }]) {
      const reader = await subscribeIn('Europe/Berlin');
      await change(reader, changed);
      await planUntil(reader, new Date('2026-03-10T05:31:00Z'));
      expect(await editionsOf(reader)).toEqual(['2026-03-09', '2026-03-10']);
      await planUntil(reader, new Date('2026-03-11T05:31:00Z'));
      expect(await editionsOf(reader)).toEqual(['2026-03-09', '2026-03-10', '2026-03-11']);
      await forget(reader);
    }
  });

  test('comes once when they move there and back before anybody looked', async () => {
    const reader = await subscribeIn('Europe/Berlin');
    await change(await change(reader, { timeZone: 'Europe/Moscow' }), { timeZone: 'Europe/Berlin' });
    await planUntil(reader, new Date('2026-03-10T12:00:00Z'));
    expect(await editionsOf(reader)).toEqual(['2026-03-09', '2026-03-10']);
    await forget(reader);
  });

  test('of a day they no longer want does not come', async () => {
    const reader = await subscribeIn('Europe/Berlin');
    await change(reader, { hour: 5, days: ['mon'] });
    await planUntil(reader, new Date('2026-03-12T12:00:00Z'));
    expect(await editionsOf(reader)).toEqual(['2026-03-09']);
    await forget(reader);
  });
});

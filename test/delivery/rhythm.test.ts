// Days, hour, zone and pause, changed at random while the clocks change: against a calendar that knows no SQL.
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { planDigests } from '../../src/delivery/plan.ts';
import { changePreferences } from '../../src/subscribers/change-preferences.ts';
import { type Weekday, weekdayOf, weekdays } from '../../src/subscribers/rhythm.ts';
import type { Subscriber } from '../../src/subscribers/subscriber.ts';
import { createWorld, type World } from '../support/world.ts';

const zones = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Asia/Kathmandu',
  'America/Sao_Paulo',
];

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

let readers = 0;
const dayMs = 86_400_000;

/** At half past ten UTC, when no zone above repeats an hour. */
const instant = (day: string) => new Date(`${day}T10:30:00Z`);
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
    await planDigests({ db: world.db, now: due });
  }
  world.clock.now = end;
}

/** Every wanted day whose hour comes between `from` and `to`, after the last day that had a digest. */
function listPromised(
  { hour, zone, days, pausedUntil }: Settings & { pausedUntil: string | null },
  { from, to, after }: { from: Date; to: Date; after: string },
): string[] {
  const promised: string[] = [];
  for (let day = addDays(localDay(from, zone), -1); day <= localDay(to, zone); day = addDays(day, 1)) {
    const at = DateTime.fromISO(`${day}T${String(hour).padStart(2, '0')}:00`, { zone }).toJSDate();
    const isWanted = days.includes(weekdayOf(day)) && day > after && day >= (pausedUntil ?? '');
    if (isWanted && at > from && at <= to) promised.push(day);
  }
  return promised;
}

type Settings = { hour: number; zone: string; days: Weekday[] };

const chosenDays = fc
  .subarray([...weekdays], { minLength: 1 })
  .chain((days) => fc.constantFrom(days, [...weekdays], days.slice(0, 1), weekdays.slice(0, 5)));

const segment = (zone: string) =>
  fc.record({
    hour: fc.constantFrom(0, 1, 2, 3, 7, 23),
    zone: fc.constantFrom(zone, zone, zone, ...zones),
    days: chosenDays,
    pauseDays: fc.constantFrom(null, null, null, 0, 1, 5, 12),
    lasts: fc.integer({ min: 1, max: 18 }),
  });

describe('every day that is wanted comes exactly once', () => {
  test.each(zones.flatMap((zone) => ['2026-03-01', '2026-09-24'].map((start) => [zone, start] as const)))(
    'in %s from %s on, whatever is changed on the way',
    async (zone, start) => {
      const property = fc.asyncProperty(
        fc.array(segment(zone), { minLength: 3, maxLength: 5 }),
        async (segments) => {
          readers += 1;
          world.clock.now = instant(start);
          let expected: string[] = [];
          let reader = await world.subscribe(`reader${readers}@example.org`, { timeZone: zone });
          expected = await editionsOf(reader);
          for (const { lasts, pauseDays, hour, days, zone: timeZone } of segments) {
            const from = world.clock.now;
            const to = new Date(from.getTime() + lasts * dayMs);
            const pausedUntil = pauseDays === null ? null : addDays(localDay(from, timeZone), pauseDays);
            const preferences = { ...reader.preferences, hour, days, timeZone, pausedUntil };
            reader = (await changePreferences(world, { subscriberId: reader.id, preferences })) ?? reader;
            await planUntil(reader, to);
            const after = expected.toSorted().at(-1) ?? '';
            expected = [
              ...expected,
              ...listPromised({ hour, zone: timeZone, days, pausedUntil }, { from, to, after }),
            ];
            expect(await editionsOf(reader)).toEqual(expected);
          }
          await world.db.subscriber.delete({ where: { id: reader.id } });
        },
      );
      await fc.assert(property, { numRuns: 3 });
    },
    120_000,
  );
});

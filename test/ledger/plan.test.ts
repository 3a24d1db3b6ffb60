import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { planDigests, planDueDigests } from '../../src/ledger/plan.ts';
import { changePreferences } from '../../src/subscribers/preferences/change-preferences.ts';
import type { Preferences } from '../../src/subscribers/preferences/preferences.ts';
import { subscribeCrowd } from '../support/crowd.ts';
import { ada, createWorld, grace, type World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld('2026-03-02T09:00:00Z');
});
afterEach(() => world.close());

const planAt = (instant: string) => planDigests({ db: world.db, now: new Date(instant) });

async function editionsOf(email: string): Promise<string[]> {
  const rows = await world.db.delivery.findMany({
    where: { kind: 'digest', subscriber: { emailKey: email } },
    orderBy: { id: 'asc' },
  });
  return rows.map(({ edition }) => edition?.toISOString().slice(0, 10) ?? '');
}

describe('planning', () => {
  test('gives everyone due one digest, and nobody twice', async () => {
    await world.subscribe(ada, { hour: 7, timeZone: 'UTC' });
    await world.subscribe(grace, { hour: 8, timeZone: 'UTC' });
    expect(await planAt('2026-03-03T06:59:59Z')).toBe(0);
    expect(await planAt('2026-03-03T07:00:00Z')).toBe(1);
    expect(await planAt('2026-03-03T07:00:00Z')).toBe(0);
    expect(await planAt('2026-03-03T08:30:00Z')).toBe(1);
    expect(await editionsOf(ada)).toEqual(['2026-03-02', '2026-03-03']);
  });

  test('by two workers at once plans each once', async () => {
    await subscribeCrowd(world.databaseUrl, 30);
    const now = new Date('2026-03-03T07:00:00Z');
    const steps = await Promise.all([1, 2, 3, 4].map(() => planDueDigests(world.db, { now, limit: 10 })));
    const rest = await planDigests({ db: world.db, now });
    expect(steps.reduce((sum, { planned }) => sum + planned, rest)).toBe(30);
    expect(
      await world.db.delivery.count({ where: { kind: 'digest', edition: new Date('2026-03-03') } }),
    ).toBe(30);
  });

  test('of more than a step plans each once', async () => {
    await subscribeCrowd(world.databaseUrl, 30);
    const now = new Date('2026-03-03T07:00:00Z');
    expect(await planDigests({ db: world.db, now, perStep: 4 })).toBe(30);
    expect(await planDigests({ db: world.db, now, perStep: 4 })).toBe(0);
    expect(
      await world.db.delivery.count({ where: { kind: 'digest', edition: new Date('2026-03-03') } }),
    ).toBe(30);
  });

  test('after an outage of days sends one digest, for the last day that came round', async () => {
    await world.subscribe(ada, { hour: 7, timeZone: 'UTC' });
    expect(await planAt('2026-03-06T05:00:00Z')).toBe(1);
    expect(await editionsOf(ada)).toEqual(['2026-03-02', '2026-03-05']);
    expect((await world.find(ada)).nextDigestAt).toEqual(new Date('2026-03-06T07:00:00Z'));
  });

  test.each([
    ['Europe/Berlin', 2, '2026-03-29', '2026-10-25'],
    ['Europe/Berlin', 3, '2026-03-29', '2026-10-25'],
    ['America/New_York', 2, '2026-03-08', '2026-11-01'],
    ['America/New_York', 1, '2026-03-08', '2026-11-01'],
    ['Australia/Lord_Howe', 2, '2026-04-05', '2026-10-04'],
    // These change nothing, or do no longer.
    ['Asia/Kathmandu', 0, '2026-03-29', '2026-10-25'],
    ['Pacific/Apia', 23, '2026-04-05', '2026-09-27'],
    ['America/Sao_Paulo', 0, '2026-02-15', '2026-11-01'],
  ])(
    'in %s at %i o’clock brings every day once, through both changes of the clock',
    async (timeZone, hour, ...changes) => {
      const oneHour = 60 * 60 * 1000;
      for (const [place, changed] of changes.entries()) {
        const reader = [ada, grace][place] ?? '';
        const first = Date.parse(`${changed}T12:00:00Z`) - 4 * 24 * oneHour;
        const end = first + 8 * 24 * oneHour;
        world.clock.now = new Date(first);
        const { id } = await world.subscribe(reader, { hour, timeZone });
        // As a sweep would, but jumping from one due digest to the next.
        for (let now = world.clock.now.getTime(); now < end; ) {
          await planDigests({ db: world.db, now: new Date(now) });
          const { nextDigestAt } = await world.db.subscriber.findUniqueOrThrow({ where: { id } });
          const next = nextDigestAt?.getTime() ?? end;
          expect(next).toBeGreaterThan(now);
          expect(next - now).toBeLessThan(48 * oneHour);
          now = next;
        }
        const editions = await editionsOf(reader);
        const days = editions.map((edition) => Date.parse(edition) / (24 * oneHour));
        expect(days.every((day, index) => index === 0 || day === (days[index - 1] ?? 0) + 1)).toBe(true);
        expect(editions.length).toBeGreaterThan((end - first) / (24 * oneHour) - 1);
      }
    },
    60_000,
  );
});

describe('days and pauses', () => {
  const change = async (email: string, preferences: Partial<Preferences>) => {
    const before = await world.find(email);
    await changePreferences(world, {
      subscriberId: before.id,
      preferences: { ...before.preferences, ...preferences },
    });
  };

  test('a weekly digest is due once a week; after an outage, for the last of its days', async () => {
    await world.subscribe(ada, { days: ['fri'] });
    expect((await world.find(ada)).nextDigestAt).toEqual(new Date('2026-03-06T07:00:00Z'));
    expect(await planAt('2026-03-18T12:00:00Z')).toBe(1);
    expect(await editionsOf(ada)).toEqual(['2026-03-02', '2026-03-13']);
    expect((await world.find(ada)).nextDigestAt).toEqual(new Date('2026-03-20T07:00:00Z'));
  });

  test('who was due, and then chose other days or a pause, gets nothing for a day before', async () => {
    await world.subscribe(ada);
    await world.subscribe(grace);
    world.clock.now = new Date('2026-03-04T08:00:00Z');
    await change(ada, { days: ['mon'] });
    await change(grace, { pausedUntil: '2026-03-10' });
    expect(await planAt('2026-03-04T08:01:00Z')).toBe(0);
    expect((await world.find(ada)).nextDigestAt).toEqual(new Date('2026-03-09T07:00:00Z'));
    expect((await world.find(grace)).nextDigestAt).toEqual(new Date('2026-03-10T07:00:00Z'));
  });

  test('a digest reaches back two weeks at the most, after a pause as after anything else', async () => {
    await world.subscribe(grace, { pausedUntil: '2026-03-28' });
    await planAt('2026-03-28T07:00:00Z');
    const row = await world.db.delivery.findFirst({ where: { edition: new Date('2026-03-28') } });
    expect(row).toMatchObject({ listedFrom: new Date('2026-03-14') });
  });

  test('a pause that is taken back ends at once', async () => {
    await world.subscribe(ada);
    await change(ada, { pausedUntil: '2026-04-01' });
    expect((await world.find(ada)).nextDigestAt).toEqual(new Date('2026-04-01T07:00:00Z'));
    await change(ada, { pausedUntil: null });
    expect((await world.find(ada)).nextDigestAt).toEqual(new Date('2026-03-03T07:00:00Z'));
  });
});

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { planDigests } from '../../src/delivery/plan.ts';
import { planDueDigests } from '../../src/delivery/store.ts';
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
    for (let n = 0; n < 30; n += 1) await world.subscribe(`reader${n}@example.org`);
    const now = new Date('2026-03-03T07:00:00Z');
    const steps = await Promise.all([1, 2, 3, 4].map(() => planDueDigests(world.db, { now, limit: 10 })));
    const rest = await planDigests({ db: world.db, now });
    expect(steps.reduce((sum, { planned }) => sum + planned, rest)).toBe(30);
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
    ['Europe/Berlin', 2],
    ['Europe/Berlin', 3],
    ['America/New_York', 2],
    ['America/New_York', 1],
    ['Australia/Lord_Howe', 2],
    ['Asia/Kathmandu', 0],
    ['Pacific/Apia', 23],
    ['America/Sao_Paulo', 0],
  ])(
    'in %s at %i o’clock brings every day once, through both changes of the clock',
    async (timeZone, hour) => {
      world.clock.now = new Date('2026-02-20T12:00:00Z');
      await world.subscribe(ada, { hour, timeZone });
      const oneHour = 60 * 60 * 1000;
      const end = Date.parse('2026-12-01T12:00:00Z');
      // As a sweep would, but jumping from one due digest to the next.
      for (let now = world.clock.now.getTime(); now < end; ) {
        await planDigests({ db: world.db, now: new Date(now) });
        const next = (await world.find(ada)).nextDigestAt?.getTime() ?? end;
        expect(next).toBeGreaterThan(now);
        expect(next - now).toBeLessThan(48 * oneHour);
        now = next;
      }
      const editions = await editionsOf(ada);
      const days = editions.map((edition) => Date.parse(edition) / (24 * oneHour));
      expect(days.every((day, index) => index === 0 || day === (days[index - 1] ?? 0) + 1)).toBe(true);
      expect(editions.length).toBeGreaterThan(280);
    },
    60_000,
  );
});

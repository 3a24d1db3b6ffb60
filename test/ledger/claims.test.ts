// Which mails a claim takes, and what it tells of them.
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimDeliveries, claimRisky } from '../../src/ledger/claims.ts';
import { ada, createWorld, grace, type World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld('2026-03-02T09:00:00Z');
});
afterEach(() => world.close());

const dayMs = 24 * 60 * 60 * 1000;

const take = () => ({ claimId: randomUUID(), now: world.now(), leaseMs: 60_000 });
const claim = (limit = 10) => claimDeliveries(world.db, { ...take(), limit });

/** Reads, and was promised nothing. */
async function addReader(email: string): Promise<string> {
  const { id } = await world.subscribe(email);
  await world.db.delivery.deleteMany({ where: { subscriberId: id } });
  return id;
}

const inHand = () => ({
  state: 'claimed',
  claimId: randomUUID(),
  leaseUntil: new Date('2026-03-02T10:00:00Z'),
});

/** A digest of so many days ago. */
async function addDigest(
  subscriberId: string,
  { daysAgo, more = {} }: { daysAgo: number; more?: Record<string, unknown> },
): Promise<bigint> {
  const filed = new Date(new Date('2026-03-01').getTime() - daysAgo * dayMs);
  const { id } = await world.db.delivery.create({
    data: {
      ...{ subscriberId, kind: 'digest', day: filed, edition: filed, throughSeq: 0 },
      ...{ state: 'planned', createdAt: filed, nextTryAt: filed, ...more },
    },
  });
  return id;
}

const accepted = (daysAgo: number) => ({
  state: 'accepted',
  finishedAt: new Date(world.now().getTime() - daysAgo * dayMs),
});

test('what is recent comes first, then what was filed months ago, whichever waited longer', async () => {
  const old = await addDigest(await addReader(ada), { daysAgo: 100 });
  const recent = await addDigest(await addReader(grace), { daysAgo: 2 });
  const claims = [await claim(), await claim(), await claim()];
  expect(claims.map((claimed) => claimed.map(({ id }) => id))).toEqual([[recent], [old], []]);
});

test('of a digest of long ago is told that a later one has its papers, were it accepted weeks after', async () => {
  const [adas, graces] = [await addReader(ada), await addReader(grace)];
  const old = await addDigest(adas, { daysAgo: 100 });
  await addDigest(adas, { daysAgo: 40, more: accepted(40) });
  const alone = await addDigest(graces, { daysAgo: 90 });
  const claimed = await claim();
  // In whichever order PostgreSQL gives them back.
  expect(new Map(claimed.map(({ id, isSuperseded }) => [id, isSuperseded]))).toEqual(
    new Map([
      [old, true],
      [alone, false],
    ]),
  );
});

test('what the next lost worker would park is taken one at a time, and only by who asks for it, however old', async () => {
  const risky = { lostWorkers: 2 };
  const [adas, graces] = [await addReader(ada), await addReader(grace)];
  const first = await addDigest(adas, { daysAgo: 90, more: risky });
  const second = await addDigest(graces, { daysAgo: 2, more: risky });
  const plain = await addDigest(await addReader('kay@example.org'), {
    daysAgo: 70,
    more: { lostWorkers: 1 },
  });
  const ask = () => claimRisky(world.db, take());
  const claims = [await claim(), await claim(), await ask(), await ask(), await ask()];
  expect(claims.map((claimed) => claimed.map(({ id }) => id))).toEqual([[plain], [], [first], [second], []]);
});

test('a reader whose digest is under way has no other taken, were it filed months before', async () => {
  const id = await addReader(ada);
  await addDigest(id, { daysAgo: 60, more: inHand() });
  await addDigest(id, { daysAgo: 50 });
  expect(await claim()).toEqual([]);
});

test('what is filed two days ahead, as where it is day long before, is seen as well', async () => {
  const [adas, graces] = [await addReader(ada), await addReader(grace)];
  const covered = await addDigest(adas, { daysAgo: -1 });
  await addDigest(adas, { daysAgo: -3, more: accepted(0) });
  await addDigest(graces, { daysAgo: -1 });
  await addDigest(graces, { daysAgo: -3, more: inHand() });
  expect(await claim()).toMatchObject([{ id: covered, isSuperseded: true }]);
});

test('a reader whose digest of five weeks ago is under way has no recent one taken', async () => {
  const id = await addReader(ada);
  await addDigest(id, { daysAgo: 35, more: inHand() });
  await addDigest(id, { daysAgo: 0 });
  expect(await claim()).toEqual([]);
});

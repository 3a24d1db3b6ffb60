// What servers said on the way stays with a mail, however it ends.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { takeBackRefusals } from '../../src/bounces/store.ts';
import { claimDeliveries, startData } from '../../src/ledger/claims.ts';
import type { ClaimedDelivery, Outcome } from '../../src/ledger/delivery.ts';
import { expireLeases } from '../../src/ledger/leases.ts';
import { recordOutcomes } from '../../src/ledger/outcomes.ts';
import { findDeliveryById } from '../../src/ledger/reports/delivery-list.ts';
import { retryFailed, settleUnknown } from '../../src/ledger/retry.ts';
import { ada, createWorld, expertPaper, type World } from '../support/world.ts';

const edition = '2026-03-02';
const minute = 60_000;

let world: World;
let id: bigint;
beforeAll(async () => {
  world = await createWorld();
  await world.list(edition, [expertPaper('translation')]);
});
afterAll(() => world?.close());
/** Ada waits for her first digest. */
beforeEach(async () => {
  const { db, clock } = world;
  await db.subscriber.deleteMany();
  clock.now = new Date('2026-03-02T09:00:00Z');
  await world.subscribe(ada);
  await db.delivery.deleteMany({ where: { kind: { not: 'digest' } } });
  ({ id } = await db.delivery.findFirstOrThrow());
});

const pass = (ms: number) => {
  world.clock.now = new Date(world.now().getTime() + ms);
};

async function claim(): Promise<ClaimedDelivery> {
  const { db, now } = world;
  const take = { claimId: randomUUID(), now: now(), leaseMs: minute, limit: 1 };
  const [claimed] = await claimDeliveries(db, take);
  if (claimed === undefined) throw new Error('nothing is due');
  return claimed;
}

const record = (claimed: ClaimedDelivery, outcome: Outcome) =>
  recordOutcomes(world.db, { outcomes: [{ ...claimed, outcome }], now: world.now() });

const putOff = (text: string): Outcome => ({
  type: 'deferred',
  code: 'in_trouble',
  reply: { code: 451, text, stage: 'recipient', status: '4.3.0' },
  detail: null,
  nextTryAt: new Date(world.now().getTime() + minute),
});
const refused: Outcome = {
  type: 'rejected',
  code: 'mailbox_unknown',
  reply: { code: 550, text: '550 5.1.1 nobody', stage: 'recipient', status: '5.1.1' },
  detail: null,
};
const accepted: Outcome = {
  type: 'accepted',
  reply: { code: 250, text: '250 kept', stage: null, status: null },
};

const row = () => world.db.delivery.findFirstOrThrow({ where: { id } });
const tries = async () => (await findDeliveryById(world.db, id))?.earlierTries;

/** A worker is gone while the body was leaving. */
async function loseWorker(unknownPolicy: 'leave' | 'resend-once'): Promise<void> {
  await startData(world.db, {
    mails: [{ ...(await claim()), picks: [] }],
    now: world.now(),
    leaseMs: minute,
  });
  pass(5 * minute);
  await expireLeases(world.db, { now: world.now(), unknownPolicy });
}

test('a next try is told while a mail waits, and of none that a worker has in hand', async () => {
  expect((await findDeliveryById(world.db, id))?.nextTryAt).toEqual(world.now());
  await claim();
  expect((await findDeliveryById(world.db, id))?.nextTryAt).toBeNull();
});

describe('a mail that is put off', () => {
  test('keeps each try with its time and the words of the server, without the reader’s address', async () => {
    await record(await claim(), putOff(`451 4.3.0 <${ada}>: busy`));
    pass(minute);
    const gone = { code: 'no_connection', reply: null, detail: 'connect ECONNREFUSED' } as const;
    await record(await claim(), { type: 'deferred', ...gone, nextTryAt: world.now() });
    pass(minute);
    await record(await claim(), accepted);
    expect(await findDeliveryById(world.db, id)).toMatchObject({
      state: 'accepted',
      reply: '250 kept',
      attempts: 3,
      earlierTries: [
        {
          at: new Date('2026-03-02T09:00:00Z'),
          state: 'deferred',
          reason: 'in_trouble',
          reply: '451 4.3.0 <…>: busy',
          replyCode: 451,
          replyStatus: '4.3.0',
          smtpStage: 'recipient',
          detail: null,
        },
        {
          at: new Date('2026-03-02T09:01:00Z'),
          state: 'deferred',
          reason: 'no_connection',
          reply: null,
          replyCode: null,
          replyStatus: null,
          smtpStage: null,
          detail: 'connect ECONNREFUSED',
        },
      ],
    });
  });

  test('has its try once, when the answer is told again since the database’s was lost', async () => {
    const claimed = await claim();
    await record(claimed, putOff('451 busy'));
    await record(claimed, putOff('451 busy'));
    pass(minute);
    await claim();
    await record(claimed, putOff('451 busy'));
    expect(await tries()).toHaveLength(1);
  });

  test('has its try also when the answer comes after the lease', async () => {
    const claimed = await claim();
    await startData(world.db, { mails: [{ ...claimed, picks: [] }], now: world.now(), leaseMs: minute });
    pass(5 * minute);
    await expireLeases(world.db, { now: world.now(), unknownPolicy: 'leave' });
    await record(claimed, putOff('451 busy'));
    expect(await tries()).toMatchObject([{ state: 'deferred', reply: '451 busy' }]);
  });

  test('keeps the last 20', async () => {
    for (let number = 1; number <= 22; number += 1) {
      await record(await claim(), putOff(`451 number ${number}`));
      pass(minute);
    }
    const kept = (await tries())?.map(({ reply }) => reply);
    expect(kept).toEqual(Array.from({ length: 20 }, (_, index) => `451 number ${index + 3}`));
  });

  test('and due again by the operator has its try once', async () => {
    await record(await claim(), putOff('451 busy'));
    await retryFailed(world.db, { filter: { id }, now: world.now() });
    expect(await tries()).toMatchObject([{ reply: '451 busy' }]);
  });
});

test('a mail that is accepted at its first try keeps nothing more', async () => {
  await record(await claim(), accepted);
  expect((await row()).earlierTries).toBeNull();
  expect(await tries()).toEqual([]);
});

describe('what had ended, and is tried again, keeps how', () => {
  test('refused, and due again by the operator', async () => {
    await record(await claim(), refused);
    expect((await row()).earlierTries).toBeNull();
    pass(minute);
    await retryFailed(world.db, { filter: { id }, now: world.now() });
    await retryFailed(world.db, { filter: { id }, now: world.now() });
    await record(await claim(), accepted);
    expect(await tries()).toMatchObject([
      { at: new Date('2026-03-02T09:00:00Z'), state: 'rejected', reply: '550 5.1.1 nobody' },
    ]);
  });

  test('refused as everybody of its domain was, and taken back', async () => {
    await record(await claim(), refused);
    const ask = () => takeBackRefusals(world.db, { emails: [ada], now: world.now() });
    await Promise.all([ask(), ask()]);
    expect(await row()).toMatchObject({ state: 'deferred', reasonCode: 'refused_alike' });
    expect(await tries()).toMatchObject([{ state: 'rejected', reason: 'mailbox_unknown' }]);
  });

  test('unknown, and sent once more', async () => {
    await loseWorker('resend-once');
    expect(await row()).toMatchObject({ state: 'planned', resent: true });
    await record(await claim(), accepted);
    expect(await tries()).toMatchObject([
      { at: new Date('2026-03-02T09:05:00Z'), state: 'unknown', reason: 'worker_ended', reply: null },
    ]);
  });

  test.each(['sent', 'not-sent'] as const)('unknown, and settled as %s', async (as) => {
    await record(await claim(), { type: 'unknown', code: 'no_answer', detail: 'silent for 10 minutes' });
    const settle = () => settleUnknown(world.db, { filter: { id }, as, now: world.now() });
    expect([await settle(), await settle()]).toEqual([1, 0]);
    expect(await tries()).toMatchObject([
      { state: 'unknown', reason: 'no_answer', detail: 'silent for 10 minutes' },
    ]);
  });
});

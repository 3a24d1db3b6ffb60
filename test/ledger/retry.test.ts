import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { deliverDue } from '../../src/delivery/deliver.ts';
import { claimDeliveries, startData } from '../../src/ledger/claims.ts';
import { holdEdition } from '../../src/ledger/hold-edition.ts';
import { expireLeases } from '../../src/ledger/leases.ts';
import { recordOutcomes } from '../../src/ledger/outcomes.ts';
import { planDigests } from '../../src/ledger/plan.ts';
import { walkDeliveries } from '../../src/ledger/reports/delivery-list.ts';
import { listEditionProgress } from '../../src/ledger/reports/edition-progress.ts';
import { resendDigest, retryFailed, settleUnknown } from '../../src/ledger/retry.ts';
import { addSuppression } from '../../src/subscribers/suppressions/suppression-store.ts';
import { type SmtpCatcher, startSmtpCatcher } from '../support/smtp-catcher.ts';
import { wireDelivery } from '../support/wire-delivery.ts';
import { ada, createWorld, expertPaper, grace, type World } from '../support/world.ts';

const edition = '2026-03-02';
const day = 24 * 60 * 60_000;

let world: World;
let catcher: SmtpCatcher;
beforeAll(async () => {
  world = await createWorld();
  catcher = await startSmtpCatcher();
});
afterAll(async () => {
  await catcher?.close();
  await world?.close();
});
/** Ada and Grace wait for their first digests, with nothing else to be sent. */
beforeEach(async () => {
  const { db } = world;
  await db.subscriber.deleteMany();
  await db.promisedMail.deleteMany();
  await db.suppression.deleteMany();
  await db.editionHold.deleteMany();
  world.clock.now = new Date('2026-03-02T09:00:00Z');
  catcher.mails.length = 0;
  catcher.behave(() => null);
  await world.list(edition, [expertPaper('translation')]);
  for (const email of [ada, grace]) await world.subscribe(email);
  await db.delivery.deleteMany({ where: { kind: { not: 'digest' } } });
});

async function send() {
  const { db, now } = world;
  const { smtpUrl } = catcher;
  const { deps } = await wireDelivery({ db, mailSources: inject('mailSources'), smtpUrl, now });
  return deliverDue(deps).finally(() => deps.mailer.close());
}

const refuse = (words: string) =>
  catcher.behave((stage, { to }) => (stage === 'RCPT' && to === ada ? { type: 'reply', line: words } : null));
const retry = (filter: Parameters<typeof retryFailed>[1]['filter'] = { edition }) =>
  retryFailed(world.db, { filter, now: world.now() });
const digestOf = async (email: string) =>
  world.db.delivery.findFirstOrThrow({
    where: { subscriber: { email }, kind: 'digest' },
    orderBy: { id: 'asc' },
  });

describe('a digest that was accepted', () => {
  const resend = async (email: string) =>
    resendDigest(world.db, { id: (await digestOf(email)).id, now: world.now() });
  const bodyOf = (raw: string) => raw.slice(raw.indexOf('\r\n\r\n')).replaceAll(/=_[0-9a-f]{32}/g, '');
  const headerOf = (raw: string, name: string) => new RegExp(`^${name}: .*`, 'm').exec(raw)?.[0];

  test('is sent once more to its reader alone, as it was', async () => {
    expect(await send()).toMatchObject({ accepted: 2 });
    const served = (await world.find(ada)).servedThrough;
    expect(await resend(ada)).toEqual({ retried: 1, left: {} });
    expect(await send()).toMatchObject({ accepted: 1 });
    expect(await send()).toMatchObject({ accepted: 0 });
    const [first, second, ...more] = catcher.mails
      .filter(({ to }) => to === ada)
      .map(({ raw }) => raw.toString('latin1'));
    expect(more).toEqual([]);
    expect(catcher.mails.filter(({ to }) => to === grace)).toHaveLength(1);
    expect(bodyOf(second ?? '')).toBe(bodyOf(first ?? ''));
    expect(headerOf(second ?? '', 'Message-ID')).toBe(headerOf(first ?? '', 'Message-ID'));
    const again = await digestOf(ada);
    expect(again).toMatchObject({ state: 'accepted', resent: true, attempts: 2 });
    expect(again.earlierTries).toMatchObject([{ state: 'accepted' }]);
    expect((await world.find(ada)).servedThrough).toBe(served);
  });

  test('is left where it would not be sent today, and what was not accepted is none', async () => {
    expect(await resend(ada)).toEqual({ retried: 0, left: {} });
    await send();
    await addSuppression(world.db, { email: ada, cause: 'hard', reason: 'gone', now: world.now() });
    expect(await resend(ada)).toEqual({ retried: 0, left: { suppressed: 1 } });
    world.clock.now = new Date(world.now().getTime() + day);
    await world.list('2026-03-03', [expertPaper('speech')]);
    await planDigests({ db: world.db, now: world.now() });
    expect(await resend(grace)).toEqual({ retried: 0, left: { carried: 1 } });
    expect(catcher.mails).toHaveLength(2);
  });
});

describe('what failed', () => {
  test('is sent again, and only that', async () => {
    refuse('550 5.7.1 not today');
    expect(await send()).toMatchObject({ accepted: 1, rejected: 1 });
    const { id: deliveryId, day: filedUnder, subscriberId } = await digestOf(ada);
    await world.db.bounce.create({
      data: { deliveryId, day: filedUnder, subscriberId, kind: 'policy', receivedAt: world.now() },
    });
    catcher.behave(() => null);
    world.clock.now = new Date(world.now().getTime() + day + 1);
    expect(await retry()).toEqual({ retried: 1, left: {} });
    expect(await retry()).toEqual({ retried: 1, left: {} });
    expect(await send()).toMatchObject({ accepted: 1 });
    expect(catcher.mails.map(({ to }) => to).toSorted()).toEqual([ada, grace]);
    // What came of the refusal is not held against the mail that arrived.
    expect(await world.db.bounce.count()).toBe(0);
    expect(await retry()).toEqual({ retried: 0, left: {} });
  });

  test('has patience as if it were new: a day later it is not given up at the next “not now”', async () => {
    refuse('550 5.7.1 not today');
    await send();
    world.clock.now = new Date(world.now().getTime() + 2 * day);
    await retry();
    refuse('451 4.3.0 busy');
    expect(await send()).toMatchObject({ deferred: 1, rejected: 0 });
  });

  test('is chosen by reason, domain and edition', async () => {
    refuse('550 5.7.1 not today');
    await send();
    const reason = (await digestOf(ada)).reasonCode ?? '';
    expect((await retry({ reason: 'mailbox_full' })).retried).toBe(0);
    expect((await retry({ domain: 'elsewhere.example' })).retried).toBe(0);
    expect((await retry({ edition: '2026-03-01' })).retried).toBe(0);
    expect((await retry({ reason, domain: 'Example.ORG', edition })).retried).toBe(1);
  });

  test('and would only be cancelled keeps the words of its failure, and is told', async () => {
    refuse('550 5.7.1 not today');
    await send();
    const left = async () => (await retry()).left;
    await addSuppression(world.db, { email: ada, cause: 'operator', reason: 'x', now: world.now() });
    expect(await left()).toEqual({ suppressed: 1 });
    await world.db.suppression.deleteMany();
    await holdEdition(world.db, { edition, state: 'cancelled', now: world.now() });
    expect(await left()).toEqual({ edition_cancelled: 1 });
    await world.db.editionHold.deleteMany();
    world.clock.now = new Date(world.now().getTime() + day);
    await planDigests({ db: world.db, now: world.now() });
    expect(await left()).toEqual({ carried: 1 });
    expect(await digestOf(ada)).toMatchObject({ state: 'rejected', replyText: '550 5.7.1 not today' });
  });

  test('is not taken from a worker that has it in hand, nor counted twice by two who ask at once', async () => {
    await world.db.delivery.updateMany({
      data: { state: 'deferred', reasonCode: 'in_trouble', nextTryAt: world.now() },
    });
    const claimId = '00000000-0000-4000-8000-000000000001';
    const [claimed] = await claimDeliveries(world.db, { claimId, now: world.now(), leaseMs: day, limit: 1 });
    const both = await Promise.all([retry(), retry()]);
    expect(both.map(({ retried }) => retried)).toEqual([1, 1]);
    const rows = await world.db.delivery.findMany({ orderBy: { id: 'asc' } });
    const states = rows.map(({ id, state }) => [id === claimed?.id, state]);
    expect(states.toSorted()).toEqual([
      [false, 'deferred'],
      [true, 'claimed'],
    ]);
    await send();
    expect(catcher.mails).toHaveLength(1);
  });
});

describe('a digest that was cancelled with its edition', () => {
  const cancel = (state: 'cancelled' | null) => holdEdition(world.db, { edition, state, now: world.now() });
  const takeBack = { reason: 'edition_cancelled' };

  test('is sent after all once the edition goes on and somebody says so, and once', async () => {
    await cancel('cancelled');
    expect(await send()).toMatchObject({ cancelled: 2 });
    expect(await retry(takeBack)).toEqual({ retried: 0, left: { edition_cancelled: 2 } });
    await cancel(null);
    // Who tries again what failed of a day does not mean what was cancelled.
    expect(await retry()).toEqual({ retried: 0, left: { cancelled: 2 } });
    const { id } = await digestOf(grace);
    expect(await retry({ id })).toEqual({ retried: 1, left: {} });
    expect(await retry(takeBack)).toEqual({ retried: 1, left: {} });
    expect(await digestOf(ada)).toMatchObject({
      state: 'planned',
      reasonCode: null,
      earlierTries: [{ state: 'cancelled', reasonCode: 'edition_cancelled' }],
    });
    expect(await send()).toMatchObject({ accepted: 2 });
    expect(catcher.mails.map(({ to }) => to).toSorted()).toEqual([ada, grace]);
    const { throughSeq } = await digestOf(ada);
    expect((await world.find(ada)).servedThrough).toBe(throughSeq);
    expect(await retry(takeBack)).toEqual({ retried: 0, left: {} });
    expect(await retry({ id })).toEqual({ retried: 0, left: {} });
  });

  test('is left where a later one has its papers, and where its reader would not get it today', async () => {
    await cancel('cancelled');
    await send();
    await cancel(null);
    await addSuppression(world.db, { email: ada, cause: 'hard', reason: 'gone', now: world.now() });
    expect((await retry({ ...takeBack, domain: 'nowhere.example' })).left).toEqual({});
    await world.db.delivery.updateMany({
      where: { subscriber: { email: grace } },
      data: { reasonCode: 'paused' },
    });
    // By their reader's wish, and not by ours.
    expect(await retry({ id: (await digestOf(grace)).id })).toEqual({ retried: 0, left: {} });
    expect(await retry(takeBack)).toEqual({ retried: 0, left: { suppressed: 1 } });
    await world.db.suppression.deleteMany();
    const inTwoMonths = { filter: takeBack, now: new Date(world.now().getTime() + 60 * day) };
    expect(await retryFailed(world.db, inTwoMonths)).toEqual({ retried: 0, left: {} });
    world.clock.now = new Date(world.now().getTime() + day);
    await world.list('2026-03-03', [expertPaper('speech')]);
    await planDigests({ db: world.db, now: world.now() });
    expect(await retry(takeBack)).toEqual({ retried: 0, left: { carried: 1 } });
  });
});

describe('what is unknown', () => {
  const claimId = '00000000-0000-4000-8000-000000000002';
  let id: bigint;

  /** A worker is gone while the body of Ada's digest was leaving. */
  beforeEach(async () => {
    const { db, now } = world;
    await db.delivery.deleteMany({ where: { subscriber: { email: grace } } });
    const [claimed] = await claimDeliveries(db, { claimId, now: now(), leaseMs: 1000, limit: 1 });
    if (claimed === undefined) throw new Error('nothing to claim');
    id = claimed.id;
    await startData(db, { mails: [{ ...claimed, picks: [] }], now: now(), leaseMs: 1000 });
    world.clock.now = new Date(now().getTime() + 60_000);
    await expireLeases(db, { now: now(), unknownPolicy: 'leave' });
  });
  const settle = (as: 'sent' | 'not-sent', filter = {}) =>
    settleUnknown(world.db, { filter, as, now: world.now() });

  test('is never retried, and is sent again under its Message-ID once somebody says that it was not sent', async () => {
    expect(await retry()).toEqual({ retried: 0, left: { unknown: 1 } });
    expect(await retry({ edition: '2026-03-01' })).toEqual({ retried: 0, left: {} });
    expect([await settle('not-sent', { id }), await settle('not-sent', { id })]).toEqual([1, 0]);
    expect(await send()).toMatchObject({ accepted: 1 });
    expect((await catcher.parse(catcher.mails[0])).messageId).toContain(`digest.${id}.`);
  });

  test('counts as sent once somebody says so: its papers do not come again', async () => {
    expect(await settle('sent', { edition })).toBe(1);
    const { throughSeq, state } = await digestOf(ada);
    expect(state).toBe('accepted');
    expect((await world.find(ada)).servedThrough).toBe(throughSeq);
    expect(await settle('not-sent', { edition })).toBe(0);
  });

  test('and settled as not sent is not sent again when its answer comes after all', async () => {
    await settle('not-sent', { id });
    const reply = { code: 250, text: '250 kept', stage: null, status: null };
    await recordOutcomes(world.db, {
      outcomes: [{ id, day: edition, claimId, outcome: { type: 'accepted', reply } }],
      now: world.now(),
    });
    expect(await send()).toMatchObject({ accepted: 0 });
    expect(await digestOf(ada)).toMatchObject({ state: 'accepted', replyText: '250 kept' });
  });
});

test('progress adds up, and lists are the newest first', async () => {
  refuse('550 5.7.1 not today');
  await send();
  const [progress] = await listEditionProgress(world.db, { from: edition, to: edition, now: world.now() });
  expect(progress).toMatchObject({ edition, hold: null, promised: 2, sent: 1, rejected: 1, planned: 0 });
  expect(progress?.perSecond).toBeCloseTo(2 / 60);
  expect(progress?.secondsLeft).toBeNull();
  // What is put off has its own time: nobody waits for it at today's rate.
  await world.db.delivery.updateMany({
    where: { state: 'rejected' },
    data: { state: 'deferred', reasonCode: 'in_trouble', finishedAt: null },
  });
  const [waiting] = await listEditionProgress(world.db, { from: edition, to: edition, now: world.now() });
  expect(waiting).toMatchObject({ deferred: 1, secondsLeft: null });
  const listed: bigint[] = [];
  for await (const row of walkDeliveries(world.db, { filter: {} })) listed.push(row.id);
  expect(listed).toEqual(listed.toSorted((one, other) => Number(other - one)));
  expect(listed).toHaveLength(2);
});

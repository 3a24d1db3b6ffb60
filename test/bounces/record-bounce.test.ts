// What follows from a mail that came back: for its address, its reader, their history.
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { judgeRefusals } from '../../src/bounces/judge-refusals.ts';
import { type BounceOutcome, recordBounce } from '../../src/bounces/record-bounce.ts';
import { countBounces } from '../../src/bounces/store.ts';
import type { OutcomeCode } from '../../src/ledger/outcome-codes.ts';
import { planDigests } from '../../src/ledger/plan.ts';
import { createBounceAddresses, createBounceTokens } from '../../src/platform/bounce-address.ts';
import { confirmAddress, requestAddressChange } from '../../src/subscribers/account/change-address.ts';
import { eraseReader } from '../../src/subscribers/account/erase-reader.ts';
import { liftSuppressions } from '../../src/subscribers/suppressions/suppression-store.ts';
import { someNames, writeBounceMail } from '../support/bounce-mails.ts';
import { ada, createWorld, grace, type World } from '../support/world.ts';

const day = 24 * 60 * 60 * 1000;
const bounceTokens = createBounceTokens('a secret for tests that is long enough', null);
const addresses = createBounceAddresses('bounces@mail.example.org', bounceTokens);

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
beforeEach(async () => {
  await world.db.subscriber.deleteMany();
  await world.db.suppression.deleteMany();
  world.clock.now = new Date('2026-03-02T09:00:00Z');
});
afterAll(() => world?.close());

const pass = (ms: number) => {
  world.clock.now = new Date(world.clock.now.getTime() + ms);
};

type Sent = { id: bigint; subscriberId: string; kind: string; createdAt: Date };

/** The newest mail of this reader, as the server has taken it. */
async function accept(email: string): Promise<Sent> {
  const { id: subscriberId } = await world.find(email);
  const { id, day } = await world.db.delivery.findFirstOrThrow({
    where: { subscriberId },
    orderBy: { id: 'desc' },
  });
  const { now } = world.clock;
  // The first digest has the database's own time.
  const data = { state: 'accepted' as const, createdAt: now, finishedAt: now };
  return world.db.delivery.update({ where: { id_day: { id, day } }, data });
}

/** A digest of today, which the server has taken. */
async function sendDigest(email: string): Promise<Sent> {
  await planDigests({ db: world.db, now: world.now() });
  return accept(email);
}

const namesOf = ({ id, subscriberId, kind, createdAt }: Sent) => ({
  bounceAddress: addresses.write({ deliveryId: id, signedAt: createdAt }),
  messageId: `${kind}.${id}.${subscriberId}@papers.example.org`,
  unsubscribeUrl: `https://papers.example.org/unsubscribe/${world.tokens.sign({ purpose: 'unsubscribe', subscriberId, issuedAt: createdAt })}`,
});

/** As the command gets it: nothing is known but what stands in the mail. */
const bring = (raw: Buffer): Promise<BounceOutcome> =>
  recordBounce({ ...world, bounceTokens, log: pino({ level: 'silent' }) }, { raw, deliveryId: null });
const sendBack = (mail: Sent, shape: string) => bring(writeBounceMail(shape, namesOf(mail)));

const suppressions = () =>
  world.db.suppression.findMany({ select: { emailKey: true, reason: true }, orderBy: { emailKey: 'asc' } });

describe('an address that does not exist', () => {
  test.each([
    'postfix-unknown-user',
    'exim-plain',
    'gmail-unknown-user',
    'exchange-not-found',
    'qmail-unknown-user',
  ])('gets no mail any more (%s)', async (shape) => {
    await world.subscribe(ada);
    const mail = await accept(ada);
    expect(await sendBack(mail, shape)).toMatchObject({
      type: 'recorded',
      kind: 'hard',
      deliveryId: mail.id,
      isNew: true,
      isSuppressed: true,
    });
    expect(await suppressions()).toEqual([
      { emailKey: ada, reason: expect.stringMatching(/^hard bounce: .*(no|not|unknown)/i) },
    ]);
    expect((await world.find(ada)).status).toBe('active');
  });

  test('is told once, however often it is told', async () => {
    await world.subscribe(ada);
    const mail = await accept(ada);
    await Promise.all([1, 2, 3].map(() => sendBack(mail, 'postfix-unknown-user')));
    expect(await sendBack(mail, 'exim-unknown-user')).toMatchObject({ isNew: false, isSuppressed: false });
    expect(await world.db.bounce.count()).toBe(1);
    expect(await suppressions()).toHaveLength(1);
  });

  test('that an operator has lifted is not barred again by what comes back for earlier mails', async () => {
    await world.subscribe(ada);
    const first = await accept(ada);
    pass(day);
    const second = await sendDigest(ada);
    await sendBack(first, 'postfix-unknown-user');
    pass(1);
    expect(await liftSuppressions(world.db, { filter: { email: 'ADA@example.org' }, now: world.now() })).toBe(
      1,
    );
    for (const mail of [first, second]) await sendBack(mail, 'postfix-unknown-user');
    expect(await suppressions()).toEqual([]);
    expect(await world.db.bounce.count()).toBe(2);
    pass(day);
    await sendBack(await sendDigest(ada), 'postfix-unknown-user');
    expect(await suppressions()).toHaveLength(1);
  });

  test('that the reader has left behind says nothing about the new one', async () => {
    const { id: subscriberId } = await world.subscribe(ada);
    const toOld = await accept(ada);
    await requestAddressChange(world, { subscriberId, email: 'ada@example.net' });
    pass(1000);
    const change = await world.db.addressChange.findFirstOrThrow();
    const token = world.tokens.sign({
      purpose: 'confirm-address',
      subscriberId: change.id,
      issuedAt: change.requestedAt,
    });
    expect(await confirmAddress(world, token)).toMatchObject({ type: 'done' });
    expect(await sendBack(toOld, 'postfix-unknown-user')).toMatchObject({ isNew: true, isSuppressed: false });
    expect(await suppressions()).toEqual([]);
    pass(day);
    await sendBack(await sendDigest('ada@example.net'), 'postfix-unknown-user');
    expect(await suppressions()).toMatchObject([{ emailKey: 'ada@example.net' }]);
  });

  test('that a reader wants to move to costs the one they have nothing', async () => {
    const { id: subscriberId } = await world.subscribe(ada);
    await requestAddressChange(world, { subscriberId, email: 'typo@example.net' });
    const mail = await world.db.delivery.findFirstOrThrow({ where: { kind: 'address_change' } });
    await sendBack(mail, 'postfix-unknown-user');
    await sendBack(mail, 'arf-abuse');
    expect(await suppressions()).toMatchObject([{ emailKey: 'typo@example.net' }]);
    expect((await world.find(ada)).status).toBe('active');
  });
});

describe('a full mailbox', () => {
  /** One digest a day; each is back at once, where `isBack`. */
  async function playDays(days: boolean[]) {
    for (const isBack of days) {
      pass(day);
      const mail = await sendDigest(ada);
      if (isBack) await sendBack(mail, 'postfix-mailbox-full');
    }
  }
  const days = (count: number, isBack: boolean) => Array.from({ length: count }, () => isBack);

  beforeEach(async () => {
    await world.subscribe(ada);
    await accept(ada);
  });

  test('counts as dead after a week of bounces, not before', async () => {
    await playDays(days(7, true));
    expect(await suppressions()).toEqual([]);
    await playDays([true]);
    expect(await suppressions()).toEqual([
      { emailKey: ada, reason: expect.stringMatching(/^5 or more soft bounces .*over quota/) },
    ]);
  });

  test('counts as dead after five bounces, not before, however long they take', async () => {
    for (let bounce = 1; bounce <= 5; bounce += 1) {
      expect(await suppressions()).toEqual([]);
      pass(3 * day);
      // Weekly, or paused between: there is one digest in three days.
      await world.db.subscriber.updateMany({ data: { nextDigestAt: world.clock.now } });
      await sendBack(await sendDigest(ada), 'postfix-mailbox-full');
    }
    expect(await suppressions()).toHaveLength(1);
  });

  test('that has taken a mail for good begins anew', async () => {
    await playDays([...days(6, true), false, ...days(7, true)]);
    expect(await suppressions()).toEqual([]);
    await playDays([true]);
    expect(await suppressions()).toHaveLength(1);
  });

  test('whose reports take five days counts by the order of the mails, not that of the reports', async () => {
    const sent: Sent[] = [];
    for (let today = 0; today < 13; today += 1) {
      pass(day);
      sent.push(await sendDigest(ada));
      const overdue = sent[today - 5];
      if (overdue !== undefined) await sendBack(overdue, 'postfix-mailbox-full');
      expect(await suppressions(), `day ${today}`).toHaveLength(today < 12 ? 0 : 1);
    }
  });

  test('takes no note of what is only delayed, delivered or answered', async () => {
    for (let today = 0; today < 10; today += 1) {
      pass(day);
      const mail = await sendDigest(ada);
      for (const shape of ['postfix-delayed', 'postfix-delivered', 'relayed', 'out-of-office'])
        expect(await sendBack(mail, shape)).toMatchObject({ type: 'ignored' });
    }
    expect(await world.db.bounce.count()).toBe(0);
  });
});

test('a receiver’s rules say nothing about the address', async () => {
  const { id } = await world.subscribe(ada);
  for (let today = 0; today < 10; today += 1) {
    pass(day);
    expect(await sendBack(await sendDigest(ada), 'exchange-policy')).toMatchObject({
      kind: 'policy',
      isNew: true,
    });
  }
  expect(await suppressions()).toEqual([]);
  expect(await countBounces(world.db, { subscriberIds: [id], since: new Date(0) })).toEqual(
    new Map([[id, 10]]),
  );
});

describe('a complaint', () => {
  test.each(['arf-abuse', 'arf-redacted', 'arf-only-unsubscribe'])(
    'ends it all at once (%s)',
    async (shape) => {
      await world.subscribe(ada);
      await world.subscribe(grace);
      const mail = await accept(ada);
      expect(await sendBack(mail, shape)).toMatchObject({ kind: 'complaint', deliveryId: mail.id });
      expect(await suppressions()).toEqual([{ emailKey: ada, reason: 'complaint: abuse' }]);
      expect(await world.find(ada)).toMatchObject({ status: 'unsubscribed', nextDigestAt: null });
      expect((await world.find(grace)).status).toBe('active');
    },
  );

  test('that is lifted leaves its reader unsubscribed', async () => {
    await world.subscribe(ada);
    await sendBack(await accept(ada), 'arf-abuse');
    await liftSuppressions(world.db, { filter: { email: ada }, now: world.now() });
    expect((await world.find(ada)).status).toBe('unsubscribed');
  });
});

describe('a mail that is not about one of ours', () => {
  const nothing = async () => {
    expect([await world.db.bounce.count(), await suppressions()]).toEqual([0, []]);
  };

  test.each(['postfix-unknown-user', 'arf-abuse', 'arf-only-unsubscribe'])(
    'changes nothing: nobody signed what stands in it (%s)',
    async (shape) => {
      await world.subscribe(ada);
      expect(await bring(writeBounceMail(shape, someNames))).toEqual({
        type: 'ignored',
        because: 'not about a mail of ours',
      });
      await nothing();
    },
  );

  test('changes nothing: the Message-ID names somebody else’s mail', async () => {
    await world.subscribe(ada);
    const mail = await accept(ada);
    const { id: stranger } = await world.subscribe(grace);
    await bring(
      writeBounceMail('arf-redacted', {
        ...someNames,
        messageId: `digest.${mail.id}.${stranger}@papers.example.org`,
      }),
    );
    await nothing();
  });

  test('changes nothing: its reader is erased', async () => {
    const { id } = await world.subscribe(ada);
    const mail = await accept(ada);
    const names = namesOf(mail);
    await eraseReader(world, id);
    expect(await bring(writeBounceMail('postfix-unknown-user', names))).toMatchObject({ type: 'ignored' });
    await nothing();
  });
});

describe('a refusal while sending', () => {
  type Why = {
    reasonCode: OutcomeCode | 'of_a_later_version' | null;
    replyText?: string;
    replyStatus?: string;
    detail?: string;
  };

  async function refuse(why: Why, emails = [ada]) {
    for (const email of emails) {
      const { id: subscriberId } = await world.subscribe(email);
      await world.db.delivery.updateMany({
        where: { subscriberId, kind: 'digest' },
        data: { state: 'rejected', ...why, finishedAt: world.clock.now },
      });
    }
    return judgeRefusals({ db: world.db, now: world.now() });
  }

  test.each<[kind: string, suppressed: number, why: Why]>([
    ['hard', 1, { reasonCode: 'mailbox_unknown', replyText: '550 5.1.1 no', replyStatus: '5.1.1' }],
    ['hard', 1, { reasonCode: 'domain_unknown', replyText: '550 no' }],
    ['policy', 0, { reasonCode: 'sender_refused', replyText: '550 5.1.1 user unknown' }],
    ['policy', 0, { reasonCode: 'content_refused', replyText: '554 5.7.1 looks like spam' }],
    ['soft', 0, { reasonCode: 'mailbox_full', replyText: '552 5.2.2 full' }],
    ['soft', 0, { reasonCode: 'of_a_later_version', replyText: '550 5.1.1 user unknown' }],
    ['policy', 0, { reasonCode: 'cannot_be_sent', detail: 'the address needs SMTPUTF8' }],
  ])('is %s by its code, and bars %d: %j', async (kind, suppressed, why) => {
    expect(await refuse(why)).toEqual({ judged: 1, suppressed });
    expect(await world.db.bounce.findMany({ select: { kind: true } })).toEqual([{ kind }]);
    expect(await suppressions()).toHaveLength(suppressed);
  });

  test('is judged once', async () => {
    await refuse({ reasonCode: 'mailbox_unknown', replyText: '550 5.1.1 no' });
    await liftSuppressions(world.db, { filter: { email: ada }, now: world.now() });
    expect(await judgeRefusals({ db: world.db, now: world.now() })).toEqual({ judged: 0, suppressed: 0 });
    expect(await suppressions()).toEqual([]);
  });

  test('of many is judged of all', async () => {
    const { id: subscriberId } = await world.subscribe(ada);
    await world.db.delivery.createMany({
      data: Array.from({ length: 1203 }, (_, index) => ({
        subscriberId,
        kind: 'digest' as const,
        edition: new Date(Date.UTC(2020, 0, 1 + index)),
        day: new Date(Date.UTC(2020, 0, 1 + index)),
        throughSeq: 0,
        state: 'rejected' as const,
        reasonCode: 'content_refused',
        finishedAt: world.clock.now,
      })),
    });
    expect(await judgeRefusals({ db: world.db, now: world.now() })).toEqual({ judged: 1203, suppressed: 0 });
  });
});

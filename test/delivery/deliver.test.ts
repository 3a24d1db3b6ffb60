import { generateKeyPairSync } from 'node:crypto';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deliverDue } from '../../src/delivery/deliver.ts';
import { createMailWriter } from '../../src/delivery/write-mails.ts';
import { claimDeliveries, startData } from '../../src/ledger/claims.ts';
import { expireLeases } from '../../src/ledger/leases.ts';
import { listPicks } from '../../src/papers/pick-store.ts';
import { unsubscribe } from '../../src/subscribers/account/unsubscribe.ts';
import { confirm } from '../../src/subscribers/sign-up/confirm.ts';
import { openPostOffice, type PostOffice } from '../support/post-office.ts';
import { readMail } from '../support/read-mail.ts';
import type { Mishap, Stage } from '../support/smtp-catcher.ts';
import { ada, alan, expertPaper, paper } from '../support/world.ts';

let post: PostOffice;
beforeEach(async () => {
  post = await openPostOffice();
  await post.list('2026-03-02', [
    expertPaper('translation'),
    paper({ title: 'Nothing that anyone follows' }),
  ]);
});
afterEach(() => post.close());

const minute = 60_000;
const day = 24 * 60 * minute;
const reply = (line: string): Mishap => ({ type: 'reply', line });
const at = (stage: Stage, mishap: Mishap) => (reached: Stage) => (reached === stage ? mishap : null);
const digests = () => post.smtp.mails.filter(({ raw }) => raw.includes('Precedence: bulk'));
const digestStates = async () =>
  (await post.ledger()).filter(({ kind }) => kind === 'digest').map(({ state }) => state);

/** Ada is confirmed, and her confirmation mail is out of the way. */
async function subscribeAda() {
  const subscriber = await post.subscribe(ada);
  await post.db.delivery.deleteMany({ where: { kind: 'confirmation' } });
  return subscriber;
}

describe('delivering', () => {
  test('sends what was promised, once, and remembers how far its reader is served', async () => {
    await subscribeAda();
    expect(await post.deliver()).toMatchObject({ accepted: 1 });
    expect(await post.deliver()).toMatchObject({ accepted: 0 });
    expect(digests()).toHaveLength(1);
    expect(await post.find(ada)).toMatchObject({ servedThrough: 2 });
    const [row] = await post.db.delivery.findMany();
    expect(row).toMatchObject({
      state: 'accepted',
      reasonCode: null,
      replyCode: 250,
      replyText: '250 stored as 1',
      leaseUntil: null,
    });
    expect(await listPicks(post.db, [row?.picks ?? []])).toMatchObject([
      [{ seq: 1, because: [{ topic: 'mixture-of-experts' }] }],
    ]);
  });

  test('the next day brings only papers that were not sent before, and nothing when there are none', async () => {
    await subscribeAda();
    await post.deliver();
    post.pass(day);
    expect(await post.sweep()).toMatchObject({ accepted: 0, nothing: 1 });
    post.pass(day);
    await post.list('2026-03-04', [expertPaper('translation'), paper({ title: 'A paper for nobody' })]);
    expect(await post.sweep()).toMatchObject({ accepted: 0, nothing: 1 });
    post.pass(day);
    await post.list('2026-03-05', [expertPaper('speech'), expertPaper('translation')]);
    expect(await post.sweep()).toMatchObject({ accepted: 1 });

    const second = await post.smtp.parse(digests()[1]);
    expect(second.subject).toContain('Mixture-of-Experts for speech');
    expect(second.text).not.toContain('translation');
    const reasons = (await post.ledger()).map(({ state, reasonCode }) => `${state}: ${reasonCode}`);
    expect(reasons.slice(1, 3)).toEqual(['nothing: no_papers', 'nothing: no_match']);
  });

  test('two workers at once send each mail once', async () => {
    for (let n = 0; n < 12; n += 1) await post.subscribe(`reader${n}@example.org`);
    await post.db.delivery.deleteMany({ where: { kind: 'confirmation' } });
    const counts = await Promise.all([post.deliver(), deliverDue(post.deps), deliverDue(post.deps)]);
    expect(counts.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(12);
    expect(new Set(digests().map(({ to }) => to)).size).toBe(12);
    expect(digests()).toHaveLength(12);
  });

  test('confirmations go to the pending, and no digest ever does', async () => {
    await post.signUp(alan);
    expect(await post.sweep()).toMatchObject({ accepted: 1 });
    post.pass(3 * day);
    expect(await post.sweep()).toMatchObject({ accepted: 0 });
    expect(post.smtp.mails).toHaveLength(1);
  });

  test('a stopped worker claims no more', async () => {
    await subscribeAda();
    expect(await deliverDue(post.deps, AbortSignal.abort())).toMatchObject({ accepted: 0 });
    expect(await digestStates()).toEqual(['planned']);
  });
});

describe('after an unsubscribe', () => {
  test('that comes before the claim, nothing leaves', async () => {
    const { id } = await subscribeAda();
    await unsubscribe(post, id);
    expect(await post.deliver()).toMatchObject({ accepted: 0, cancelled: 1 });
    expect(post.smtp.mails).toEqual([]);
  });

  test('that comes between claim and sending, nothing leaves', async () => {
    const { id } = await subscribeAda();
    const { writeMails } = post.deps;
    const late = async (claimed: Parameters<typeof writeMails>[0]) => {
      const written = await writeMails(claimed);
      await unsubscribe(post, id);
      return written;
    };
    await deliverDue({ ...post.deps, writeMails: late });
    await post.deliver();
    expect(post.smtp.mails).toEqual([]);
    expect(await post.ledger()).toMatchObject([{ state: 'cancelled', reasonCode: 'other_status' }]);
  });

  test('a sign-up is mailed in its own language to the address as it was typed there, but not to who left since', async () => {
    const { id } = await post.subscribe(ada);
    post.pass(minute);
    await unsubscribe(post, id);
    post.pass(minute);
    await post.signUp('Ada@Example.org', { language: 'de' });
    await post.signUp(alan);
    post.pass(minute);
    await unsubscribe(post, (await post.find(alan)).id);
    await post.deliver();
    const sent = post.smtp.mails.filter(({ to }) => to.toLowerCase() !== alan);
    expect(sent.map(({ to }) => to)).toEqual(['Ada@Example.org']);
    const { headers, urls } = await readMail(sent[0]?.raw ?? Buffer.alloc(0));
    expect(headers.get('content-language')).toEqual(['de']);
    expect(post.smtp.mails).toHaveLength(1);
    expect(await post.find(ada)).toMatchObject({ email: ada, status: 'unsubscribed' });
    const link = urls.find((url) => url.includes('/confirm/')) ?? '';
    await confirm(post, link.split('/').at(-1) ?? '');
    expect(await post.find(ada)).toMatchObject({ email: 'Ada@Example.org', status: 'active' });
  });

  test('by suppression, nothing leaves either', async () => {
    await subscribeAda();
    await post.db.suppression.create({ data: { emailKey: ada, reason: 'complaint' } });
    expect(await post.deliver()).toMatchObject({ cancelled: 1 });
    expect(post.smtp.mails).toEqual([]);
  });
});

describe('when the server', () => {
  async function tellWhy(): Promise<string> {
    const row = await post.db.delivery.findFirstOrThrow({ where: { kind: 'digest' } });
    return [row.reasonCode, row.smtpStage, row.replyCode, row.replyStatus]
      .filter((part) => part !== null)
      .join(' ');
  }

  test.each<[string, Stage, Mishap, string, string]>([
    [
      'refuses the recipient for good',
      'RCPT',
      reply('550 5.1.1 no such user'),
      'rejected',
      'mailbox_unknown recipient 550 5.1.1',
    ],
    [
      'refuses the recipient for now',
      'RCPT',
      reply('451 4.7.1 greylisted'),
      'deferred',
      'greylisted recipient 451 4.7.1',
    ],
    [
      'refuses the message for good',
      'stored',
      reply('554 5.6.0 not this'),
      'rejected',
      'not_wanted content 554 5.6.0',
    ],
    [
      'refuses the message for now',
      'stored',
      reply('452 4.3.0 out of memory'),
      'deferred',
      'in_trouble content 452 4.3.0',
    ],
    [
      'is in trouble with the sender',
      'MAIL',
      reply('550 5.7.1 not from you'),
      'deferred',
      'not_wanted sender 550 5.7.1',
    ],
    [
      'says goodbye at the greeting',
      'greeting',
      reply('421 4.3.2 too busy'),
      'deferred',
      'in_trouble connection 421 4.3.2',
    ],
    [
      'says goodbye at the recipient',
      'RCPT',
      reply('421 4.3.2 shutting down'),
      'deferred',
      'in_trouble recipient 421 4.3.2',
    ],
    ['hangs up at the greeting', 'greeting', { type: 'hang-up' }, 'deferred', 'no_connection'],
    ['hangs up at the recipient', 'RCPT', { type: 'hang-up' }, 'deferred', 'no_connection'],
    ['hangs up instead of a 354', 'DATA', { type: 'hang-up' }, 'deferred', 'no_connection'],
    ['hangs up in the middle of the body', 'body', { type: 'hang-up' }, 'unknown', 'no_answer'],
    ['hangs up after it stored the message', 'stored', { type: 'hang-up' }, 'unknown', 'no_answer'],
  ])('%s (%s %j), the delivery is %s, since: %s', async (_, stage, mishap, state, why) => {
    await subscribeAda();
    post.smtp.behave(at(stage, mishap));
    await post.deliver();
    expect(await digestStates()).toEqual([state]);
    expect(await tellWhy()).toBe(why);
    expect((await post.find(ada)).servedThrough).toBe(0);

    // It comes to its senses: what was deferred goes out, under the same Message-ID; what is unknown is left alone.
    post.smtp.behave(() => null);
    const before = post.smtp.mails.length;
    post.pass(10 * minute);
    await post.sweep();
    expect(post.smtp.mails.length - before).toBe(state === 'deferred' ? 1 : 0);
    expect(await digestStates()).toEqual([state === 'deferred' ? 'accepted' : state]);
    // What was wrong before does not stay with a mail that went out.
    expect(await tellWhy()).toBe(state === 'deferred' ? '250' : why);
  });

  test('is away, no reader is blamed and the rest waits untried', async () => {
    for (let n = 0; n < 10; n += 1) await post.subscribe(`reader${n}@example.org`);
    await post.db.delivery.deleteMany({ where: { kind: 'confirmation' } });
    post.smtp.behave(at('greeting', { type: 'hang-up' }));
    expect(await post.deliver()).toMatchObject({ deferred: 4, accepted: 0, rejected: 0 });
    expect((await digestStates()).filter((state) => state === 'planned')).toHaveLength(6);
    expect(await post.db.delivery.count({ where: { attempts: 0 } })).toBe(6);
    post.smtp.behave(() => null);
    post.pass(minute);
    expect(await post.sweep()).toMatchObject({ accepted: 10 });
  });

  test('keeps refusing for a day, the mail is given up and the papers go into the next digest', async () => {
    await subscribeAda();
    // A day counts from when it was promised, by PostgreSQL's own clock.
    await post.db.delivery.updateMany({ data: { createdAt: post.now() } });
    post.smtp.behave(at('RCPT', reply('451 later')));
    for (let hours = 0; hours < 30; hours += 3) {
      await post.deliver();
      post.pass(180 * minute);
    }
    expect(await post.ledger()).toMatchObject([{ state: 'rejected', detail: 'given up after a day' }]);
    post.smtp.behave(() => null);
    await post.sweep();
    const mail = await post.smtp.parse(digests().at(-1));
    expect(mail.text).toContain('Mixture-of-Experts for translation');
    expect(digests()).toHaveLength(1);
  });

  test('stored a mail without an answer, resend-once sends it once more under the same Message-ID, then stops', async () => {
    await subscribeAda();
    post.smtp.behave(at('stored', { type: 'hang-up' }));
    await post.deliver();
    for (let n = 0; n < 3; n += 1) {
      post.pass(minute);
      await post.sweep('resend-once');
    }
    const ids = await Promise.all(digests().map(async (mail) => (await post.smtp.parse(mail)).messageId));
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    expect(await digestStates()).toEqual(['unknown']);
  });
});

describe('a worker that dies', () => {
  const claim = () => {
    const claimId = crypto.randomUUID();
    return claimDeliveries(post.db, { claimId, now: post.now(), leaseMs: minute, limit: 10 });
  };

  test('with a claim leaves it to the next one, after the lease', async () => {
    await subscribeAda();
    expect(await claim()).toHaveLength(1);
    expect(await post.sweep()).toMatchObject({ accepted: 0 });
    post.pass(minute);
    expect(await post.sweep()).toMatchObject({ accepted: 1 });
    expect(digests()).toHaveLength(1);
  });

  test('while the body may be leaving makes the mail unknown, and the next digest carries its papers', async () => {
    await subscribeAda();
    const [claimed] = await claim();
    if (claimed === undefined) throw new Error('nothing was claimed');
    await startData(post.db, { mails: [{ ...claimed, picks: null }], now: post.now(), leaseMs: minute });
    post.pass(minute);
    expect(await post.sweep()).toMatchObject({ accepted: 0 });
    expect(await digestStates()).toEqual(['unknown']);
    post.pass(day);
    expect(await post.sweep()).toMatchObject({ accepted: 1 });
  });

  test('slowly, and comes back after its lease, can send nothing more', async () => {
    await subscribeAda();
    const [claimed] = await claim();
    if (claimed === undefined) throw new Error('nothing was claimed');
    post.pass(minute);
    await post.sweep();
    const open = await startData(post.db, {
      mails: [{ ...claimed, picks: null }],
      now: post.now(),
      leaseMs: minute,
    });
    expect(open).toEqual([]);
    expect(digests()).toHaveLength(1);
  });

  test('in the middle of yesterday’s digest holds today’s back until it is known what was sent', async () => {
    await subscribeAda();
    const claimId = crypto.randomUUID();
    await claimDeliveries(post.db, { claimId, now: post.now(), leaseMs: 2 * day, limit: 1 });
    post.pass(day);
    expect(await post.sweep()).toMatchObject({ accepted: 0 });
    post.pass(2 * day);
    // Yesterday's is free again, and superseded: one mail brings all.
    await post.sweep();
    expect(digests()).toHaveLength(1);
    expect(await digestStates()).toContain('cancelled');
  });
});

describe('the sweep', () => {
  test('waits for no row that is being written, and comes back for it', async () => {
    await subscribeAda();
    const claimId = crypto.randomUUID();
    await claimDeliveries(post.db, { claimId, now: post.now(), leaseMs: minute, limit: 10 });
    post.pass(minute);
    const sweep = () => expireLeases(post.db, { now: post.now(), unknownPolicy: 'resend-once' });
    await post.db.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT id FROM delivery FOR UPDATE`;
      expect(await sweep()).toEqual({ freed: 0, parked: 0, unknown: 0 });
    });
    expect(await sweep()).toEqual({ freed: 1, parked: 0, unknown: 0 });
  });
});

describe('a delivery that ends its workers', () => {
  type Claimed = Parameters<PostOffice['deps']['writeMails']>[0];
  /** The ledger's counts of what is in a worker's hands, as each claim is written. */
  const watchHands = () => {
    const hands: { written: bigint[]; inHand: number }[] = [];
    const { writeMails } = post.deps;
    const watch = async (claimed: Claimed) => {
      const inHand = await post.db.delivery.count({ where: { state: { in: ['claimed', 'data_started'] } } });
      hands.push({ written: claimed.map(({ id }) => id), inHand });
      return writeMails(claimed);
    };
    return { hands, deps: { ...post.deps, writeMails: watch } };
  };
  const emails = Array.from({ length: 6 }, (_, index) => `reader${index}@example.org`);
  const subscribeAll = async () => {
    for (const email of emails) await post.subscribe(email);
    await post.db.delivery.deleteMany({ where: { kind: 'confirmation' } });
    const rows = await post.db.delivery.findMany({ orderBy: { id: 'asc' }, select: { id: true } });
    return rows.map(({ id }) => id);
  };

  test('goes last the third time, with nothing else in its worker’s hands', async () => {
    const ids = await subscribeAll();
    const risky = ids.slice(0, 3);
    await post.db.delivery.updateMany({ where: { id: { in: risky } }, data: { lostWorkers: 2 } });
    const { hands, deps } = watchHands();
    expect(await deliverDue(deps)).toMatchObject({ accepted: emails.length });
    expect(hands.slice(-risky.length)).toEqual(risky.map((id) => ({ written: [id], inHand: 1 })));
    expect(digests()).toHaveLength(emails.length);
  });

  test('lets what becomes due meanwhile go first, however many such there are', async () => {
    const ids = await subscribeAll();
    const [first, second, late] = ids as [bigint, bigint, bigint];
    await post.db.delivery.updateMany({
      where: { id: { in: [first, second] } },
      data: { lostWorkers: 2 },
    });
    const due = { nextTryAt: post.now() };
    await post.db.delivery.updateMany({ where: { id: late }, data: { nextTryAt: new Date('2026-12-01') } });
    const { hands, deps } = watchHands();
    const { writeMails } = deps;
    const wake = async (claimed: Claimed) => {
      if (claimed[0]?.id === first) await post.db.delivery.updateMany({ where: { id: late }, data: due });
      return writeMails(claimed);
    };
    expect(await deliverDue({ ...deps, writeMails: wake })).toMatchObject({ accepted: emails.length });
    expect(hands.slice(-3).map(({ written }) => written)).toEqual([[first], [late], [second]]);
  });

  test('is parked when that worker ends too, alone, and is not tried again', async () => {
    const [poison, ...others] = await subscribeAll();
    const { writeMails } = post.deps;
    class Dead extends Error {}
    // What it had in hand stays as it is, as after kill -9: a worker that fails gives back what it has not written.
    const die = async (claimed: Claimed) => {
      if (claimed.some(({ id }) => id === poison)) throw new Dead();
      return writeMails(claimed);
    };
    const parked: number[] = [];
    for (let worker = 0; worker < 3; worker += 1) {
      await expect(deliverDue({ ...post.deps, writeMails: die })).rejects.toThrow(Dead);
      post.pass(5 * minute);
      parked.push((await expireLeases(post.db, { now: post.now(), unknownPolicy: 'leave' })).parked);
    }
    expect(parked).toEqual([0, 0, 1]);
    await post.deliver();
    const rows = await post.db.delivery.findMany({ orderBy: { id: 'asc' } });
    expect(rows.map(({ state }) => state)).toEqual(['rejected', ...others.map(() => 'accepted')]);
    expect(rows[0]).toMatchObject({
      reasonCode: 'parked',
      finishedAt: expect.any(Date),
      detail: '3 workers ended while they had it in hand: it is not tried again',
    });
    post.pass(minute);
    expect(await post.deliver()).toMatchObject({ accepted: 0 });
  });
});

describe('what is filled in later', () => {
  test('is in no digest, though its papers are new to us', async () => {
    await subscribeAda();
    await post.list('2024-06-21', [expertPaper('archives')]);
    expect(await post.deliver()).toMatchObject({ accepted: 1 });
    await post.list('2024-06-22', [expertPaper('museums')]);
    await post.list('2026-02-28', [expertPaper('late listings')]);
    post.pass(day);
    expect(await post.sweep()).toMatchObject({ accepted: 1 });
    await post.list('2024-06-23', [expertPaper('libraries')]);
    post.pass(day);
    expect(await post.sweep()).toMatchObject({ accepted: 0, nothing: 1 });

    const texts = await Promise.all(digests().map(async (mail) => (await post.smtp.parse(mail)).text ?? ''));
    expect(texts[0]).toContain('translation');
    expect(texts[1]).toContain('late listings');
    expect(texts.join()).not.toMatch(/archives|museums|libraries/);
  });

  test('is not in the first digest of who signs up afterwards', async () => {
    await post.list('2024-06-21', [expertPaper('archives')]);
    await subscribeAda();
    expect(await post.deliver()).toMatchObject({ accepted: 1 });
    const { text } = await post.smtp.parse(digests()[0]);
    expect(text).toContain('translation');
    expect(text).not.toContain('archives');
  });
});

describe('a mail that cannot be written', () => {
  test('is put off with the reason, and costs the other mails nothing', async () => {
    await subscribeAda();
    await post.signUp(alan);
    const findMatches = () => Promise.reject(new Error('no such topic table'));
    const writeMails = createMailWriter({
      ...post.writerDeps,
      matches: { ...post.writerDeps.matches, findMatches },
    });
    expect(await deliverDue({ ...post.deps, writeMails })).toMatchObject({ accepted: 1, deferred: 1 });
    expect(await post.ledger()).toMatchObject([
      { kind: 'digest', state: 'deferred', reasonCode: 'not_written', detail: 'no such topic table' },
      { kind: 'confirmation', state: 'accepted' },
    ]);
  });
});

describe('DKIM', () => {
  test('signs every digest over the headers that lists need, and verifies after the wire', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'der' },
    });
    const signed = await openPostOffice({
      dkim: [{ domainName: 'papers.example.org', keySelector: 'test', privateKey }],
    });
    try {
      await signed.list('2026-03-02', [expertPaper('translation')]);
      await signed.subscribe(ada);
      await signed.deliver();
      for (const { raw } of signed.smtp.mails) {
        const { results } = await dkimVerify(raw, {
          resolver: async () => [[`v=DKIM1; k=rsa; p=${publicKey.toString('base64')}`]],
        });
        expect(results[0]?.status).toMatchObject({ result: 'pass' });
        const [, headers] = /\bh=([^;]+);/.exec(raw.toString().replace(/\r\n\s+/g, '')) ?? [];
        const names = headers?.toLowerCase().split(':') ?? [];
        expect(names).toEqual(
          expect.arrayContaining(['from', 'to', 'subject', 'date', 'message-id', 'auto-submitted']),
        );
        if (raw.includes('Precedence: bulk')) {
          expect(names).toEqual(
            expect.arrayContaining(['list-id', 'list-unsubscribe', 'list-unsubscribe-post', 'feedback-id']),
          );
        }
      }
      expect(signed.smtp.mails).toHaveLength(1);
    } finally {
      await signed.close();
    }
  });
});

// A mail server that fails in the middle of a run, or again and again: every reader gets the mail once, or the ledger
// tells why not; and few mails are lost on it.
import { describe, expect, test } from 'vitest';
import { countCopies, listBrokenPromises } from '../support/broken-promises.ts';
import { createSeededRandom, rounds } from '../support/random.ts';
import { type Mishap, type Script, type Stage, startSmtpCatcher } from '../support/smtp-catcher.ts';
import { hangUp, minute, openTroubledPost, reply, stall, wait } from './troubled-post.ts';

/** Short, for servers that fall silent; and long enough for an answer on a busy machine. */
const timeouts = { connectionMs: 2000, greetingMs: 2000, socketMs: 2000 };

/** Of two batches, each with one mail for each of four connections; and two more begin before the third silence. */
const mostUnderWay = 2 * 4 + 2;

/** What a mishap with a mail means for its delivery; null: it is tried again. */
type Fate = 'rejected' | 'unknown' | null;

const mishaps: [Stage, Mishap, Fate][] = [
  ['MAIL', reply('451 4.3.0 later'), null],
  ['MAIL', reply('421 4.7.0 enough'), null],
  ['MAIL', hangUp, null],
  ['RCPT', reply('550 5.1.1 nobody'), 'rejected'],
  ['RCPT', reply('450 4.2.0 greylisted'), null],
  ['RCPT', reply('421 4.7.0 enough'), null],
  ['RCPT', hangUp, null],
  ['RCPT', stall, null],
  ['RCPT', wait(100), null],
  ['DATA', reply('554 5.7.1 no'), 'rejected'],
  ['DATA', reply('451 4.3.0 later'), null],
  ['DATA', hangUp, null],
  ['body', hangUp, 'unknown'],
  ['body', stall, 'unknown'],
  ['end', reply('552 5.3.4 too big'), 'rejected'],
  ['end', reply('452 4.3.1 disk full'), null],
  ['end', hangUp, 'unknown'],
  ['end', wait(100), null],
  ['stored', hangUp, 'unknown'],
  ['stored', stall, 'unknown'],
  ['stored', wait(100), null],
  ['answered', hangUp, null],
];

/** In the run that fails at random. */
const readers = 150;

describe('a server that', () => {
  // Takes longest.
  test.concurrent.for(rounds)(
    'fails at random leaves every reader with one mail, or with the reason in the ledger (round %i)',
    { timeout: 300_000 },
    async (_, { onTestFinished }) => {
      const random = createSeededRandom('server');
      const post = await openTroubledPost(readers, { connections: 6, timeouts });
      onTestFinished(post.close);
      // By reader: what is to go wrong with each try, for a few tries.
      const plans = new Map<string, (typeof mishaps)[number][]>();
      const fates = new Map<string, Fate>();
      const planFor = (to: string) => {
        const plan = plans.get(to) ?? Array.from({ length: random.below(4) }, () => random.pick(mishaps));
        plans.set(to, plan);
        return plan;
      };
      post.smtp.behave((stage, { to }) => {
        if (stage === 'greeting')
          return random.next() < 0.05 ? random.pick([hangUp, stall, reply('421 4.3.2 busy')]) : null;
        const [next] = planFor(to);
        if (next === undefined || next[0] !== stage) return null;
        planFor(to).shift();
        fates.set(to, next[2]);
        return next[1];
      });
      await post.deliverAll();

      expect(await listBrokenPromises(post.db, post.smtp.mails)).toEqual([]);
      const copies = countCopies(post.smtp.mails);
      const rows = await post.db.delivery.findMany({ include: { subscriber: { select: { email: true } } } });
      expect(rows).toHaveLength(readers);
      for (const { id, state, reasonCode, replyText, detail, subscriber } of rows) {
        const fate = fates.get(subscriber.email) ?? null;
        expect({ state, isCoded: reasonCode !== null, words: replyText ?? detail, id }).toMatchObject({
          state: fate ?? 'accepted',
          isCoded: state !== 'accepted',
          words: expect.stringMatching(/./),
        });
        if (fate === null) expect(copies.of({ id })).toBe(1);
      }
      expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['accepted', 'rejected', 'unknown']));
    },
  );

  test.concurrent('answers slowly at every stage gets all mails, each once', async ({ onTestFinished }) => {
    const post = await openTroubledPost(30, { connections: 5 });
    onTestFinished(post.close);
    post.smtp.behave(() => wait(60));
    expect(await post.sweep()).toMatchObject({ accepted: 30 });
    expect(await listBrokenPromises(post.db, post.smtp.mails)).toEqual([]);
  });

  test.concurrent.for<[string, Script]>([
    ['after it answered', (stage, { before }) => (stage === 'answered' && before >= 3 ? hangUp : null)],
    [
      'with a 421 instead of the next',
      (stage, { before }) => (stage === 'MAIL' && before >= 3 ? reply('421 4.7.0 enough') : null),
    ],
    ['in the next', (stage, { before }) => (stage === 'MAIL' && before >= 3 ? hangUp : null)],
  ])(
    'closes every connection after three mails, %s, gets all in one run',
    async ([_, script], { onTestFinished }) => {
      const post = await openTroubledPost(40, { connections: 3 });
      onTestFinished(post.close);
      post.smtp.behave(script);
      expect(await post.sweep()).toMatchObject({ accepted: 40, deferred: 0 });
      expect(await listBrokenPromises(post.db, post.smtp.mails)).toEqual([]);
    },
  );

  test.concurrent('falls silent in the middle of a run costs no more mails than were being sent', async ({
    onTestFinished,
  }) => {
    const post = await openTroubledPost(400, { connections: 4, timeouts });
    onTestFinished(post.close);
    post.smtp.behave((stage) => (stage === 'body' && post.smtp.mails.length >= 200 ? stall : null));
    const counts = await post.sweep();
    expect(counts.accepted).toBeGreaterThanOrEqual(200);
    expect(counts.unknown).toBeLessThanOrEqual(mostUnderWay);

    post.smtp.behave(() => null);
    await post.deliverAll();
    expect(await listBrokenPromises(post.db, post.smtp.mails)).toEqual([]);
    expect((await post.states()).filter((state) => state !== 'accepted')).toEqual(
      Array(counts.unknown).fill('unknown'),
    );
  });

  test.concurrent('drops every mail at its end costs no more mails than are under way, until it is well again', async ({
    onTestFinished,
  }) => {
    const post = await openTroubledPost(300, { connections: 4 });
    onTestFinished(post.close);
    post.smtp.behave((stage) => (stage === 'end' ? hangUp : null));
    const first = await post.sweep();
    expect(first.unknown).toBeGreaterThan(0);
    expect(first.unknown).toBeLessThanOrEqual(mostUnderWay);

    post.pass(minute);
    post.smtp.behave(() => null);
    await post.deliverAll();
    expect((await post.states()).filter((state) => state !== 'accepted')).toEqual(
      Array(first.unknown).fill('unknown'),
    );
    expect(await listBrokenPromises(post.db, post.smtp.mails)).toEqual([]);
  });

  test.concurrent('is gone for a while in the middle of a run costs no mail that had not begun to leave', async ({
    onTestFinished,
  }) => {
    const post = await openTroubledPost(300, { connections: 4 });
    onTestFinished(post.close);
    const { port } = new URL(post.smtp.smtpUrl);
    let closing: Promise<void> | undefined;
    post.smtp.behave((stage) => {
      if (stage === 'stored' && post.smtp.mails.length === 120) closing = post.smtp.close();
      return null;
    });
    const { unknown } = await post.sweep();
    await closing;
    expect(unknown).toBeLessThanOrEqual(4);
    const again = await startSmtpCatcher({ port: Number(port) });
    try {
      await post.deliverAll();
      const mails = [...post.smtp.mails, ...again.mails];
      expect(await listBrokenPromises(post.db, mails)).toEqual([]);
      expect((await post.states()).filter((state) => state !== 'accepted')).toEqual(
        Array(unknown).fill('unknown'),
      );
    } finally {
      await again.close();
    }
  });
});

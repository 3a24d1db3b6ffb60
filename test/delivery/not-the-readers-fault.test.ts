import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { judgeRefusals } from '../../src/bounces/judge-refusals.ts';
import { deliverDue } from '../../src/delivery/deliver.ts';
import { planDigests } from '../../src/ledger/plan.ts';
import { subscribeAll } from '../support/crowd.ts';
import { openPostOffice, type PostOffice } from '../support/post-office.ts';
import { takesConnections, takesMailsPerSession } from '../support/server-habits.ts';
import type { Mishap, Script } from '../support/smtp-catcher.ts';
import { wireDelivery } from '../support/wire-delivery.ts';
import { expertPaper } from '../support/world.ts';

let post: PostOffice;
beforeEach(async () => {
  post = await openPostOffice();
  await post.list('2026-03-02', [expertPaper('translation')]);
});
afterEach(() => post.close());

const minute = 60_000;
const reply = (line: string): Mishap => ({ type: 'reply', line });
const refuseAll =
  (line: string): Script =>
  (stage) =>
    stage === 'RCPT' ? reply(line) : null;
const readers = (domain: string, count: number) =>
  Array.from({ length: count }, (_, n) => `reader${n}@${domain}`);

async function subscribeMany(emails: string[]) {
  await subscribeAll(post.databaseUrl, emails);
  await planDigests({ db: post.db, now: post.now() });
}

const countStates = async () =>
  Object.fromEntries(
    (await post.db.delivery.groupBy({ by: ['state'], _count: true })).map(({ state, _count }) => [
      state,
      _count,
    ]),
  );

/** All that is due within a while, as the minute's sweep does it. */
async function sweepFor(minutes: number) {
  for (let n = 0; n < minutes; n += 5) {
    post.pass(5 * minute);
    await post.sweep();
  }
}

/** The same, until no mail is left to send, for at most a while. */
async function sweepUntilOver(minutes: number) {
  for (let n = 0; n < minutes; n += 5) {
    await sweepFor(5);
    if ((await post.db.delivery.count({ where: { finishedAt: null } })) === 0) break;
  }
}

async function deliverFor(hours: number) {
  for (let n = 0; n < hours; n += 2) {
    post.pass(120 * minute);
    await post.deliver();
  }
}

test('a server that has lost count of the commands, in a new conversation too, has refused nobody', async () => {
  post.smtp.behave(refuseAll('503 5.5.1 bad sequence of commands'));
  await subscribeMany(readers('example.com', 3));
  await post.deliver();
  expect(await countStates()).toEqual({ deferred: 3 });
  post.smtp.behave(() => null);
  await sweepUntilOver(60);
  expect(await countStates()).toEqual({ accepted: 3 });
});

describe('a refusal that names our own', () => {
  test.each([
    ['sender', '550-No Such User Here\r\n550 Sender verify failed'],
    ['sender address', '550 5.1.0 <digest@papers.example.org> Sender address rejected: User unknown'],
    ['sender, as if it were the reader', '550 5.1.1 <digest@papers.example.org>: User unknown'],
    ['unverified address', '554 Message rejected: Email address is not verified (sandbox)'],
    ['daily quota', '550 5.4.5 Daily user sending quota exceeded'],
    ['right to relay', '550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain'],
    ['IP address', '550 5.1.1 IP blacklisted'],
  ])('%s costs no reader anything, and the mails leave once it is mended', async (_, line) => {
    await subscribeMany([...readers('one.example', 5), ...readers('two.example', 5)]);
    post.smtp.behave(refuseAll(line));
    expect(await post.deliver()).toMatchObject({ accepted: 0, rejected: 0 });
    await sweepFor(20);
    expect(await judgeRefusals({ db: post.db, now: post.now() })).toEqual({ judged: 0, suppressed: 0 });
    expect(await post.db.delivery.count({ where: { state: 'rejected' } })).toBe(0);
    post.smtp.behave(() => null);
    await sweepUntilOver(120);
    expect(await countStates()).toEqual({ accepted: 10 });
    expect(post.smtp.mails).toHaveLength(10);
  });

  test('is told once for twenty readers of one domain, of whom few are tried', async () => {
    await subscribeMany(readers('one.example', 20));
    post.smtp.behave(refuseAll('550-No Such User Here\r\n550 Sender verify failed'));
    const told: Record<string, unknown>[] = [];
    const log = pino({ level: 'warn' }, { write: (line) => told.push(JSON.parse(line)) });
    const { deps } = await wireDelivery({
      db: post.db,
      mailSources: inject('mailSources'),
      smtpUrl: post.smtp.smtpUrl,
      now: post.now,
      log,
    });
    try {
      await deliverDue(deps);
    } finally {
      deps.mailer.close();
    }
    expect(await countStates()).toEqual({ deferred: 20 });
    expect(told.filter(({ msg }) => msg === 'mail server in trouble')).toMatchObject([
      { domain: 'one.example' },
    ]);
    const tried = await post.db.delivery.count({ where: { replyCode: 550 } });
    expect(tried).toBeGreaterThan(0);
    expect(tried).toBeLessThanOrEqual(4);
  });

  test('a quota that ends in mid-run leaves the rest for when it is there again', async () => {
    await subscribeMany([...readers('one.example', 30), ...readers('two.example', 30)]);
    let left = 20;
    post.smtp.behave((stage) => {
      if (stage !== 'RCPT') return null;
      left -= 1;
      return left >= 0 ? null : reply('550 5.4.5 Daily user sending quota exceeded');
    });
    expect(await post.deliver()).toMatchObject({ accepted: 20, rejected: 0 });
    expect(await post.db.delivery.count({ where: { finishedAt: null } })).toBe(40);
    left = 100;
    await sweepUntilOver(120);
    expect(await countStates()).toEqual({ accepted: 60 });
  });

  test('by one domain only holds up nobody else', async () => {
    await subscribeMany([...readers('strict.example', 10), ...readers('kind.example', 40)]);
    post.smtp.behave((stage, { to }) =>
      stage === 'RCPT' && to.endsWith('strict.example') ? reply('550 5.7.1 Sender address rejected') : null,
    );
    expect(await post.deliver()).toMatchObject({ accepted: 40, deferred: 10, rejected: 0 });
  });
});

describe('readers of one domain who are refused alike', () => {
  const unknown = (to: string) =>
    reply(`550 5.1.1 <${to}>: user unknown, id ${to.length}abc7def${to.length}`);
  const refuseDomain =
    (domain: string): Script =>
    (stage, { to }) =>
      stage === 'RCPT' && to.endsWith(domain) ? unknown(to) : null;
  const suppressed = () => post.db.suppression.count();
  const judgeAll = () => judgeRefusals({ db: post.db, now: post.now() });

  test('are held, and nobody is barred, however long it goes on; the log says what to do', async () => {
    await subscribeMany([...readers('odd.example', 12), ...readers('kind.example', 12)]);
    const told: Record<string, unknown>[] = [];
    const log = pino({ level: 'warn' }, { write: (line) => told.push(JSON.parse(line)) });
    const { deps } = await wireDelivery({
      db: post.db,
      mailSources: inject('mailSources'),
      smtpUrl: post.smtp.smtpUrl,
      now: post.now,
      log,
    });
    post.smtp.behave(refuseDomain('odd.example'));
    try {
      await deliverDue(deps);
      await judgeAll();
      expect(await countStates()).toEqual({ accepted: 12, deferred: 12 });
      expect([await suppressed(), await post.db.bounce.count()]).toEqual([0, 0]);
      expect(told.filter(({ msg }) => msg === 'mail server in trouble')).toMatchObject([
        {
          domain: 'odd.example',
          reason: expect.stringMatching(/^5 readers of this domain are refused alike: 550 5\.1\.1/),
          remedy: expect.stringContaining('postmaster'),
        },
      ]);
      for (let hours = 0; hours < 30; hours += 2) {
        post.pass(120 * minute);
        await deliverDue(deps);
        await judgeAll();
      }
      expect(await suppressed()).toBe(0);
      post.smtp.behave(() => null);
      for (let hours = 0; hours < 6; hours += 2) {
        post.pass(120 * minute);
        await deliverDue(deps);
      }
      expect(await countStates()).toEqual({ accepted: 24 });
    } finally {
      deps.mailer.close();
    }
  });

  test('what was judged of the first before is undone', async () => {
    const first = readers('odd.example', 4);
    await subscribeMany(first);
    post.smtp.behave(refuseDomain('odd.example'));
    await post.deliver();
    expect(await judgeAll()).toEqual({ judged: 4, suppressed: 4 });
    await subscribeMany(['fifth@odd.example']);
    await post.deliver();
    expect([await suppressed(), await post.db.bounce.count()]).toEqual([0, 0]);
    expect(await countStates()).toEqual({ deferred: 5 });
  });

  test('are believed when their domain takes the mails of others between', async () => {
    await subscribeMany([...readers('one.example', 3), ...readers('two.example', 1)]);
    post.smtp.behave(refuseDomain('one.example'));
    await post.deliver();
    await judgeAll();
    post.smtp.behave(() => null);
    await subscribeMany(['there@one.example']);
    await post.deliver();
    post.smtp.behave(refuseDomain('one.example'));
    await subscribeMany(readers('one.example', 7).slice(3));
    await post.deliver();
    await judgeAll();
    expect(await suppressed()).toBe(7);
  });

  test('and still refused once it has, are believed then', async () => {
    const dead = readers('big.example', 5);
    await subscribeMany(dead);
    post.smtp.behave(refuseDomain('big.example'));
    await post.deliver();
    expect(await countStates()).toEqual({ deferred: 5 });
    post.smtp.behave((stage, { to }) => (stage === 'RCPT' && dead.includes(to) ? unknown(to) : null));
    await subscribeMany(['there@big.example']);
    // Chance says who of the domain is tried first: where it is never the one who is there, all are put off again.
    await sweepUntilOver(1200);
    await judgeAll();
    expect(await countStates()).toEqual({ accepted: 1, rejected: 5 });
    expect(await suppressed()).toBe(5);
  });
});

test('a mail that waited for our own matter for days is not given up at the next ordinary refusal', async () => {
  await subscribeMany(['ada@one.example']);
  post.smtp.behave(refuseAll('550 5.7.1 Client host blocked using zen.spamhaus.org'));
  await deliverFor(30);
  post.smtp.behave(refuseAll('452 4.2.2 mailbox is full'));
  await deliverFor(20);
  expect(await countStates()).toEqual({ deferred: 1 });
  await deliverFor(10);
  expect(await post.ledger()).toMatchObject([{ state: 'rejected', detail: 'given up after a day' }]);
});

describe('greylisting', () => {
  test.each(['451 4.7.1 Greylisting in action, please come back later', '450 4.2.0 try again later'])(
    'by a domain of many readers (%s) costs some minutes, and slows nobody',
    async (line) => {
      await subscribeMany(readers('grey.example', 40));
      const seen = new Map<string, Date>();
      post.smtp.behave((stage, { to }) => {
        if (stage !== 'RCPT') return null;
        const first = seen.get(to) ?? post.now();
        seen.set(to, first);
        return post.now().getTime() - first.getTime() >= 5 * minute ? null : reply(line);
      });
      expect(await post.deliver()).toMatchObject({ accepted: 0, deferred: 40 });
      post.pass(8 * minute);
      expect(await post.sweep()).toMatchObject({ accepted: 40, deferred: 0 });
      expect(await post.db.sendingRate.count()).toBe(0);
    },
  );
});

test('a server that takes one connection, and three mails over it, gets all in one run', async () => {
  await subscribeMany(readers('one.example', 20));
  const [connections, mails] = [
    takesConnections(1, { line: '421 4.7.0 too many concurrent connections' }),
    takesMailsPerSession(3, { line: '452 4.5.3 too many recipients', at: 'RCPT' }),
  ];
  post.smtp.behave((stage, mail) => connections.script(stage, mail) ?? mails.script(stage, mail));
  expect(await post.deliver()).toMatchObject({ accepted: 20, deferred: 0, rejected: 0, unknown: 0 });
  expect(new Set(post.smtp.mails.map(({ to }) => to)).size).toBe(20);
  expect(post.smtp.mails).toHaveLength(20);
  expect(await post.db.sendingRate.count()).toBe(0);
});

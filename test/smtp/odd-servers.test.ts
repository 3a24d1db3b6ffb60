// Mail servers that take fewer connections, or fewer mails over one, than we would use: all mails leave in one run, once.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMailer, type Mailer, type ServerLimits } from '../../src/smtp/mailer.ts';
import { createMailerGroup } from '../../src/smtp/mailer-group.ts';
import { takesConnections, takesMailsPerSession } from '../support/server-habits.ts';
import { type SmtpCatcher, startSmtpCatcher } from '../support/smtp-catcher.ts';

let smtp: SmtpCatcher;
let now: Date;
let learned: ServerLimits[];
let troubles: object[];
let mailer: Mailer;
beforeEach(async () => {
  smtp = await startSmtpCatcher();
  now = new Date('2026-03-02T09:00:00Z');
  [learned, troubles] = [[], []];
  mailer = openMailer({ connections: 5 });
});
afterEach(async () => {
  mailer.close();
  await smtp.close();
});

/** As the service has it, one of its servers. */
function openMailer({ connections }: { connections: number }): Mailer {
  const one = createMailer({
    smtpUrl: smtp.smtpUrl,
    connections,
    now: () => now,
    onLimits: (limits) => learned.push(limits),
  });
  return createMailerGroup([{ name: 'odd', mailer: one, weight: 1, reserve: async (count) => count }], {
    now: () => now,
    random: () => 0.5,
    onTrouble: (trouble) => troubles.push(trouble),
  });
}

const passMinutes = (minutes: number) => {
  now = new Date(now.getTime() + minutes * 60_000);
};

let readers = 0;
async function sendMany(count: number, leaveBy?: Date) {
  await mailer.admit(count);
  const raw = Buffer.from('Subject: hello\r\n\r\nhello\r\n');
  return Promise.all(
    Array.from({ length: count }, () => {
      readers += 1;
      const envelope = { from: 'digest@example.org', to: `reader${readers}@example.org` };
      return mailer.send({ envelope, raw, ...(leaveBy === undefined ? {} : { leaveBy }) });
    }),
  );
}

/** Nothing lost, nothing doubled, nobody waits. */
async function expectAllSent(count = 40) {
  const before = smtp.mails.length;
  const results = await sendMany(count);
  expect(results.filter(({ type }) => type !== 'accepted')).toEqual([]);
  const sent = smtp.mails.slice(before).map(({ to }) => to);
  expect(sent).toHaveLength(count);
  expect(new Set(sent).size).toBe(count);
  expect(troubles).toEqual([]);
}

describe('a server that takes two connections', () => {
  test.each([
    ['greeting', '421 4.7.0 too many concurrent connections from your address'],
    ['greeting', '421 4.3.2 Service not available'],
    ['greeting', '554 5.7.0 Too many connections'],
    ['greeting', null],
    ['EHLO', '432 4.3.2 Concurrent connections limit exceeded'],
    ['EHLO', '421 too many sessions'],
    ['EHLO', null],
    ['MAIL', '432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded'],
    ['MAIL', '421 too many concurrent SMTP connections; please try again later'],
  ] as const)('and says so at %s (%s) is sent all over two', async (at, line) => {
    const { habit, script } = takesConnections(2, { line, at });
    smtp.behave(script);
    await expectAllSent();
    expect(habit.refused).toBeGreaterThanOrEqual(1);
    expect(habit.refused).toBeLessThanOrEqual(6);
  });
});

describe('a server that ends a session after three mails', () => {
  test.each([
    ['MAIL', '421 4.7.0 too many messages in this session, closing'],
    ['MAIL', '451 4.7.1 try again over another connection'],
    ['MAIL', '452 4.5.3 too many messages in this session'],
    ['RCPT', '452 4.5.3 too many recipients'],
    ['RCPT', '421 4.4.5 too many recipients in this session'],
  ] as const)('at %s (%s) is sent the rest over others, and soon not asked for more', async (at, line) => {
    const { habit, script } = takesMailsPerSession(3, { line, at });
    smtp.behave(script);
    await expectAllSent();
    expect(habit.refused).toBeGreaterThanOrEqual(1);
    // Each of five sessions may find out by itself, some of them while the number is learned.
    expect(habit.refused).toBeLessThanOrEqual(8);
  });
});

test('a 451 at MAIL now and then costs another connection, and no pause', async () => {
  let asked = 0;
  smtp.behave((stage) => {
    if (stage !== 'MAIL') return null;
    asked += 1;
    return asked % 7 === 1 ? { type: 'reply', line: '451 4.3.0 temporary lookup failure' } : null;
  });
  await expectAllSent();
});

test('a server that takes nobody is in trouble, and all connections are tried once it is back', async () => {
  smtp.behave((stage) => (stage === 'greeting' ? { type: 'reply', line: '421 4.3.2 shutting down' } : null));
  const results = await sendMany(20);
  expect(results.filter(({ type }) => type === 'accepted')).toEqual([]);
  expect(troubles).toHaveLength(1);
  let [open, most] = [0, 0];
  smtp.behave((stage) => {
    if (stage === 'MAIL') {
      open += 1;
      most = Math.max(most, open);
    }
    if (stage === 'answered') open -= 1;
    return stage === 'end' ? { type: 'wait', ms: 20 } : null;
  });
  passMinutes(1);
  troubles = [];
  await expectAllSent();
  expect(most).toBe(5);
});

test('the number of connections is raised again by one at a time, more rarely when that is refused', async () => {
  const { habit, script } = takesConnections(2, { line: '421 too many connections' });
  smtp.behave((stage, mail) => script(stage, mail) ?? (stage === 'end' ? { type: 'wait', ms: 20 } : null));
  const countRefused = async () => {
    const before = habit.refused;
    await expectAllSent(20);
    return habit.refused - before;
  };
  expect(await countRefused()).toBe(3);
  expect(learned.at(-1)).toEqual({ connections: 2, because: 'refused', mailsPerSession: null });
  expect(await countRefused()).toBe(0);
  passMinutes(1);
  expect(await countRefused()).toBe(1);
  passMinutes(1);
  expect(await countRefused()).toBe(0);
  habit.most = 5;
  for (const open of [3, 4, 5]) {
    passMinutes(60);
    expect(await countRefused()).toBe(0);
    expect(habit.open).toBe(open);
  }
});

test('a mail for which no connection was free until its lease ran low does not leave', async () => {
  mailer.close();
  mailer = openMailer({ connections: 1 });
  smtp.behave((stage) => {
    if (stage === 'end') passMinutes(2);
    return null;
  });
  const results = await sendMany(2, new Date(now.getTime() + 60_000));
  expect(results).toMatchObject([{ type: 'accepted' }, { type: 'held', cause: 'connection_limit' }]);
  expect(smtp.mails).toHaveLength(1);
});

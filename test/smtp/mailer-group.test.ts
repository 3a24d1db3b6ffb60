import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMailer, type Mailer } from '../../src/smtp/mailer.ts';
import { createMailerGroup, type MailServer } from '../../src/smtp/mailer-group.ts';
import { type SmtpCatcher, startSmtpCatcher } from '../support/smtp-catcher.ts';

let one: SmtpCatcher;
let two: SmtpCatcher;
let now = new Date('2026-03-02T09:00:00Z');
let troubles: string[] = [];
const opened: Mailer[] = [];

beforeEach(async () => {
  [one, two] = await Promise.all([startSmtpCatcher(), startSmtpCatcher()]);
  now = new Date('2026-03-02T09:00:00Z');
  troubles = [];
});
afterEach(async () => {
  for (const mailer of opened.splice(0)) mailer.close();
  await Promise.all([one.close(), two.close()]);
});

const pass = (ms: number) => {
  now = new Date(now.getTime() + ms);
};

function openGroup(servers: { catcher: SmtpCatcher; weight?: number; most?: number }[]): Mailer {
  const group = servers.map(
    ({ catcher, weight = 1, most = Number.POSITIVE_INFINITY }): MailServer => ({
      name: new URL(catcher.smtpUrl).host,
      weight,
      reserve: async (count) => Math.min(count, most),
      mailer: createMailer({ smtpUrl: catcher.smtpUrl, connections: 2 }),
    }),
  );
  let seed = 0;
  const random = () => {
    seed = (seed + 0.618034) % 1;
    return seed;
  };
  const mailer = createMailerGroup(group, {
    now: () => now,
    random,
    onTrouble: ({ server }) => troubles.push(server),
  });
  opened.push(mailer);
  return mailer;
}

async function send(mailer: Mailer, count: number) {
  await mailer.admit(count);
  const raw = () => Buffer.from('Subject: hello\r\n\r\nhello\r\n');
  const envelope = { from: 'digest@example.org', to: 'ada@example.org' };
  return Promise.all(Array.from({ length: count }, () => mailer.send({ envelope, raw: raw() })));
}

const typesOf = (results: { type: string }[]) => [...new Set(results.map(({ type }) => type))];

describe('several mail servers', () => {
  test('share the mails by their weights', async () => {
    const mailer = openGroup([{ catcher: one, weight: 3 }, { catcher: two }]);
    expect(typesOf(await send(mailer, 80))).toEqual(['accepted']);
    expect(one.mails.length).toBe(60);
    expect(two.mails.length).toBe(20);
  });

  test('take over for one that is in trouble, which is left alone for a while and then tried again', async () => {
    const mailer = openGroup([{ catcher: one }, { catcher: two }]);
    one.behave((stage) => (stage === 'greeting' ? { type: 'reply', line: '554 no service' } : null));
    expect(typesOf(await send(mailer, 20))).toEqual(['accepted']);
    expect(two.mails).toHaveLength(20);
    expect(troubles).toEqual([new URL(one.smtpUrl).host]);

    one.behave(() => null);
    expect(typesOf(await send(mailer, 4))).toEqual(['accepted']);
    expect(one.mails).toHaveLength(0);
    pass(15_000);
    await send(mailer, 20);
    expect(one.mails.length).toBeGreaterThan(0);
  });

  test('do not take over what another one may have stored', async () => {
    const mailer = openGroup([{ catcher: one, weight: 1000 }, { catcher: two }]);
    one.behave((stage) => (stage === 'stored' ? { type: 'hang-up' } : null));
    expect(await send(mailer, 1)).toMatchObject([{ type: 'failed', bodyStarted: true }]);
    expect(one.mails).toHaveLength(1);
    expect(two.mails).toHaveLength(0);
    expect(troubles).toEqual([]);
  });

  test('that are all in trouble admit nothing, for longer each time', async () => {
    const mailer = openGroup([{ catcher: one }]);
    one.behave((stage) => (stage === 'MAIL' ? { type: 'reply', line: '550 sender refused' } : null));
    expect(await mailer.admit(5)).toEqual({ count: 5, isPaused: false });
    await send(mailer, 5);
    expect(await mailer.admit(5)).toEqual({ count: 0, isPaused: true });
    pass(15_000);
    await send(mailer, 1);
    pass(15_000);
    expect(await mailer.admit(1)).toMatchObject({ isPaused: true });
    pass(15_000);
    expect(await mailer.admit(1)).toMatchObject({ isPaused: false });
  });

  test('admit no more than each may be sent now', async () => {
    const mailer = openGroup([
      { catcher: one, most: 3 },
      { catcher: two, most: 2 },
    ]);
    expect(await mailer.admit(50)).toEqual({ count: 5, isPaused: false });
  });
});

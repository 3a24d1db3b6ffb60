// Mails that come back to a mailbox, read by IMAP from a real server.
import { ImapFlow } from 'imapflow';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readMailbox } from '../../src/bounces/mailbox.ts';
import { recordBounce } from '../../src/bounces/record-bounce.ts';
import { createBounceAddresses, createBounceTokens } from '../../src/platform/bounce-address.ts';
import { type MailboxSettings, readMailboxUrl } from '../../src/platform/mailbox-url.ts';
import { someNames, writeBounceMail } from '../support/bounce-mails.ts';
import { describeWith } from '../support/needs.ts';
import { type Dovecot, startDovecot } from '../support/start-dovecot.ts';
import { ada, createWorld, grace, type World } from '../support/world.ts';

const log = pino({ level: 'silent' });

test('a mailbox is named by a URL', () => {
  expect(readMailboxUrl('imaps://bounces%40example.org:p%2Fw@imap.example.org')).toEqual({
    host: 'imap.example.org',
    port: 993,
    isSecure: true,
    user: 'bounces@example.org',
    password: 'p/w',
    mailbox: 'INBOX',
  });
  expect(readMailboxUrl('imap://u:p@[::1]:1143/Bounces%20here')).toMatchObject({
    host: '::1',
    port: 1143,
    isSecure: false,
    mailbox: 'Bounces here',
  });
  for (const text of ['imaps://imap.example.org', 'pop3://u:p@h', 'nonsense', 'imaps://u:%zz@h/'])
    expect(readMailboxUrl(text), text).toBeNull();
});

describeWith('dovecot', 'a mailbox', () => {
  const bounceTokens = createBounceTokens('a secret for tests that is long enough', null);
  const addresses = createBounceAddresses('bounces@mail.example.org', bounceTokens);
  let world: World;
  let dovecot: Dovecot;
  let mailbox: string;
  let count = 0;
  let bounceAddress: string;
  beforeAll(async () => {
    [world, dovecot] = await Promise.all([createWorld(), startDovecot()]);
    await world.subscribe(ada);
    await world.subscribe(grace);
    const { id } = await world.db.delivery.findFirstOrThrow({ where: { kind: 'digest' } });
    bounceAddress = addresses.write({ deliveryId: id, signedAt: world.clock.now });
  });
  beforeEach(async () => {
    await world.db.bounce.deleteMany();
    await world.db.suppression.deleteMany();
    count += 1;
    mailbox = `Bounces${count}`;
    await withClient(async (client) => {
      await client.mailboxCreate(mailbox);
      for (const shape of ['postfix-unknown-user', 'out-of-office', 'reply-of-a-person'])
        await client.append(mailbox, writeBounceMail(shape, { ...someNames, bounceAddress }));
    });
  });
  afterAll(async () => {
    await world?.close();
    await dovecot?.stop();
  });

  const settings = (changes: Partial<MailboxSettings> = {}): MailboxSettings => ({
    host: dovecot.host,
    port: dovecot.port,
    isSecure: false,
    user: 'bounces',
    password: dovecot.password,
    mailbox,
    done: { type: 'seen' },
    ...changes,
  });

  async function withClient<Result>(work: (client: ImapFlow) => Promise<Result>): Promise<Result> {
    const client = new ImapFlow({
      host: dovecot.host,
      port: dovecot.port,
      secure: false,
      tls: { rejectUnauthorized: false },
      auth: { user: 'bounces', pass: dovecot.password },
      logger: false,
    });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.logout();
    }
  }

  /** How many there are, and how many of them are seen. */
  const look = (name: string) =>
    withClient(async (client) => {
      const { messages = 0, unseen = 0 } =
        (await client.status(name, { messages: true, unseen: true })) || {};
      return { messages, seen: messages - unseen };
    });

  const record = (bounce: { raw: Buffer; deliveryId: null }) =>
    recordBounce({ ...world, bounceTokens, log }, bounce);
  const read = (changes?: Partial<MailboxSettings>) =>
    readMailbox({ settings: settings(changes), record, log });
  const bounces = () => world.db.bounce.findMany({ select: { kind: true } });

  test('is read once: what is judged is seen, and stays', async () => {
    expect(await read()).toEqual({ judged: 3, failed: 0 });
    expect(await bounces()).toEqual([{ kind: 'hard' }]);
    expect(await world.db.suppression.count()).toBe(1);
    expect(await look(mailbox)).toEqual({ messages: 3, seen: 3 });
    expect(await read()).toEqual({ judged: 0, failed: 0 });
  });

  test('is emptied into a folder, which is made when it is missing', async () => {
    const folder = `Done${count}`;
    expect(await read({ done: { type: 'move', folder } })).toEqual({ judged: 3, failed: 0 });
    expect([await look(mailbox), await look(folder)]).toMatchObject([{ messages: 0 }, { messages: 3 }]);
    expect(await bounces()).toHaveLength(1);
    expect(await read({ done: { type: 'move', folder } })).toEqual({ judged: 0, failed: 0 });
  });

  test('is read over TLS as well, of a server on this machine with any certificate', async () => {
    expect(await read({ port: dovecot.tlsPort, isSecure: true })).toEqual({ judged: 3, failed: 0 });
  });

  test('loses nothing and doubles nothing when it ends between judging and marking', async () => {
    let isKilled = false;
    const dies = async (bounce: { raw: Buffer; deliveryId: null }) => {
      await record(bounce);
      isKilled = true;
      throw new Error('killed after the commit');
    };
    const first = await readMailbox({ settings: settings(), record: dies, log });
    expect([isKilled, first]).toEqual([true, { judged: 0, failed: 3 }]);
    expect(await bounces()).toHaveLength(1);
    expect(await read()).toEqual({ judged: 3, failed: 0 });
    expect(await bounces()).toHaveLength(1);
  });

  test('keeps what could not be recorded, and goes on with the rest', async () => {
    let calls = 0;
    const fails = async (bounce: { raw: Buffer; deliveryId: null }) => {
      calls += 1;
      if (calls === 1) throw new Error('the database is away');
      return record(bounce);
    };
    const first = await readMailbox({ settings: settings(), record: fails, log });
    expect(first).toEqual({ judged: 2, failed: 1 });
    expect(await bounces()).toEqual([]);
    expect(await read()).toEqual({ judged: 1, failed: 0 });
    expect(await bounces()).toHaveLength(1);
  });

  test('that does not let us in, or is not there, is told', async () => {
    await expect(read({ password: 'wrong' })).rejects.toThrow();
    await expect(read({ mailbox: 'Nowhere' })).rejects.toThrow();
  });
});

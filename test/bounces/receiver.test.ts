// The SMTP server for what comes back, over real connections: who is let in, and when it says 250.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type BounceReceiver, type ReceiverLimits, startBounceReceiver } from '../../src/bounces/receiver.ts';
import { recordBounce } from '../../src/bounces/record-bounce.ts';
import { createBounceAddresses, createBounceTokens } from '../../src/platform/bounce-address.ts';
import { createDb, type Db } from '../../src/platform/db.ts';
import { someNames, writeBounceMail } from '../support/bounce-mails.ts';
import { sendBack } from '../support/bounce-sender.ts';
import { waitFor } from '../support/wait-for.ts';
import { ada, createWorld, type World } from '../support/world.ts';

const bounceTokens = createBounceTokens('a secret for tests that is long enough', null);
const addresses = createBounceAddresses('bounces@mail.example.org', bounceTokens);
const log = pino({ level: 'silent' });

let world: World;
let receivers: BounceReceiver[] = [];
let deliveryId: bigint;
let address: string;
beforeAll(async () => {
  world = await createWorld();
  await world.subscribe(ada);
  const mail = await world.db.delivery.findFirstOrThrow({ where: { kind: 'digest' } });
  deliveryId = mail.id;
  address = addresses.write({ deliveryId, signedAt: world.clock.now });
});
beforeEach(async () => {
  await world.db.bounce.deleteMany();
  await world.db.suppression.deleteMany();
});
afterEach(async () => {
  await Promise.all(receivers.map((receiver) => receiver.stop()));
  receivers = [];
});
afterAll(() => world?.close());

async function start({ db = world.db, limits }: { db?: Db; limits?: ReceiverLimits } = {}): Promise<number> {
  const deps = { db, bounceTokens, tokens: world.tokens, now: world.now, log };
  const receiver = await startBounceReceiver({
    host: '127.0.0.1',
    port: 0,
    addresses,
    record: (bounce) => recordBounce(deps, bounce),
    now: world.now,
    log,
    ...(limits === undefined ? {} : { limits }),
  });
  receivers.push(receiver);
  return receiver.port;
}

const raw = writeBounceMail('postfix-unknown-user');
const bounces = () => world.db.bounce.findMany({ select: { deliveryId: true, kind: true, status: true } });

describe('what comes back to an address that we signed', () => {
  test('is recorded when 250 is said, by what the address names, whatever stands in the mail', async () => {
    const port = await start();
    expect(await sendBack(port, { to: address, raw })).toMatchObject({ type: 'accepted' });
    expect(await bounces()).toEqual([{ deliveryId, kind: 'hard', status: '5.1.1' }]);
    expect(await world.db.suppression.count()).toBe(1);
  });

  test('counts once, however often it is sent, and by however many at once', async () => {
    const port = await start();
    const results = await Promise.all(
      [1, 2, 3].map(() => sendBack(port, { to: address.toUpperCase(), raw })),
    );
    for (const result of [...results, await sendBack(port, { to: address, raw })])
      expect(result).toMatchObject({ type: 'accepted' });
    expect(await bounces()).toHaveLength(1);
  });

  test('and is no report is taken, so that nobody is told that it failed', async () => {
    const port = await start();
    for (const shape of ['out-of-office', 'reply-of-a-person', 'postfix-delayed'])
      expect(await sendBack(port, { to: address, raw: writeBounceMail(shape) })).toMatchObject({
        type: 'accepted',
      });
    expect(await bounces()).toEqual([]);
  });

  test('is to be sent again while the database is away', async () => {
    const away = createDb('postgresql://nobody@127.0.0.1:1/nothing');
    expect(await sendBack(await start({ db: away }), { to: address, raw })).toMatchObject({
      type: 'refused',
      code: 451,
    });
    await away.$disconnect();
    expect(await sendBack(await start(), { to: address, raw })).toMatchObject({ type: 'accepted' });
    expect(await bounces()).toHaveLength(1);
  });

  test('is refused when it is larger than a mail of ours can be', async () => {
    const port = await start();
    const huge = Buffer.concat([raw, Buffer.alloc(600 * 1024, 'more and more\r\n')]);
    const client = await converse(port);
    for (const line of ['EHLO x', 'MAIL FROM:<>', `RCPT TO:<${address}>`])
      expect(await client.say(line)).toMatch(/^250/);
    expect(await client.say('DATA')).toMatch(/^354/);
    expect(await client.say(`${huge.toString('latin1')}\r\n.`)).toMatch(/^552/);
    expect(await client.say(`MAIL FROM:<> SIZE=${huge.length}`)).toMatch(/^552/);
    expect(await bounces()).toEqual([]);
  });
});

describe('anybody else', () => {
  test('is turned away at the address, whoever they want to reach', async () => {
    const port = await start();
    const day = 24 * 60 * 60 * 1000;
    const old = new Date(world.clock.now.getTime() - 61 * day);
    for (const to of [
      'bounces@mail.example.org',
      someNames.bounceAddress,
      address.replace('mail.example.org', 'example.net'),
      address.replace(/[0-9a-f]@/, (end) => (end === '0@' ? '1@' : '0@')),
      addresses.write({ deliveryId, signedAt: old }),
      'somebody@example.com',
    ]) {
      expect(await sendBack(port, { to, raw }), to).toMatchObject({
        type: 'refused',
        stage: 'recipient',
        code: 550,
      });
    }
    expect(await bounces()).toEqual([]);
  });

  test('finds neither login nor relay, and one recipient at a time', async () => {
    const client = await converse(await start());
    const hello = await client.say('EHLO x');
    expect(hello).not.toMatch(/AUTH|STARTTLS/);
    expect(await client.say('AUTH PLAIN AGEAYQ==')).toMatch(/^5/);
    expect(await client.say('MAIL FROM:<>')).toMatch(/^250/);
    expect(await client.say(`RCPT TO:<${address}>`)).toMatch(/^250/);
    const other = addresses.write({ deliveryId: deliveryId + 1n, signedAt: world.clock.now });
    expect(await client.say(`RCPT TO:<${other}>`)).toMatch(/^452/);
  });

  test('who comes in a flood is told to come later, and holds nobody up for long', async () => {
    const limits = { clients: 3, bytes: 100_000, idleMs: 60_000, sessionMs: 1500 };
    const port = await start({ limits });
    const sockets = await Promise.all(Array.from({ length: 60 }, () => open(port)));
    const greetings = new Map<Socket, string>();
    for (const socket of sockets)
      socket.setEncoding('utf8').on('data', (text: string) => greetings.set(socket, text.slice(0, 3)));
    // Whoever is in says something now and then, and is never idle.
    const chatter = setInterval(() => {
      for (const socket of sockets) if (!socket.destroyed) socket.write('NOOP\r\n');
    }, 200);
    await waitFor('all of them to be gone', () => sockets.every((socket) => socket.destroyed));
    clearInterval(chatter);
    const welcome = [...greetings.values()].filter((code) => code === '220' || code === '250');
    expect(welcome.length).toBeGreaterThan(0);
    expect(welcome.length).toBeLessThanOrEqual(limits.clients);
    expect(await sendBack(port, { to: address, raw })).toMatchObject({ type: 'accepted' });
  });
});

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
  return socket;
}

/** SMTP by hand. */
async function converse(port: number) {
  const socket = await open(port);
  let received = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    received += text;
  });
  const answer = () => waitFor('an answer', () => /^\d{3} .*\r\n/m.test(received) && received);
  await answer();
  return {
    async say(line: string): Promise<string> {
      received = '';
      socket.write(`${line}\r\n`);
      return answer();
    },
  };
}

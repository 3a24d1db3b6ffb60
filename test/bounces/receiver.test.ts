// The SMTP server for what comes back, over real connections: who is let in, and when it says 250.
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type BounceReceiver,
  type ReceiverLimits,
  startBounceReceiver,
  usualLimits,
} from '../../src/bounces/receiver.ts';
import { recordBounce } from '../../src/bounces/record-bounce.ts';
import { createBounceAddresses, createBounceTokens } from '../../src/platform/bounce-address.ts';
import { makeCertificate } from '../../src/platform/keys/certificate.ts';
import { createDb, type Db } from '../../src/platform/postgres/db.ts';
import { someNames, writeBounceMail } from '../support/bounce-mails.ts';
import { sendBack } from '../support/bounce-sender.ts';
import { waitFor } from '../support/wait-for.ts';
import { ada, createWorld, type World } from '../support/world.ts';

const bounceTokens = createBounceTokens('a secret for tests that is long enough', null);
const addresses = createBounceAddresses('bounces@mail.example.org', bounceTokens);
const log = pino({ level: 'silent' });
const certificate = makeCertificate('mail.example.org', new Date());

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

async function start({
  db = world.db,
  limits = {},
}: {
  db?: Db;
  limits?: Partial<ReceiverLimits>;
} = {}): Promise<number> {
  const deps = { db, bounceTokens, tokens: world.tokens, now: world.now, log };
  const receiver = await startBounceReceiver({
    host: '127.0.0.1',
    port: 0,
    addresses,
    certificate,
    record: (bounce) => recordBounce(deps, bounce),
    now: world.now,
    log,
    limits: { ...usualLimits, ...limits },
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
    expect(hello).not.toMatch(/AUTH/);
    expect(await client.say('AUTH PLAIN AGEAYQ==')).toMatch(/^5/);
    expect(await client.say('MAIL FROM:<>')).toMatch(/^250/);
    expect(await client.say(`RCPT TO:<${address}>`)).toMatch(/^250/);
    const other = addresses.write({ deliveryId: deliveryId + 1n, signedAt: world.clock.now });
    expect(await client.say(`RCPT TO:<${other}>`)).toMatch(/^452/);
  });

  test('is not heard for long who guesses', async () => {
    const client = await converse(await start());
    await client.say('EHLO x');
    await client.say('MAIL FROM:<>');
    const guess = () => client.say(`RCPT TO:<${someNames.bounceAddress}>`);
    for (let misses = 1; misses <= 10; misses += 1) expect(await guess()).toMatch(/^550/);
    expect(await guess()).toMatch(/^421/);
    await waitFor('the end of it', () => client.isClosed());
  });
});

describe('slow sessions', () => {
  /** Says something now and then, so that it is never idle. */
  async function dawdle(port: number, { sessions, from }: { sessions: number; from: string }) {
    const sockets = await Promise.all(Array.from({ length: sessions }, () => open(port, from)));
    const greetings = new Map<Socket, string>();
    for (const socket of sockets)
      socket.setEncoding('utf8').on('data', (text: string) => greetings.set(socket, text.slice(0, 3)));
    const chatter = setInterval(() => {
      for (const socket of sockets) if (!socket.destroyed) socket.write('NOOP\r\n');
    }, 200);
    await waitFor('an answer to each', () => greetings.size === sessions);
    return {
      sockets,
      admitted: () => [...greetings.values()].filter((code) => code !== '421').length,
      end() {
        clearInterval(chatter);
        for (const socket of sockets) socket.destroy();
      },
    };
  }

  test('of one source, however many, leave the others theirs', async () => {
    const port = await start();
    const slow = await dawdle(port, { sessions: 60, from: '127.0.0.1' });
    expect(slow.admitted()).toBe(usualLimits.perSource);
    expect(await sendBack(port, { to: address, raw, from: '127.0.0.2' })).toMatchObject({ type: 'accepted' });
    expect(await sendBack(port, { to: address, raw, from: '127.0.0.1' })).toMatchObject({ code: 421 });
    slow.end();
    await waitFor('room again', async () => {
      const { type } = await sendBack(port, { to: address, raw, from: '127.0.0.1' });
      return type === 'accepted';
    });
  });

  test('of many sources make room for who comes', async () => {
    const port = await start({ limits: { sessions: 6, perSource: 2 } });
    const slow = await Promise.all(
      ['127.0.0.3', '127.0.0.4', '127.0.0.5'].map((from) => dawdle(port, { sessions: 2, from })),
    );
    expect(slow.map(({ admitted }) => admitted())).toEqual([2, 2, 2]);
    await waitFor('one of them to make room', async () => {
      const { type } = await sendBack(port, { to: address, raw, from: '127.0.0.2' });
      return type === 'accepted';
    });
    expect(slow.flatMap(({ sockets }) => sockets).filter(({ destroyed }) => !destroyed).length).toBe(5);
    for (const each of slow) each.end();
  });

  test.each<[string, Partial<ReceiverLimits>]>([
    ['that name no address of ours', { strangerMs: 500 }],
    ['of any kind', { sessionMs: 500 }],
  ])('%s end', async (_, limits) => {
    const slow = await dawdle(await start({ limits }), { sessions: 2, from: '127.0.0.1' });
    await waitFor('the end of both', () => slow.sockets.every(({ destroyed }) => destroyed));
    slow.end();
  });

  test('that say nothing end sooner', async () => {
    const socket = await open(await start({ limits: { idleMs: 300 } }));
    socket.resume();
    await waitFor('its end', () => socket.destroyed || socket.readableEnded);
  });
});

describe('STARTTLS', () => {
  test('encrypts what comes, and is not needed', async () => {
    const port = await start();
    const client = await converse(port);
    expect(await client.say('EHLO x')).toMatch(/^250[ -]STARTTLS\r$/m);
    expect(await client.say('STARTTLS')).toMatch(/^220/);
    const presented = await client.encrypt();
    expect(presented).toBe(new X509Certificate(certificate.cert).fingerprint256);
    for (const line of ['EHLO x', 'MAIL FROM:<>', `RCPT TO:<${address}>`])
      expect(await client.say(line), line).toMatch(/^250/);
    expect(await client.say('DATA')).toMatch(/^354/);
    expect(await client.say(`${raw.toString('latin1')}\r\n.`)).toMatch(/^250/);
    expect(await bounces()).toHaveLength(1);
    expect(await sendBack(port, { to: address, raw })).toMatchObject({ type: 'accepted' });
  });

  test('gives its place back at its end', async () => {
    const port = await start({ limits: { perSource: 1 } });
    const client = await converse(port);
    await client.say('EHLO x');
    await client.say('STARTTLS');
    await client.encrypt();
    expect(await sendBack(port, { to: address, raw })).toMatchObject({ code: 421 });
    client.close();
    await waitFor('room', async () => (await sendBack(port, { to: address, raw })).type === 'accepted');
  });

  test('is spoken with a renewed certificate from the next session on', async () => {
    const port = await start();
    const renewed = makeCertificate('mail.example.org', new Date());
    receivers[0]?.useCertificate(renewed);
    const client = await converse(port);
    await client.say('EHLO x');
    await client.say('STARTTLS');
    expect(await client.encrypt()).toBe(new X509Certificate(renewed.cert).fingerprint256);
  });
});

async function open(port: number, from = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  socket.on('error', () => {});
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
  return socket;
}

/** SMTP by hand. */
async function converse(port: number) {
  let socket = await open(port);
  let received = '';
  const listen = () =>
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text;
    });
  listen();
  const answer = () => waitFor('an answer', () => /^\d{3} .*\r\n/m.test(received) && received);
  await answer();
  return {
    async say(line: string): Promise<string> {
      received = '';
      socket.write(`${line}\r\n`);
      return answer();
    },
    /** The fingerprint of the certificate that the server shows. */
    async encrypt(): Promise<string> {
      socket.removeAllListeners('data');
      const encrypted = connectTls({ socket, rejectUnauthorized: false });
      await once(encrypted, 'secureConnect');
      socket = encrypted;
      listen();
      return encrypted.getPeerCertificate().fingerprint256;
    },
    isClosed: () => socket.destroyed || socket.readableEnded,
    close: () => socket.destroy(),
  };
}

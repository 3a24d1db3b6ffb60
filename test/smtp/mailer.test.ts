// What goes over the wire, and over how many connections. How each stage can fail is told in faults/.
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { createMailer, type Mailer } from '../../src/smtp/mailer.ts';
import { type SmtpCatcher, startSmtpCatcher } from '../support/smtp-catcher.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

async function openMailer({
  connections = 2,
  extensions,
}: {
  connections?: number;
  extensions?: string[];
} = {}): Promise<{ mailer: Mailer; server: SmtpCatcher }> {
  const server = await startSmtpCatcher(extensions === undefined ? {} : { extensions });
  const mailer = createMailer({ smtpUrl: server.smtpUrl, connections });
  open.push(server, mailer);
  return { mailer, server };
}

const envelope = { from: 'digest@papers.example.org', to: 'ada@example.org' };
const messageOf = (lines: readonly string[]) =>
  Buffer.from(lines.map((line) => `${line}\r\n`).join(''), 'latin1');

describe('a message', () => {
  test('arrives byte for byte, dots at line starts among them', async () => {
    const { mailer, server } = await openMailer();
    const line = fc.string({ unit: fc.constantFrom('.', 'a', ' ', '-'), maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 8 }), async (lines) => {
        const raw = messageOf(['Subject: dots', '', ...lines]);
        expect(await mailer.send({ envelope, raw })).toMatchObject({ type: 'accepted' });
        // The catcher keeps a message without its last line end, which is the start of the final dot.
        expect(`${server.mails.at(-1)?.raw.toString('latin1')}\r\n`).toBe(raw.toString('latin1'));
      }),
    );
  });

  test('larger than the server takes is not sent, and the next one goes over the same connection', async () => {
    const { mailer, server } = await openMailer({ connections: 1, extensions: ['SIZE 1000'] });
    let greetings = 0;
    server.behave((stage) => {
      if (stage === 'greeting') greetings += 1;
      return null;
    });
    const long = messageOf([
      'Subject: long',
      '',
      ...Array.from({ length: 100 }, () => 'twenty characters ..'),
    ]);
    expect(await mailer.send({ envelope, raw: long })).toMatchObject({ type: 'unsendable' });
    expect(await mailer.send({ envelope, raw: messageOf(['Subject: short', '']) })).toMatchObject({
      type: 'accepted',
    });
    expect(server.mails).toHaveLength(1);
    expect(greetings).toBe(1);
  });

  test('to an address with a line end in it never reaches the server', async () => {
    const { mailer, server } = await openMailer();
    const to = 'ada@example.org>\r\nRCPT TO:<eve@example.org';
    const result = await mailer.send({ envelope: { ...envelope, to }, raw: messageOf(['Subject: x', '']) });
    expect(result).toMatchObject({ type: 'unsendable' });
    expect(server.mails).toEqual([]);
  });
});

describe('connections', () => {
  test('are never more than allowed, and serve all that wait', async () => {
    const { mailer, server } = await openMailer({ connections: 3 });
    let greetings = 0;
    server.behave((stage) => {
      if (stage === 'greeting') greetings += 1;
      return { type: 'wait', ms: 1 };
    });
    const raw = messageOf(['Subject: x', '']);
    const results = await Promise.all(Array.from({ length: 40 }, () => mailer.send({ envelope, raw })));
    expect(results.filter(({ type }) => type === 'accepted')).toHaveLength(40);
    expect(server.mails).toHaveLength(40);
    expect(greetings).toBe(3);
  });

  test('that the server ended while they were idle are replaced without anybody noticing', async () => {
    const { mailer, server } = await openMailer({ connections: 1 });
    server.behave((stage) => (stage === 'answered' ? { type: 'hang-up' } : null));
    const raw = messageOf(['Subject: x', '']);
    for (let count = 1; count <= 5; count += 1) {
      expect(await mailer.send({ envelope, raw })).toMatchObject({ type: 'accepted' });
      expect(server.mails).toHaveLength(count);
    }
  });

  test('of a closed mailer take nothing more', async () => {
    const { mailer, server } = await openMailer();
    mailer.close();
    const result = await mailer.send({ envelope, raw: messageOf(['Subject: x', '']) });
    expect(result).toEqual({ type: 'failed', bodyStarted: false, reason: 'the mailer was closed' });
    expect(server.mails).toEqual([]);
  });
});

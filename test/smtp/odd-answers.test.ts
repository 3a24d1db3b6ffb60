// Answers that no server should give, or not there: whatever they are, no mail is taken for refused that may be stored, no
// reader for unknown who was not named, and the next mail leaves.
import { afterEach, describe, expect, test } from 'vitest';
import { createMailer } from '../../src/smtp/mailer.ts';
import { createMailerGroup } from '../../src/smtp/mailer-group.ts';
import type { SendResult } from '../../src/smtp/session.ts';
import { type SmtpCatcher, startSmtpCatcher } from '../support/smtp-catcher.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

const now = new Date('2026-03-02T09:00:00Z');
const pipelining = ['8BITMIME', 'PIPELINING'];

/** One connection each, so that what one mail leaves behind is what the next one finds. */
async function openServers(...extensions: string[][]) {
  const servers = await Promise.all(extensions.map((offered) => startSmtpCatcher({ extensions: offered })));
  const troubles: object[] = [];
  const group = createMailerGroup(
    servers.map(({ smtpUrl }, n) => ({
      name: `odd ${n}`,
      mailer: createMailer({ smtpUrl, connections: 1 }),
      weight: 1,
      reserve: async (count) => count,
    })),
    { now: () => now, random: () => 0, onTrouble: (trouble) => troubles.push(trouble) },
  );
  open.push(...servers, group);
  const send = async (name: string, lines = 1): Promise<SendResult> => {
    await group.admit(1);
    const raw = Buffer.from(`Subject: hello\r\n\r\n${'hello\r\n'.repeat(lines)}`);
    return group.send({ envelope: { from: 'digest@example.org', to: `${name}@example.com` }, raw });
  };
  return { server: servers[0] as SmtpCatcher, servers, send, troubles };
}

const reply = (line: string) => ({ type: 'reply', line }) as const;
const readersOf = ({ mails }: SmtpCatcher) => mails.map(({ to }) => to);

describe.each([
  ['one command after the other', ['8BITMIME']],
  ['commands that leave together', pipelining],
])('%s:', (_, extensions) => {
  test('a server that refuses a reader and hangs up has refused the reader, and nobody waits for it', async () => {
    const { server, send, troubles } = await openServers(extensions);
    server.behave((stage, { to }) =>
      stage === 'RCPT' && to.startsWith('ada')
        ? { type: 'last-words', words: '550 5.1.1 no such user\r\n' }
        : null,
    );
    expect(await send('ada')).toMatchObject({ type: 'refused', stage: 'recipient', code: 550 });
    expect(await send('grace')).toMatchObject({ type: 'accepted' });
    expect(troubles).toEqual([]);
  });

  test('a goodbye at RCPT is about this mail, and the server is not left alone for it', async () => {
    const { server, send, troubles } = await openServers(extensions);
    server.behave((stage, { to }) =>
      stage === 'RCPT' && to.startsWith('ada') ? reply('421 4.7.0 try again later') : null,
    );
    expect(await send('ada')).toMatchObject({ type: 'refused', stage: 'recipient', code: 421 });
    expect(await send('grace')).toMatchObject({ type: 'accepted' });
    expect(troubles).toEqual([]);
  });

  test.each(['354 go on', 'stored, and thank you', '999 stored'])(
    'what is no answer to a whole mail (%s) leaves it open whether it is stored',
    async (line) => {
      const { server, send } = await openServers(extensions);
      server.behave((stage, { to }) => (stage === 'stored' && to.startsWith('ada') ? reply(line) : null));
      expect(await send('ada')).toMatchObject({ type: 'failed', bodyStarted: true });
      expect(await send('grace')).toMatchObject({ type: 'accepted' });
      expect(readersOf(server)).toEqual(['ada@example.com', 'grace@example.com']);
    },
  );

  test('words without a code at RCPT refuse nobody', async () => {
    const { server, send } = await openServers(extensions);
    server.behave((stage) => (stage === 'RCPT' ? reply('no such user') : null));
    expect(await send('ada')).toMatchObject({ type: 'failed', bodyStarted: false });
    expect(server.mails).toEqual([]);
  });

  test('an answer too many is not taken for that to the next mail', async () => {
    const { server, send } = await openServers(extensions);
    server.behave((stage) => (stage === 'stored' ? reply('250 stored\r\n250 stored again') : null));
    const names = ['ada', 'grace', 'alan'];
    for (const name of names) expect(await send(name)).toMatchObject({ type: 'accepted' });
    expect(readersOf(server)).toEqual(names.map((name) => `${name}@example.com`));
  });

  test('a server that has lost count of the commands is asked anew', async () => {
    const { server, send, troubles } = await openServers(extensions);
    server.behave((stage, { before }) =>
      stage === 'RCPT' && before > 0 ? reply('503 5.5.1 bad sequence of commands') : null,
    );
    for (const name of ['ada', 'grace', 'alan']) expect(await send(name)).toMatchObject({ type: 'accepted' });
    expect(troubles).toEqual([]);
  });

  test('a mail that is too large by what is said at MAIL holds up no other', async () => {
    const { server, send, troubles } = await openServers(extensions);
    let isLarge = true;
    server.behave((stage) =>
      stage === 'MAIL' && isLarge ? reply('552 5.3.4 Message size exceeds fixed limit') : null,
    );
    expect(await send('ada')).toMatchObject({ type: 'refused', stage: 'sender', code: 552 });
    isLarge = false;
    expect(await send('grace')).toMatchObject({ type: 'accepted' });
    expect(troubles).toEqual([]);
  });
});

test('last words without a line end are those of the command that was asked', async () => {
  const { server, send } = await openServers(['8BITMIME']);
  server.behave((stage) => (stage === 'end' ? { type: 'last-words', words: '554 5.7.1 spam' } : null));
  expect(await send('ada')).toMatchObject({ type: 'refused', stage: 'content', code: 554 });
});

test('of commands that left together, nobody knows which last words without a line end are of', async () => {
  const { server, send } = await openServers(pipelining);
  server.behave((stage) =>
    stage === 'RCPT' ? { type: 'last-words', words: '550 5.1.1 no such user' } : null,
  );
  expect(await send('ada')).toMatchObject({ type: 'refused', stage: 'connection', code: 550 });
});

test('a server that knows no EHLO is greeted with HELO', async () => {
  const { server, send } = await openServers([]);
  let asked = 0;
  server.behave((stage) => {
    if (stage !== 'EHLO') return null;
    asked += 1;
    return asked === 1 ? reply('502 5.5.1 command not implemented') : null;
  });
  expect(await send('ada')).toMatchObject({ type: 'accepted' });
  expect(server.heard.map((line) => line.slice(0, 4))).toContain('HELO');
});

test('a mail too large for one server leaves over another', async () => {
  const { servers, send } = await openServers(['SIZE 1000'], ['SIZE 100000']);
  expect(await send('ada', 500)).toMatchObject({ type: 'accepted' });
  expect(servers.map(({ mails }) => mails.length)).toEqual([0, 1]);
});

// A conversation with a mail server up to where a mail would begin: it shows whether mails would leave, and sends none.
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { openSmtpConnection, readSmtpUrl, type SendResult, type SmtpPolicy } from './session.ts';

export type DryRun = {
  /** `unverified`: whoever answers could have that certificate. Null: there was no connection to tell. */
  encryption: 'verified' | 'unverified' | 'none' | null;
  /** `not offered`: there is a user to log in as, and the server knows of none. Null: it did not come to that. */
  login: 'done' | 'none' | 'not offered' | null;
  /** Accepted: sender and recipient. */
  result: SendResult;
};

type Options = SmtpPolicy & { smtpUrl: string; from: string; to: string; patienceMs: number };

/** Never rejects, and never says DATA. */
export async function runDry({ smtpUrl, from, to, patienceMs, ...policy }: Options): Promise<DryRun> {
  const timeouts = { connectionMs: patienceMs, greetingMs: patienceMs, socketMs: patienceMs };
  const settings = readSmtpUrl(smtpUrl, timeouts, policy);
  const opened = await openSmtpConnection(settings);
  if (opened.type === 'closed') return { encryption: null, login: null, result: opened.result };
  const { connection } = opened;
  const socket = connection._socket;
  const login = settings.login === null ? 'none' : connection.authenticated ? 'done' : 'not offered';
  if (!socket) return { encryption: null, login, result: fail('the server closed the connection') };
  const encryption = describeEncryption(socket);
  try {
    return { encryption, login, result: await converse(socket, { from, to, patienceMs }) };
  } finally {
    connection.close();
  }
}

function describeEncryption(socket: Socket): 'verified' | 'unverified' | 'none' {
  if (!(socket instanceof TLSSocket)) return 'none';
  return socket.authorized ? 'verified' : 'unverified';
}

const fail = (reason: string): SendResult => ({ type: 'failed', bodyStarted: false, reason });

/** By hand, over the socket that nodemailer has opened: it has no way to stop before DATA. */
async function converse(
  socket: Socket,
  { from, to, patienceMs }: { from: string; to: string; patienceMs: number },
): Promise<SendResult> {
  const ask = createAsking(socket, patienceMs);
  try {
    const sender = await ask(`MAIL FROM:<${from}>`);
    if (sender.code >= 400) return { type: 'refused', stage: 'sender', ...sender };
    const recipient = await ask(`RCPT TO:<${to}>`);
    if (recipient.code >= 400)
      return { type: 'refused', stage: 'recipient', ...recipient, envelope: { from, to } };
    // What a server says to a goodbye changes nothing.
    await ask('RSET')
      .then(() => ask('QUIT'))
      .catch(() => {});
    return { type: 'accepted', reply: recipient.reply };
  } catch (error) {
    return fail((error as Error).message);
  }
}

const mostReplyBytes = 10_000;

function createAsking(socket: Socket, patienceMs: number) {
  let received = '';
  let hear = () => {};
  let end: Error | null = null;
  socket.removeAllListeners('data');
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
    hear();
  });
  const stop = (error: Error) => {
    end ??= error;
    hear();
  };
  socket.on('error', stop);
  socket.on('close', () => stop(new Error('the server closed the connection')));

  return async (line: string): Promise<{ code: number; reply: string }> => {
    const timer = setTimeout(() => stop(new Error(`no answer to ${line.slice(0, 4)}`)), patienceMs);
    try {
      received = '';
      socket.write(`${line}\r\n`);
      for (;;) {
        // A reply may have several lines; the last has a space behind its code (RFC 5321 section 4.2.1).
        const [, last] = /(?:^|\n)(\d{3}(?: [^\n]*)?)\r?\n$/.exec(received) ?? [];
        if (last !== undefined)
          return { code: Number.parseInt(last, 10), reply: received.trim().replace(/\r?\n\d{3}[- ]?/g, ' ') };
        if (received.length > mostReplyBytes) throw new Error('an answer without an end');
        if (end !== null) throw end;
        await new Promise<void>((resolve) => {
          hear = resolve;
        });
      }
    } finally {
      clearTimeout(timer);
    }
  };
}

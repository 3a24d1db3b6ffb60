// An SMTP server for tests: keeps every message it stored, and can be told to misbehave at any stage.
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ParsedMail, simpleParser } from 'mailparser';

export type CaughtMail = { from: string; to: string; raw: Buffer };

/**
 * What the server does at a stage: answers with another line (and leaves after a 421), says something as it stands and hangs
 * up, hangs up, never answers, or goes on later, after a time or after something else.
 */
export type Mishap =
  | { type: 'reply'; line: string }
  | { type: 'last-words'; words: string }
  | { type: 'hang-up' }
  | { type: 'stall' }
  | { type: 'wait'; ms: number }
  | { type: 'hold'; until: Promise<unknown> };

/**
 * `354`: it has asked for the body. `body`: the first of it has come. `end`: all of it, and nothing is kept yet.
 * `stored`: the message is kept before the mishap happens, as by a server that dies before it answers. `answered`: the
 * client knows. `closed`: the connection is gone, and nothing can be done about it.
 */
export type Stage =
  | 'greeting'
  | 'EHLO'
  | 'AUTH'
  | 'MAIL'
  | 'RCPT'
  | 'DATA'
  | '354'
  | 'body'
  | 'end'
  | 'stored'
  | 'answered'
  | 'closed';

/** `before`: how many messages this connection, the `connection`th, has stored. */
export type Script = (
  stage: Stage,
  mail: { to: string; before: number; connection: number },
) => Mishap | null;

export type SmtpCatcher = {
  smtpUrl: string;
  /** Stored messages, in the order of storing. */
  mails: CaughtMail[];
  /** The first commands, as they came. */
  heard: string[];
  /** The addresses of those who are connected. */
  clients(): Set<string>;
  behave(script: Script): void;
  parse(mail: CaughtMail | undefined): Promise<ParsedMail>;
  close(): Promise<void>;
};

const mostHeard = 100;

type Options = {
  /** As in the answer to EHLO. */
  extensions?: string[];
  /** Of each message only the start is kept, for runs with very many. */
  keptBytes?: number;
  /** Where an earlier one listened; else any that is free. */
  port?: number;
  /** The address it listens on. */
  host?: string;
};

export async function startSmtpCatcher({
  extensions = ['8BITMIME'],
  keptBytes = Number.POSITIVE_INFINITY,
  port: wantedPort = 0,
  host = '127.0.0.1',
}: Options = {}): Promise<SmtpCatcher> {
  const mails: CaughtMail[] = [];
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  let script: Script = () => null;
  let connections = 0;

  const server = createServer((socket) => {
    connections += 1;
    const connection = connections;
    sockets.add(socket);
    socket.on('close', () => {
      sockets.delete(socket);
      script('closed', { to: '', before: 0, connection });
    });
    socket.on('error', () => socket.destroy());
    const store = (mail: CaughtMail) => {
      mails.push(
        mail.raw.length <= keptBytes ? mail : { ...mail, raw: Buffer.from(mail.raw.subarray(0, keptBytes)) },
      );
      return mails.length;
    };
    // It ends with the connection, however that ends.
    converse(socket, {
      script: (stage, mail) => script(stage, { ...mail, connection }),
      store,
      extensions,
      hear: (line) => heard.length < mostHeard && heard.push(line),
    }).catch(() => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(wantedPort, host, resolve));
  const { port } = server.address() as AddressInfo;

  return {
    smtpUrl: `smtp://${host}:${port}`,
    mails,
    heard,
    clients: () => new Set([...sockets].flatMap(({ remoteAddress }) => remoteAddress ?? [])),
    behave: (next) => {
      script = next;
    },
    parse: async (mail) => {
      if (mail === undefined) throw new Error('no such mail');
      return simpleParser(mail.raw);
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The conversation does not go on: the line is cut, or the server has fallen silent. */
class Over extends Error {}

type Conversation = {
  script: (stage: Stage, mail: { to: string; before: number }) => Mishap | null;
  store: (mail: CaughtMail) => number;
  extensions: string[];
  hear: (line: string) => unknown;
};

/** The little of RFC 5321 that a client needs, with a door for mishaps at every step. */
async function converse(socket: Socket, { script, store, extensions, hear }: Conversation): Promise<void> {
  const input = createReader(socket);
  const say = (line: string) => socket.write(`${line}\r\n`);
  let [from, to, before] = ['', '', 0];

  /** False when the script has answered already. */
  const pass = async (stage: Stage): Promise<boolean> => {
    const mishap = script(stage, { to, before });
    if (mishap === null) return true;
    if (mishap.type === 'wait') return sleep(mishap.ms, true);
    if (mishap.type === 'hold') return mishap.until.then(() => true);
    if (mishap.type === 'reply') say(mishap.line);
    if (mishap.type === 'last-words') socket.end(mishap.words);
    else if (mishap.type === 'hang-up') socket.destroy();
    else if (mishap.type === 'reply' && mishap.line.startsWith('421')) socket.end();
    else if (mishap.type === 'reply') return false;
    throw new Over();
  };

  const receive = async (): Promise<void> => {
    if (!(await pass('354'))) return;
    await input.waitForMore();
    if (!(await pass('body'))) return;
    const raw = await input.readUntil('\r\n.\r\n');
    if (!(await pass('end'))) return;
    const number = store({ from, to, raw: unstuffDots(raw) });
    before += 1;
    if (!(await pass('stored'))) return;
    say(`250 stored as ${number}`);
    await pass('answered');
  };

  const obey = async (line: string): Promise<void> => {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO' || verb === 'HELO') {
      if (await pass('EHLO')) socket.write(listLines(['catcher', ...extensions]));
    } else if (verb === 'AUTH') {
      if (await pass('AUTH')) say('235 known');
    } else if (verb === 'MAIL') {
      [from, to] = [addressIn(line), ''];
      if (await pass('MAIL')) say('250 sender fine');
      else from = '';
    } else if (verb === 'RCPT') {
      to = addressIn(line);
      if (from === '') say('503 sender first');
      else if (await pass('RCPT')) say('250 recipient fine');
      else to = '';
    } else if (verb === 'DATA') {
      if (to === '' || from === '') return void say('503 recipient first');
      if (!(await pass('DATA'))) return;
      say('354 go on');
      await receive();
    } else if (verb === 'QUIT') {
      socket.end('221 bye\r\n');
      throw new Over();
    } else say('250 fine');
  };

  try {
    if (await pass('greeting')) say('220 catcher');
    for (;;) {
      const line = (await input.readUntil('\r\n')).toString('latin1');
      hear(line);
      await obey(line);
    }
  } catch (error) {
    if (!(error instanceof Over)) throw error;
  }
}

/** Both throw `Over` once the client is gone. */
function createReader(socket: Socket) {
  const chunks = socket[Symbol.asyncIterator]();
  let received: Buffer = Buffer.alloc(0);
  const readMore = async () => {
    const { done, value } = await chunks.next();
    if (done === true) throw new Over();
    received = received.length === 0 ? value : Buffer.concat([received, value]);
  };
  return {
    async waitForMore(): Promise<void> {
      if (received.length === 0) await readMore();
    },
    async readUntil(separator: string): Promise<Buffer> {
      let end = received.indexOf(separator);
      for (; end === -1; end = received.indexOf(separator)) await readMore();
      const part = received.subarray(0, end);
      received = received.subarray(end + separator.length);
      return part;
    },
  };
}

function listLines(lines: string[]): string {
  return lines.map((line, index) => `250${index === lines.length - 1 ? ' ' : '-'}${line}\r\n`).join('');
}

function addressIn(line: string): string {
  return /<(.*?)>/.exec(line)?.[1] ?? '';
}

function unstuffDots(raw: Buffer): Buffer {
  if (!raw.includes('\r\n..')) return raw;
  return Buffer.from(raw.toString('latin1').replace(/\r\n\.\./g, '\r\n.'), 'latin1');
}

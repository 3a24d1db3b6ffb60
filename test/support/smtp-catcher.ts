// An SMTP server for tests: keeps every message it stored, and can be told to misbehave at any stage.
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';

export type CaughtMail = { from: string; to: string; raw: Buffer };

/** What the server does at a stage instead of going on: answers with a code, hangs up, or never answers. */
export type Mishap = { type: 'reply'; line: string } | { type: 'hang-up' } | { type: 'stall' };

/** `stored`: the message is kept before the mishap happens, as by a server that dies before it answers. */
export type Stage = 'greeting' | 'MAIL' | 'RCPT' | 'DATA' | 'body' | 'stored';

export type Script = (stage: Stage, mail: { to: string }) => Mishap | null;

export type SmtpCatcher = {
  smtpUrl: string;
  /** Stored messages, in the order of storing. */
  mails: CaughtMail[];
  behave(script: Script): void;
  parse(mail: CaughtMail | undefined): Promise<ParsedMail>;
  close(): Promise<void>;
};

export async function startSmtpCatcher(): Promise<SmtpCatcher> {
  const mails: CaughtMail[] = [];
  const sockets = new Set<Socket>();
  let script: Script = () => null;

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    converse(socket, { script: (stage, mail) => script(stage, mail), mails });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    smtpUrl: `smtp://127.0.0.1:${port}`,
    mails,
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

/** The little of RFC 5321 that a client needs, with a door for mishaps at every step. */
function converse(socket: Socket, { script, mails }: { script: Script; mails: CaughtMail[] }): void {
  let received = Buffer.alloc(0);
  let inBody = false;
  let from = '';
  let to = '';

  /** True when the conversation goes on as usual. */
  const pass = (stage: Stage): boolean => {
    const mishap = script(stage, { to });
    if (mishap?.type === 'reply') socket.write(`${mishap.line}\r\n`);
    if (mishap?.type === 'hang-up') socket.destroy();
    return mishap === null;
  };

  const obey = (line: string): void => {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO' || verb === 'HELO') socket.write('250-catcher\r\n250 8BITMIME\r\n');
    else if (verb === 'MAIL') {
      from = /<(.*?)>/.exec(line)?.[1] ?? '';
      if (pass('MAIL')) socket.write('250 sender fine\r\n');
    } else if (verb === 'RCPT') {
      to = /<(.*?)>/.exec(line)?.[1] ?? '';
      if (pass('RCPT')) socket.write('250 recipient fine\r\n');
    } else if (verb === 'DATA') {
      if (!pass('DATA')) return;
      inBody = true;
      socket.write('354 go on\r\n');
    } else if (verb === 'QUIT') socket.end('221 bye\r\n');
    else socket.write('250 fine\r\n');
  };

  const endOfBody = Buffer.from('\r\n.\r\n');
  const store = (raw: Buffer): void => {
    mails.push({
      from,
      to,
      raw: Buffer.from(raw.toString('latin1').replace(/\r\n\.\./g, '\r\n.'), 'latin1'),
    });
  };

  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    for (;;) {
      const separator = inBody ? endOfBody : Buffer.from('\r\n');
      const end = received.indexOf(separator);
      if (inBody && !pass('body')) {
        inBody = false;
        received = end === -1 ? Buffer.alloc(0) : received.subarray(end + separator.length);
        return;
      }
      if (end === -1) return;
      const part = received.subarray(0, end);
      received = received.subarray(end + separator.length);
      if (!inBody) {
        obey(part.toString('latin1'));
        continue;
      }
      inBody = false;
      store(part);
      if (pass('stored')) socket.write(`250 stored as ${mails.length}\r\n`);
    }
  });
  if (pass('greeting')) socket.write('220 catcher\r\n');
}

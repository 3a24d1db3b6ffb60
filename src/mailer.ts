// SMTP through nodemailer's pool. Says of every message how far it came: whether a copy may exist at the server is
// what decides if it can be sent again.
import type { Readable } from 'node:stream';
import { createTransport, type NodemailerError } from 'nodemailer';

export type OutgoingMessage = {
  envelope: { from: string; to: string };
  /** The whole message, in lines that end in CRLF. */
  raw: Buffer;
};

export type SendResult =
  | { type: 'accepted'; reply: string }
  /** The server answered with a 4xx or 5xx code to this SMTP command. */
  | { type: 'refused'; command: string; code: number; reply: string }
  /** It never left: the address or the size can not be sent to this server. */
  | { type: 'unsendable'; reason: string }
  /** No answer: the connection failed, broke or stalled. */
  | { type: 'failed'; bodyStarted: boolean; reason: string };

export type Mailer = {
  /** How many of `count` mails may be sent now; `isPaused`: none for a while, whatever is asked. */
  admit(count: number): Promise<{ count: number; isPaused: boolean }>;
  /** Never rejects. */
  send(message: OutgoingMessage): Promise<SendResult>;
  close(): void;
};

export type MailerOptions = {
  smtpUrl: string;
  connections: number;
  timeouts?: { connectionMs: number; greetingMs: number; socketMs: number };
};

const defaultTimeouts = { connectionMs: 30_000, greetingMs: 30_000, socketMs: 60_000 };

export function createMailer({ smtpUrl, connections, timeouts = defaultTimeouts }: MailerOptions): Mailer {
  const transport = createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: connections,
    maxMessages: Number.POSITIVE_INFINITY,
    // The pool would send again what may have arrived already: that is for the ledger to decide.
    maxRequeues: 0,
    connectionTimeout: timeouts.connectionMs,
    greetingTimeout: timeouts.greetingMs,
    socketTimeout: timeouts.socketMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });

  // The streams that a message was to be read from, while it is under way.
  const streams = new Map<unknown, Readable[]>();
  transport.use('stream', ({ message, data }, done) => {
    const createReadStream = message.createReadStream.bind(message);
    message.createReadStream = (options) => {
      const stream = createReadStream(options);
      streams.get(data.raw)?.push(stream);
      return stream;
    };
    done();
  });

  return {
    admit: async (count) => ({ count, isPaused: false }),
    async send({ envelope, raw }) {
      const opened: Readable[] = [];
      streams.set(raw, opened);
      try {
        const { response } = await transport.sendMail({ envelope, raw });
        return { type: 'accepted', reply: response };
      } catch (error) {
        // A message is read only once the server has asked for it (354).
        return describeFailure(
          error,
          opened.some(({ readableDidRead }) => readableDidRead),
        );
      } finally {
        streams.delete(raw);
      }
    },
    close: () => transport.close(),
  };
}

function describeFailure(error: unknown, bodyStarted: boolean): SendResult {
  const { code, responseCode, command = 'CONN', response, message } = error as NodemailerError;
  if (responseCode !== undefined)
    return { type: 'refused', command, code: responseCode, reply: response ?? message };
  if (code === 'EENVELOPE' || code === 'EMESSAGE') return { type: 'unsendable', reason: message };
  return { type: 'failed', bodyStarted, reason: message };
}

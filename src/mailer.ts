// SMTP through nodemailer's pool. Says of every message how far it came: whether a copy may exist at the server is
// what decides if it can be sent again.
import type { Readable } from 'node:stream';
import { createTransport, type NodemailerError } from 'nodemailer';
import type { DkimKey, Mailbox } from './config.ts';

export type OutgoingMail = {
  from: Mailbox;
  to: string;
  subject: string;
  html: string;
  text: string;
  /** With its angle brackets. */
  messageId: string;
  date: Date;
  headers: Record<string, string>;
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
  send(mail: OutgoingMail): Promise<SendResult>;
  close(): void;
};

/** Signed are all headers that tell who sends what to whom, and those that RFC 8058 section 4 asks for. */
const signedHeaders = [
  ...['From', 'To', 'Subject', 'Date', 'Message-ID', 'MIME-Version', 'Content-Type', 'Reply-To'],
  ...['List-Id', 'List-Unsubscribe', 'List-Unsubscribe-Post', 'Feedback-ID', 'Auto-Submitted'],
].join(':');

/** Lines of 7-bit text, whatever server they pass. */
const textEncoding = 'quoted-printable';

export type MailerOptions = { smtpUrl: string; connections: number; dkim: DkimKey | null };

export function createMailer({ smtpUrl, connections, dkim }: MailerOptions): Mailer {
  const transport = createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: connections,
    maxMessages: Number.POSITIVE_INFINITY,
    // The pool would send again what may have arrived already: that is for the ledger to decide.
    maxRequeues: 0,
    connectionTimeout: 30_000,
    greetingTimeout: 30_000,
    socketTimeout: 60_000,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(dkim === null ? {} : { dkim: { ...dkim, headerFieldNames: signedHeaders } }),
  });

  // Every stream that a message's body was to be read from, under its Message-ID.
  const bodies = new Map<string, Readable[]>();
  transport.use('stream', (mail, done) => {
    const { message } = mail;
    const createReadStream = message.createReadStream.bind(message);
    message.createReadStream = (options) => {
      const stream = createReadStream(options);
      bodies.get(message.messageId())?.push(stream);
      return stream;
    };
    done();
  });

  return {
    async send({ from, to, messageId, ...mail }) {
      const streams: Readable[] = [];
      bodies.set(messageId, streams);
      try {
        const { response } = await transport.sendMail({
          ...mail,
          messageId,
          from,
          // As an object it is never parsed: an address cannot become two, or a header.
          to: { name: '', address: to },
          textEncoding,
        });
        return { type: 'accepted', reply: response };
      } catch (error) {
        return describeFailure(
          error,
          streams.some(({ readableDidRead }) => readableDidRead),
        );
      } finally {
        bodies.delete(messageId);
      }
    },
    close: () => transport.close(),
  };
}

/** The message as it would go over the wire, unsigned. */
export async function composeRaw({ from, to, ...mail }: OutgoingMail): Promise<string> {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  const { message } = await transport.sendMail({
    ...mail,
    from,
    to: { name: '', address: to },
    textEncoding,
  });
  return String(message);
}

/** The body is read from its stream only once the server has asked for it (354). */
function describeFailure(error: unknown, bodyStarted: boolean): SendResult {
  const { code, responseCode, command = 'CONN', response, message } = error as NodemailerError;
  if (responseCode !== undefined)
    return { type: 'refused', command, code: responseCode, reply: response ?? message };
  if (code === 'EENVELOPE' || code === 'EMESSAGE') return { type: 'unsendable', reason: message };
  return { type: 'failed', bodyStarted, reason: message };
}

// SMTP over a few sessions that stay open. Says of every message how far it came: whether a copy may exist at the
// server is what decides if it can be sent again.
import {
  type OutgoingMessage,
  openSmtpSession,
  readSmtpUrl,
  type SendResult,
  type SmtpSession,
  type SmtpTimeouts,
} from './session.ts';

export type { OutgoingMessage, SendResult };

export type Mailer = {
  /** How many of `count` mails may be sent now; `isPaused`: none for a while, whatever is asked. */
  admit(count: number): Promise<{ count: number; isPaused: boolean }>;
  /** Never rejects. */
  send(message: OutgoingMessage): Promise<SendResult>;
  close(): void;
};

export type MailerOptions = { smtpUrl: string; connections: number; timeouts?: SmtpTimeouts };

const defaultTimeouts = { connectionMs: 30_000, greetingMs: 30_000, socketMs: 60_000 };

/** A session, or room for one. */
type Line = { session: SmtpSession | null };

export function createMailer({ smtpUrl, connections, timeouts = defaultTimeouts }: MailerOptions): Mailer {
  const server = readSmtpUrl(smtpUrl, timeouts);
  const lines = Array.from({ length: connections }, (): Line => ({ session: null }));
  /** The one used last is taken first: it is the least likely to have been closed by the server. */
  const free = [...lines];
  const waiting: ((line: Line) => void)[] = [];
  let isClosed = false;

  const takeLine = async () => free.pop() ?? new Promise<Line>((resolve) => waiting.push(resolve));
  const giveBack = (line: Line) => {
    const next = waiting.shift();
    if (next === undefined) free.push(line);
    else next(line);
  };

  async function sendOn(line: Line, message: OutgoingMessage): Promise<SendResult> {
    if (line.session?.isOpen()) {
      const startedAt = performance.now();
      const result = await line.session.send(message);
      // A server that does not answer has taken all the time there is.
      if (!isStale(result) || performance.now() - startedAt >= timeouts.socketMs) return result;
    }
    const opened = await openSmtpSession(server);
    if (opened.type === 'closed') return opened.result;
    line.session = opened.session;
    if (isClosed) {
      opened.session.close();
      return { type: 'failed', bodyStarted: false, reason: 'the mailer was closed' };
    }
    return opened.session.send(message);
  }

  return {
    admit: async (count) => ({ count, isPaused: false }),
    async send(message) {
      const line = await takeLine();
      try {
        return await sendOn(line, message);
      } finally {
        giveBack(line);
      }
    },
    close() {
      isClosed = true;
      for (const { session } of lines) session?.close();
    },
  };
}

/**
 * The server may end a session that was idle or has had so many mails, without a word or with a 421. Nothing of the
 * message was sent, so that it can go over a fresh one.
 */
function isStale(result: SendResult): boolean {
  return result.type === 'refused'
    ? result.code === 421 && result.stage === 'sender'
    : result.type === 'failed' && !result.bodyStarted;
}

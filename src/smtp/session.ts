// One conversation with an SMTP server, by nodemailer's connection code: opened once, then one message after the other.

import { Duplex, Readable, type Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { NodemailerError } from 'nodemailer';
import { parseConnectionUrl } from 'nodemailer/lib/shared';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import XOAuth2 from 'nodemailer/lib/xoauth2';
import type { SmtpOAuth, SmtpTls } from '../config/config.ts';
import type { RefusalCause, SmtpStage } from '../ledger/outcome-codes.ts';
import { isLoopbackHost } from '../platform/loopback.ts';

export type OutgoingMessage = {
  /** `id`: reports of what became of the mail may name it (ENVID, RFC 3461). */
  envelope: { from: string; to: string; id?: string };
  /** The whole message: lines that end in CRLF, and no CR or LF elsewhere. */
  raw: Buffer;
  /** Later than this it is not to begin to leave: another worker may have it then. */
  leaveBy?: Date;
};

export type SendResult =
  | { type: 'accepted'; reply: string }
  /** The server answered with a 4xx or 5xx code. */
  | {
      type: 'refused';
      stage: SmtpStage;
      code: number;
      reply: string;
      /** Of the mail; left out where the server was told none. */
      envelope?: { from: string; to: string };
    }
  /** Not tried: its domain refuses us for now, or there was no connection in time. */
  | {
      type: 'held';
      until: Date;
      cause: RefusalCause;
      reason: string;
      /** Addresses that were refused in the same words: what was said of them is in doubt too. */
      refusedBefore?: string[];
    }
  /** It never left: the address or the size can not be sent to this server. */
  | { type: 'unsendable'; reason: string }
  /** No answer: the connection failed, broke or stalled. */
  | { type: 'failed'; bodyStarted: boolean; reason: string };

export type SmtpSession = {
  isOpen(): boolean;
  /** How many mails it has taken. */
  taken(): number;
  /** One at a time. Never rejects. */
  send(message: OutgoingMessage): Promise<SendResult>;
  /** With a goodbye. */
  quit(): void;
  close(): void;
};

export type SmtpTimeouts = { connectionMs: number; greetingMs: number; socketMs: number };

export type SmtpPolicy = { tls?: SmtpTls; ehloName?: string; oauth?: SmtpOAuth | null };

/**
 * What `smtps://user:pass@host:465?tls.rejectUnauthorized=false` says, as nodemailer reads such URLs. Off this machine
 * nothing leaves in clear, and the certificate is verified, unless `tls` says otherwise; on it nobody listens in, and what
 * Debian's Postfix has for a certificate is its own.
 */
export function readSmtpUrl(
  smtpUrl: string,
  { connectionMs, greetingMs, socketMs }: SmtpTimeouts,
  { tls = 'required', ehloName, oauth = null }: SmtpPolicy = {},
) {
  const { auth, ...options } = parseConnectionUrl(smtpUrl);
  const host = options.host ?? 'localhost';
  const isLocal = isLoopbackHost(host);
  const isUnverified = isLocal || tls !== 'required';
  const user = String(auth?.user ?? '');
  return {
    host,
    login: auth?.user || auth?.pass ? { user, pass: String(auth.pass) } : null,
    oauth: oauth === null || user === '' || auth?.pass ? null : createTokens(user, oauth),
    options: {
      ...options,
      ...(isUnverified ? { tls: { rejectUnauthorized: false, ...options.tls } } : {}),
      ...(isLocal || tls === 'optional'
        ? {}
        : { requireTLS: true, ignoreTLS: false, opportunisticTLS: false }),
      ...(ehloName === undefined || options.name !== undefined ? {} : { name: ehloName }),
      connectionTimeout: connectionMs,
      greetingTimeout: greetingMs,
      socketTimeout: socketMs,
    },
  };
}

/** Fetched when one is needed, and anew once it has run out. */
function createTokens(user: string, { tokenUrl, clientId, clientSecret, refreshToken }: SmtpOAuth): XOAuth2 {
  return new XOAuth2({ user, clientId, clientSecret, refreshToken, accessUrl: tokenUrl });
}

type Opened<What> = ({ type: 'open' } & What) | { type: 'closed'; result: SendResult };

/** Connected, encrypted where the server can, and logged in; else what stood in the way. */
export async function openSmtpSession(
  settings: ReturnType<typeof readSmtpUrl>,
): Promise<Opened<{ session: SmtpSession }>> {
  const opened = await openSmtpConnection(settings);
  if (opened.type === 'closed') return opened;
  const { connection, asked } = opened;
  let isOpen = true;
  connection.once('end', () => {
    isOpen = false;
  });
  let taken = 0;
  return {
    type: 'open',
    session: {
      isOpen: () => isOpen,
      taken: () => taken,
      async send(message) {
        const result = await send({ connection, asked }, message);
        if (result.type === 'accepted') taken += 1;
        return result;
      },
      quit() {
        isOpen = false;
        connection.quit();
      },
      close() {
        isOpen = false;
        connection.close();
      },
    },
  };
}

/** nodemailer's own connection, and what the server was asked last. */
type Conversation = { connection: SMTPConnection; asked: () => string };

/** The same as nodemailer's own connection. Its errors are heard: what is under way has to tell of them itself. */
export async function openSmtpConnection({
  host,
  login,
  oauth,
  options,
}: ReturnType<typeof readSmtpUrl>): Promise<Opened<Conversation>> {
  const { logger, asked } = listenToCommands();
  const connection = new SMTPConnection({ ...options, logger, transactionLog: true });
  const problem = await new Promise<Error | null>((resolve) => {
    // Stays for good: what a message under way has to do with an error, its own callback tells.
    connection.on('error', resolve);
    connection.once('end', () => resolve(new Error('the server closed the connection')));
    connection.connect((error) => {
      if (error !== undefined) resolve(error);
      else if (login === null || !connection.allowsAuth) resolve(null);
      else if (oauth === null)
        connection.login({ ...login, credentials: login }, (refusal) => resolve(refusal));
      else connection.login({ user: login.user, oauth2: oauth }, (refusal) => resolve(refusal));
    });
  });
  if (problem === null) return { type: 'open', connection, asked };
  connection.close();
  const untrusted = explainTls(problem, host);
  const result: SendResult =
    untrusted === null
      ? describeFailure(problem, { bodyStarted: false, asked })
      : { type: 'failed', bodyStarted: false, reason: untrusted };
  return { type: 'closed', result };
}

/** By its log, the only place where nodemailer tells: a server that does not answer is named without what it was asked. */
function listenToCommands() {
  let line: unknown = '';
  const pass = () => {};
  const debug = (entry: unknown, words?: unknown) => {
    if (typeof entry === 'object' && entry !== null && 'tnx' in entry && entry.tnx === 'client') line = words;
  };
  return {
    // Behind the command stand addresses, and passwords.
    asked: () => /^[A-Z]+(?: (?:FROM|TO)(?=:))?/i.exec(String(line))?.[0].toUpperCase() ?? '',
    logger: { level: pass, trace: pass, debug, info: pass, warn: pass, error: pass, fatal: pass },
  };
}

/** A message on its way into nodemailer's connection, which reads it only once the server has asked for it (354). */
class MessageStream extends Readable {
  readonly #raw: Buffer;
  readonly #socket: Writable;
  readonly #onStart: () => void;

  constructor(raw: Buffer, { socket, onStart }: { socket: Writable; onStart: () => void }) {
    super();
    this.#raw = raw;
    this.#socket = socket;
    this.#onStart = onStart;
  }

  /**
   * Into the far end of the stream that looks for line ends and leading dots byte by byte: what it would find is known
   * here, and it took four fifths of the time that sending takes.
   */
  override pipe<Destination extends NodeJS.WritableStream>(destination: Destination): Destination {
    if (!(destination instanceof Duplex)) return super.pipe(destination);
    this.#onStart();
    // Message and end leave together.
    this.#socket.cork();
    destination.push(stuffDots(this.#raw));
    destination.push(endOfMessage);
    destination.push(null);
    this.#socket.uncork();
    return destination;
  }

  override _read(): void {
    this.#onStart();
    this.push(this.#raw);
    this.push(null);
  }
}

const endOfMessage = Buffer.from('.\r\n');

/** RFC 5321 section 4.5.2. */
function stuffDots(raw: Buffer): Buffer {
  if (!raw.includes('\n.', 0, 'latin1')) return raw;
  return Buffer.from(raw.toString('latin1').replaceAll('\n.', '\n..'), 'latin1');
}

type SentEnvelope = Parameters<SMTPConnection['send']>[0] & {
  pipelined?: boolean;
  mailError?: Error;
  rejectedErrors?: Error[];
};

async function send(
  { connection, asked }: Conversation,
  { envelope, raw }: OutgoingMessage,
): Promise<SendResult> {
  const socket = connection._socket;
  if (!socket) return { type: 'failed', bodyStarted: false, reason: 'the connection is closed' };
  const { from, to } = envelope;
  let bodyStarted = false;
  const onStart = () => {
    bodyStarted = true;
  };
  const body = new MessageStream(raw, { socket, onStart });
  /** nodemailer notes in it what it hears. */
  const told: SentEnvelope = { from, to, size: raw.length, ...askForReport(envelope) };
  const result = await new Promise<SendResult>((resolve) =>
    connection.send(told, body, (error, info) =>
      resolve(
        error === null && info !== undefined
          ? { type: 'accepted', reply: info.response }
          : nameEnvelope(
              // The first refusal is the answer, whatever came of the commands behind it.
              describeFailure(told.mailError ?? told.rejectedErrors?.[0] ?? error ?? new Error('no answer'), {
                bodyStarted,
                asked,
                isPipelined: told.pipelined === true,
              }),
              { from, to },
            ),
      ),
    ),
  );
  if (result.type !== 'accepted') await tidyUp(connection, result);
  // What else has come with the answer would be taken for that to the next command: nodemailer is given the time to see it.
  else await nextTurn();
  return result;
}

/**
 * Where the server has DSN: a failure is told with our headers, delays are not, and it names the mail and who it was for.
 * Of what comes back itself nothing is to come back.
 */
function askForReport({ from, to, id }: OutgoingMessage['envelope']) {
  if (from === '' || id === undefined) return {};
  return { dsn: { ret: 'HDRS', envid: id, notify: 'FAILURE', orcpt: `rfc822;${to}` } };
}

/** After a refusal of one message the session serves the next; after anything else nobody knows its state. */
async function tidyUp(connection: SMTPConnection, result: SendResult): Promise<void> {
  const isUsable = result.type === 'unsendable' || (result.type === 'refused' && result.code !== 421);
  if (!isUsable || !(await reset(connection))) connection.close();
}

/** False: the server does not, or hung up instead of an answer, which nodemailer does not tell. */
async function reset(connection: SMTPConnection): Promise<boolean> {
  return new Promise((resolve) => {
    const onEnd = () => resolve(false);
    connection.once('end', onEnd);
    connection.reset((error) => {
      connection.off('end', onEnd);
      resolve(error === null);
    });
  });
}

function describeFailure(
  error: unknown,
  {
    bodyStarted,
    asked,
    isPipelined = false,
  }: { bodyStarted: boolean; asked: () => string; isPipelined?: boolean },
): SendResult {
  const { code, responseCode, command = 'CONN', response, message, timeoutType } = error as NodemailerError;
  if (responseCode !== undefined && responseCode >= 400 && responseCode <= 599) {
    // Of commands that left together, what was asked last is not what was answered.
    const isKnown = command === 'CONN' && (bodyStarted || !isPipelined);
    const stage = findStage(isKnown ? asked() : command);
    return { type: 'refused', stage, code: responseCode, reply: response ?? message };
  }
  // Any other answer where one was due: what the server made of it, nobody knows.
  const isUnanswered = response === undefined;
  if (isUnanswered && (code === 'EENVELOPE' || code === 'EMESSAGE'))
    return { type: 'unsendable', reason: message };
  if (timeoutType === 'SOCKET_TIMEOUT' || timeoutType === 'GREETING_TIMEOUT')
    return { type: 'failed', bodyStarted, reason: nameSilence(bodyStarted ? 'the mail' : asked()) };
  return { type: 'failed', bodyStarted, reason: message };
}

const nameSilence = (asked: string) =>
  asked === '' ? 'connected, and no greeting came' : `no answer to ${asked}`;

function nameEnvelope(result: SendResult, envelope: { from: string; to: string }): SendResult {
  return result.type === 'refused' ? { ...result, envelope } : result;
}

/** What stood in the way of TLS, and the remedy. Null: it was something else. */
function explainTls(problem: Error, host: string): string | null {
  const { message, command, code, response } = problem as NodemailerError;
  if (/certificate|altname|self.signed|unable to verify/i.test(message))
    return `${message}: the certificate of ${host} is not one to trust. Give it one for that name, name the authority that signed it in NODE_EXTRA_CA_CERTS, or write ?tls=unverified behind its SMTP_URL`;
  if (code === 'ETLS' && command === 'STARTTLS')
    return `${host} takes no STARTTLS (${response ?? message}), and off this machine no mail or password leaves in clear. Have it offer TLS, use smtps://, or write ?tls=optional behind its SMTP_URL`;
  return null;
}

/** `AUTH` comes with its mechanism. */
function findStage(command: string): SmtpStage {
  if (command.startsWith('AUTH')) return 'login';
  return stagesByCommand.get(command) ?? 'connection';
}

const stagesByCommand: ReadonlyMap<string, SmtpStage> = new Map([
  ['STARTTLS', 'tls'],
  ['MAIL FROM', 'sender'],
  ['RCPT TO', 'recipient'],
  ['DATA', 'content'],
]);

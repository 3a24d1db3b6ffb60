// SMTP over a few sessions that stay open. Says of every message how far it came: whether a copy may exist at the
// server is what decides if it can be sent again. How many connections a server takes, and how many mails over each, is
// learned from what it refuses: such a refusal costs no mail anything.
import { setTimeout as sleep } from 'node:timers/promises';
import { refusalCauses } from '../ledger/outcome-codes.ts';
import { explainRefusal, isOutOfStep } from './outcome.ts';
import {
  type OutgoingMessage,
  openSmtpSession,
  readSmtpUrl,
  type SendResult,
  type SmtpPolicy,
  type SmtpSession,
  type SmtpTimeouts,
} from './session.ts';

export type { OutgoingMessage, SendResult };

export type Mailer = {
  /** How many of `count` mails may be sent now; `isPaused`: none for a while, whatever is asked. */
  admit(count: number): Promise<{ count: number; isPaused: boolean }>;
  /** So many that were admitted are not sent after all. */
  giveBack(count: number): Promise<void>;
  /** Never rejects. */
  send(message: OutgoingMessage): Promise<SendResult>;
  close(): void;
};

/**
 * What a server was found to take: connections at once, and mails over one (null: any number). `because`: that was learned by
 * a connection that was refused, one more that was taken, or a session that ended.
 */
export type ServerLimits = {
  connections: number;
  because: 'refused' | 'taken' | 'session';
  mailsPerSession: number | null;
};

export type MailerOptions = SmtpPolicy & {
  smtpUrl: string;
  connections: number;
  timeouts?: SmtpTimeouts;
  now?: () => Date;
  /** Called when something was learned. */
  onLimits?: (limits: ServerLimits) => void;
  /** Other workers use the server too: how many connections are ours is told from outside, see servers/shares.ts. */
  shared?: { isServedElsewhere: () => boolean };
};

/** One whose limits may be set from outside, by what other workers learned. */
export type SharedMailer = Mailer & {
  /** So many connections from now on; those above that end with their mail. */
  allow(connections: number): void;
  /** The next mail that finds none free may try one more than is allowed. */
  tryOneMore(): void;
  limitSessions(mails: number, until: Date): void;
  /** `held`: may be used now, whether or not they are open. */
  count(): { open: number; held: number };
};

const defaultTimeouts = { connectionMs: 30_000, greetingMs: 30_000, socketMs: 60_000 };

const minute = 60_000;
/** When one connection more is tried again: for longer after each time that it was refused. */
const firstRaiseMs = minute;
const longestRaiseMs = 60 * minute;
/** When it is found out anew how many mails a session takes. */
const forgetMs = 60 * minute;

/** Of mails in a row for which others were served and we were not. Beyond this it is not the number. */
const mostElsewhere = 5;
const never = new Date(8.64e15);

/** For one mail: a server that refuses it over so many fresh sessions means more than the session. */
const mostReconnects = 2;

/** How often, and after how long each, a server that has not noticed yet is asked again. */
const pausesMs = [50, 200, 1000];
const justNowMs = 3000;

/** A session, or room for one. */
type Line = { session: SmtpSession | null; isBusy: boolean };

export function createMailer({
  smtpUrl,
  connections,
  timeouts = defaultTimeouts,
  now = () => new Date(),
  onLimits = () => {},
  shared,
  ...policy
}: MailerOptions): SharedMailer {
  const server = readSmtpUrl(smtpUrl, timeouts, policy);
  const lines = Array.from({ length: connections }, (): Line => ({ session: null, isBusy: false }));
  /** The one used last is taken first: it is the least likely to have been closed by the server. */
  const free = [...lines];
  /** More than the server takes for now. */
  const parked: Line[] = [];
  const waiting: ((line: Line) => void)[] = [];
  const perSession = createSessionLimit({ now, onLearned: () => tellLimits('session') });
  let allowed = connections;
  let elsewhere = 0;
  let raise = { at: shared === undefined ? new Date(0) : never, afterMs: firstRaiseMs };
  /** Whether one more is taken now. */
  let trial: Line | null = null;
  let endedAt = Number.NEGATIVE_INFINITY;
  let isClosed = false;

  const tellLimits = (because: ServerLimits['because']) =>
    onLimits({
      connections: connections - parked.length,
      because,
      mailsPerSession: perSession.most(),
    });

  /** Whose message was sent back for want of a connection is the next. */
  const takeLine = async ({ isAgain }: { isAgain: boolean }): Promise<Line> => {
    const line = free.pop() ?? (raise.at <= now() ? takeParked() : undefined);
    return line ?? new Promise((resolve) => (isAgain ? waiting.unshift(resolve) : waiting.push(resolve)));
  };
  const takeParked = (): Line | undefined => {
    raise = { ...raise, at: raiseIn(raise.afterMs) };
    trial = parked.pop() ?? null;
    return trial ?? undefined;
  };
  const held = () => connections - parked.length;
  const isTooMuch = () => held() - (trial === null ? 0 : 1) > allowed;
  const giveBack = (line: Line) => {
    line.isBusy = false;
    if (line !== trial && isTooMuch()) {
      line.session?.close();
      parked.push(line);
      return;
    }
    const next = waiting.shift();
    if (next === undefined) free.push(line);
    else next(line);
  };
  const park = (line: Line) => {
    line.isBusy = false;
    line.session?.close();
    parked.push(line);
    const afterMs = line === trial ? Math.min(raise.afterMs * 2, longestRaiseMs) : firstRaiseMs;
    raise = { at: raiseIn(afterMs), afterMs };
    trial = null;
    tellLimits('refused');
  };
  /** Where nobody gets in, it is not the number. */
  const unpark = () => {
    for (const line of parked.splice(0)) giveBack(line);
  };
  const inFuture = (ms: number) => new Date(now().getTime() + ms);
  /** When one more is tried: together with other workers, when they say so. */
  const raiseIn = (ms: number) => (shared === undefined ? inFuture(ms) : never);
  const isServedBeside = (line: Line) =>
    lines.some(
      (other) =>
        other !== line && !parked.includes(other) && (other.isBusy || other.session?.isOpen() === true),
    );

  /** A server may still count a session that we have just ended. */
  async function openSession(): ReturnType<typeof openSmtpSession> {
    for (const pauseMs of pausesMs) {
      const opened = await openSmtpSession(server);
      const isJustEnded = performance.now() - endedAt < justNowMs;
      if (opened.type === 'open' || opened.result.type !== 'refused') return opened;
      if (!isJustEnded || !isForTooMany(opened.result)) return opened;
      await sleep(pauseMs);
    }
    return openSmtpSession(server);
  }

  /** Over the session of the line, or a fresh one where there is none or the server has done with it. */
  async function sendOn(line: Line, message: OutgoingMessage): Promise<Attempt> {
    for (let tries = 1; ; tries += 1) {
      const startedAt = performance.now();
      const isReused = line.session?.isOpen() === true;
      if (!isReused) {
        const opened = await openSession();
        if (opened.type === 'closed')
          return { result: opened.result, isInTime: performance.now() - startedAt < timeouts.greetingMs };
        line.session = opened.session;
        if (isClosed) {
          opened.session.close();
          return { result: failed('the mailer was closed'), isInTime: false };
        }
      }
      const { session } = line;
      if (session === null) return { result: failed('the connection is closed'), isInTime: false };
      const before = session.taken();
      const result = await session.send(message);
      // A server that does not answer has taken all the time there is.
      const isInTime = performance.now() - startedAt < timeouts.socketMs;
      if (tries > mostReconnects || !isInTime || !isSessionOver(result, { isReused, before })) {
        if (session.taken() >= (perSession.most() ?? Number.POSITIVE_INFINITY)) {
          session.quit();
          endedAt = performance.now();
        }
        return { result, isInTime };
      }
      session.close();
      endedAt = performance.now();
      if (result.type === 'refused' && before > 0) perSession.learn(before);
    }
  }

  return {
    admit: async (count) => ({ count, isPaused: false }),
    giveBack: async () => {},
    async send(message) {
      for (let isAgain = false; ; isAgain = true) {
        const line = await takeLine({ isAgain });
        line.isBusy = true;
        if (message.leaveBy !== undefined && message.leaveBy <= now()) {
          giveBack(line);
          return waitedTooLong(now());
        }
        const { result, isInTime } = await sendOn(line, message);
        if (isInTime && isForTooMany(result)) {
          const isElsewhere =
            result.type === 'refused' && elsewhere < mostElsewhere && shared?.isServedElsewhere() === true;
          if (isServedBeside(line) || isElsewhere) {
            if (isElsewhere) elsewhere += 1;
            park(line);
            continue;
          }
          unpark();
        } else if (line === trial) {
          trial = null;
          raise = { ...raise, afterMs: firstRaiseMs };
          if (shared !== undefined) allowed = Math.max(allowed, held());
          tellLimits('taken');
        }
        if (result.type === 'accepted') elsewhere = 0;
        giveBack(line);
        return result;
      }
    },
    allow(most) {
      allowed = Math.min(most, connections);
      raise = { ...raise, at: raiseIn(raise.afterMs) };
      while (isTooMuch() && free.length > 0) {
        const line = free.shift();
        if (line === undefined) return;
        line.session?.close();
        parked.push(line);
      }
      while (held() < allowed) {
        const line = parked.pop();
        if (line === undefined) return;
        giveBack(line);
      }
    },
    tryOneMore() {
      raise = { ...raise, at: now() };
    },
    limitSessions: (mails, until) => perSession.set(mails, until),
    count: () => ({
      open: lines.filter(({ session }) => session?.isOpen() === true).length,
      held: held(),
    }),
    close() {
      isClosed = true;
      for (const { session } of lines) session?.close();
    },
  };
}

/** `isInTime`: the server answered, or hung up, before our patience ended. */
type Attempt = { result: SendResult; isInTime: boolean };

const failed = (reason: string): SendResult => ({ type: 'failed', bodyStarted: false, reason });

function waitedTooLong(until: Date): SendResult {
  return { type: 'held', until, cause: 'connection_limit', reason: 'no connection was free in time' };
}

/**
 * The server may end a session that was idle or has had so many mails, without a word or with a 4xx, 421 most of all.
 * Nothing of the message was taken, so that it can go over a fresh one.
 */
function isSessionOver(
  result: SendResult,
  { isReused, before }: { isReused: boolean; before: number },
): boolean {
  if (result.type === 'failed') return isReused && !result.bodyStarted;
  if (isOutOfStep(result)) return isReused;
  if (result.type !== 'refused' || result.code >= 500) return false;
  if (result.stage === 'sender') return isReused || (isPassing(result) && !isForTooMany(result));
  if (before === 0) return false;
  return result.code === 421 || (result.code === 452 && isPassing(result));
}

/** Neither our right or quota nor the reader's mailbox. */
function isPassing(result: Refused): boolean {
  const { code } = explainRefusal(result);
  return code === 'connection_limit' || !['us', 'address'].includes(refusalCauses[code].concerns);
}

type Refused = Extract<SendResult, { type: 'refused' }>;

/**
 * Turned away before it could name a recipient, as servers do with connections beyond what they take at a time, with or
 * without a word; Exchange says 432 later on, too.
 */
function isForTooMany(result: SendResult): boolean {
  if (result.type === 'failed') return !result.bodyStarted;
  if (result.type !== 'refused') return false;
  if (result.code === 432) return true;
  if (result.stage === 'recipient' || result.stage === 'content') return false;
  if (result.stage === 'connection' && result.code < 500) return true;
  return explainRefusal(result).code === 'connection_limit';
}

/** How many mails a session takes, once two in a row have ended after as many. */
function createSessionLimit({ now, onLearned }: { now: () => Date; onLearned: () => void }) {
  let learned: { most: number; until: Date } | null = null;
  let last: number | null = null;
  return {
    most: (): number | null => (learned !== null && learned.until > now() ? learned.most : null),
    set(most: number, until: Date): void {
      learned = { most, until };
    },
    learn(taken: number): void {
      const isConfirmed = taken === last;
      last = taken;
      if (!isConfirmed) return;
      learned = { most: taken, until: new Date(now().getTime() + forgetMs) };
      onLearned();
    },
  };
}

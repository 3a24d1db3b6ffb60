// Several SMTP servers as one mailer: by weight, each at its own pace, and when one is in trouble it is left alone for
// a while and the others take over.
import { findRemedy, type RefusalCause } from '../ledger/outcome-codes.ts';
import { type AlikeRefusals, createAlikeRefusals } from './alike-refusals.ts';
import type { Mailer, OutgoingMessage, SendResult } from './mailer.ts';
import { findHardWords, findRefusalOfUs, findTroubleCode, isServersTrouble } from './outcome.ts';
import { describeLimit, type Quota } from './quota.ts';

export type MailServer = {
  /** For the log; without its password. */
  name: string;
  mailer: Mailer;
  weight: number;
  /** Of `count` mails, how many this server may be sent now; see `sending-rate.ts`. */
  reserve(count: number): Promise<number>;
  /** By the minute, hour and day. None: no such limits. */
  quota?: Quota;
};

type Deps = {
  now: () => Date;
  random: () => number;
  /** `domain`: only its mails wait. */
  onTrouble: (trouble: {
    server: string;
    reason: string;
    pausedUntil: Date;
    domain?: string;
    /** What to do about it, where that is known. */
    remedy: string | null;
  }) => void;
  /** Once for a window: its limit is reached, and what is left waits until then. */
  onFull?: (full: { server: string; limit: string; until: Date }) => void;
};

/** A receiving domain to which this server sends nothing for now: we, not the readers, were refused. */
type Hold = { failures: number; until: Date; cause: RefusalCause; reason: string };

/**
 * `admitted`: mails that it may be sent and was not sent yet. `silences`: how many mails in a row began to leave and
 * were not answered. `refusedFor`: the domains for whose mails we were refused since a mail was last accepted.
 */
type State = MailServer & {
  admitted: number;
  silences: number;
  failures: number;
  pausedUntil: Date;
  fullUntil: Date;
  /** By the length of a window: when it was last told that it is full. */
  toldFullAt: Map<number, Date>;
  holds: Map<string, Hold>;
  refusedFor: Set<string>;
  alike: AlikeRefusals;
};

const firstPauseMs = 15_000;
const longestPauseMs = 10 * 60_000;
/** One may be the mail's own fault, or the line's. A server that answers none would make a whole edition unknown. */
const mostSilences = 3;
const longestHoldMs = 60 * 60_000;
/** As a limit by the minute makes it. */
const longestWaitMs = 70_000;
/** One domain may have its own quarrel with us. For so many, and nobody else served: it is this server. */
const domainsForPause = 2;

export function createMailerGroup(
  servers: MailServer[],
  { now, random, onTrouble, onFull = () => {} }: Deps,
): Mailer {
  const states: State[] = servers.map((server) => ({
    ...server,
    admitted: 0,
    silences: 0,
    failures: 0,
    pausedUntil: new Date(0),
    fullUntil: new Date(0),
    toldFullAt: new Map(),
    holds: new Map(),
    refusedFor: new Set(),
    alike: createAlikeRefusals(),
  }));
  const listUsable = () => listUnpaused().filter(({ fullUntil }) => fullUntil <= now());
  const listUnpaused = () => states.filter(({ pausedUntil }) => pausedUntil <= now());
  /** A window that opens soon is waited for, and so are those who may give back what they were admitted. */
  const isNothingLeft = () =>
    listUsable().length === 0 &&
    !listUnpaused().some(
      ({ admitted, fullUntil }) => admitted > 0 || fullUntil.getTime() - now().getTime() <= longestWaitMs,
    );

  const findHold = (state: State, domain: string): Hold | null => {
    const hold = state.holds.get(domain);
    return hold !== undefined && hold.until > now() ? hold : null;
  };

  /** One that still may send, by weight; else any that is usable, for a mail that another one failed to take. */
  function choose(domain: string, tried: ReadonlySet<State>): State | undefined {
    // What was admitted before a server became full may still go to it.
    const usable = listUnpaused()
      .filter(({ admitted, fullUntil }) => admitted > 0 || fullUntil <= now())
      .filter((state) => !tried.has(state) && findHold(state, domain) === null);
    const ready = usable.filter(({ admitted }) => admitted > 0);
    return chooseByWeight(ready.length > 0 ? ready : usable, random());
  }

  function learn(state: State, { domain, result }: { domain: string; result: SendResult }): void {
    const cause = findRefusalOfUs(result);
    const isSilence = result.type === 'failed' && result.bodyStarted;
    state.silences = isSilence ? state.silences + 1 : 0;
    if (result.type === 'accepted') {
      state.holds.delete(domain);
      state.refusedFor.clear();
    }
    if (cause !== null) {
      state.refusedFor.add(domain);
      if (state.refusedFor.size < domainsForPause) hold(state, { domain, cause, reason: tellReason(result) });
      else pause(state, result);
    } else if (isServersTrouble(result) || state.silences >= mostSilences) pause(state, result);
    else if (!isSilence) state.failures = 0;
  }

  /** A refusal that many readers of a domain have had in the same words is not taken for theirs. */
  function doubt(
    state: State,
    { to, domain, result }: { to: string; domain: string; result: SendResult },
  ): SendResult {
    if (result.type === 'accepted') state.alike.forget(domain);
    const words = findHardWords(result);
    const others = words === null ? null : state.alike.learn({ to, domain, words });
    if (others === null) return result;
    const cause = 'refused_alike';
    const reason = `${others.length + 1} readers of this domain are refused alike: ${tellReason(result)}`;
    hold(state, { domain, cause, reason });
    const until = findHold(state, domain)?.until ?? now();
    return { type: 'held', until, cause, reason, refusedBefore: others };
  }

  function pause(state: State, result: SendResult): void {
    // What was under way together fails together: that is one failure.
    if (state.pausedUntil > now()) return;
    state.failures += 1;
    state.pausedUntil = growingPause(state.failures, longestPauseMs);
    const remedy = findRemedy(findTroubleCode(result));
    onTrouble({ server: state.name, reason: tellReason(result), pausedUntil: state.pausedUntil, remedy });
  }

  function hold(
    state: State,
    { domain, cause, reason }: { domain: string; cause: RefusalCause; reason: string },
  ): void {
    if (findHold(state, domain) !== null) return;
    const failures = (state.holds.get(domain)?.failures ?? 0) + 1;
    const until = growingPause(failures, longestHoldMs);
    state.holds.set(domain, { failures, until, cause, reason });
    onTrouble({ server: state.name, reason, pausedUntil: until, domain, remedy: findRemedy(cause) });
  }

  function growingPause(failures: number, longestMs: number): Date {
    return new Date(now().getTime() + Math.min(firstPauseMs * 2 ** (failures - 1), longestMs));
  }

  /** Of `count` mails, how many this server takes by all of its limits. */
  async function reserve(state: State, count: number): Promise<number> {
    const { quota } = state;
    if (quota === undefined) return state.reserve(count);
    const { granted, fullUntil, limit } = await quota.take(count);
    if (granted === 0 && fullUntil !== null && limit !== null) {
      state.fullUntil = fullUntil;
      const toldAt = state.toldFullAt.get(limit.seconds);
      if (toldAt === undefined || now().getTime() - toldAt.getTime() >= limit.seconds * 1000) {
        state.toldFullAt.set(limit.seconds, now());
        onFull({ server: state.name, limit: describeLimit(limit), until: fullUntil });
      }
    }
    if (granted === 0) return 0;
    const paced = await state.reserve(granted);
    await quota.giveBack(granted - paced);
    return paced;
  }

  async function giveBack(count: number, from = states): Promise<void> {
    let left = count;
    for (const state of from) {
      const some = Math.min(left, state.admitted);
      if (some <= 0) continue;
      state.admitted -= some;
      left -= some;
      await state.quota?.giveBack(some);
      state.fullUntil = new Date(0);
    }
  }

  /** Shares are rounded up. Where nothing is counted, each may be the one that is chosen. */
  async function giveBackRounding(count: number): Promise<void> {
    const counted = states.filter(({ quota }) => quota !== undefined);
    await giveBack(
      count,
      counted.sort((one, other) => one.weight - other.weight),
    );
  }

  /** One of those that were admitted, or one more, for a mail that another server failed to take. */
  async function useUp(state: State): Promise<boolean> {
    if (state.admitted > 0) {
      state.admitted -= 1;
      return true;
    }
    return state.quota === undefined || (await state.quota.take(1)).granted > 0;
  }

  /** What is said of a mail that no server is to be asked for. */
  function explainNoServer(domain: string): SendResult {
    const [held] = listUsable().flatMap((state) => findHold(state, domain) ?? []);
    return held === undefined
      ? { type: 'failed', bodyStarted: false, reason: 'every mail server is paused' }
      : { type: 'held', until: held.until, cause: held.cause, reason: `we are refused: ${held.reason}` };
  }

  return {
    async admit(count) {
      const usable = listUsable();
      const weights = usable.reduce((sum, { weight }) => sum + weight, 0);
      let total = 0;
      for (const state of usable) {
        const granted = await reserve(state, Math.ceil((count * state.weight) / weights));
        state.admitted += granted;
        total += granted;
      }
      await giveBackRounding(total - count);
      return { count: Math.min(count, total), isPaused: total === 0 && isNothingLeft() };
    },
    giveBack,

    async send(message: OutgoingMessage): Promise<SendResult> {
      const tried = new Set<State>();
      const domain = domainOf(message.envelope.to);
      let result = explainNoServer(domain);
      for (let state = choose(domain, tried); state !== undefined; state = choose(domain, tried)) {
        tried.add(state);
        if (!(await useUp(state))) continue;
        result = doubt(state, { to: message.envelope.to, domain, result: await state.mailer.send(message) });
        learn(state, { domain, result });
        const isLeftToOthers = result.type === 'unsendable' || isServersTrouble(result);
        if (!isLeftToOthers && findRefusalOfUs(result) === null) return result;
      }
      return result;
    },

    close() {
      for (const { mailer } of states) mailer.close();
    },
  };
}

function tellReason(result: SendResult): string {
  return 'reason' in result ? result.reason : result.reply;
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

/** `random` is in [0, 1). */
function chooseByWeight<Item extends { weight: number }>(items: Item[], random: number): Item | undefined {
  let rest = random * items.reduce((sum, { weight }) => sum + weight, 0);
  return items.find(({ weight }) => {
    rest -= weight;
    return rest < 0;
  });
}

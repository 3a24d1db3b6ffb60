// Several SMTP servers as one mailer: by weight, each at its own pace, and when one is in trouble it is left alone for
// a while and the others take over.
import type { Mailer, OutgoingMessage, SendResult } from './mailer.ts';
import { isServersTrouble } from './outcome.ts';

export type MailServer = {
  /** For the log; without its password. */
  name: string;
  mailer: Mailer;
  weight: number;
  /** Of `count` mails, how many this server may be sent now; see `sending-rate.ts`. */
  reserve(count: number): Promise<number>;
};

type Deps = {
  now: () => Date;
  random: () => number;
  onTrouble: (trouble: { server: string; reason: string; pausedUntil: Date }) => void;
};

/**
 * `admitted`: mails that it may be sent and was not sent yet. `silences`: how many mails in a row began to leave and
 * were not answered.
 */
type State = MailServer & { admitted: number; silences: number; failures: number; pausedUntil: Date };

const firstPauseMs = 15_000;
const longestPauseMs = 10 * 60_000;
/** One may be the mail's own fault, or the line's. A server that answers none would make a whole edition unknown. */
const mostSilences = 3;

export function createMailerGroup(servers: MailServer[], { now, random, onTrouble }: Deps): Mailer {
  const states: State[] = servers.map((server) => ({
    ...server,
    admitted: 0,
    silences: 0,
    failures: 0,
    pausedUntil: new Date(0),
  }));
  const listUsable = () => states.filter(({ pausedUntil }) => pausedUntil <= now());

  /** One that still may send, by weight; else any that is usable, for a mail that another one failed to take. */
  function choose(tried: ReadonlySet<State>): State | undefined {
    const usable = listUsable().filter((state) => !tried.has(state));
    const ready = usable.filter(({ admitted }) => admitted > 0);
    return chooseByWeight(ready.length > 0 ? ready : usable, random());
  }

  function learn(state: State, result: SendResult): void {
    const isSilence = result.type === 'failed' && result.bodyStarted;
    state.silences = isSilence ? state.silences + 1 : 0;
    if (!isSilence && !isServersTrouble(result)) state.failures = 0;
    if (!isServersTrouble(result) && state.silences < mostSilences) return;
    // What was under way together fails together: that is one failure.
    if (state.pausedUntil > now()) return;
    state.failures += 1;
    const pauseMs = Math.min(firstPauseMs * 2 ** (state.failures - 1), longestPauseMs);
    state.pausedUntil = new Date(now().getTime() + pauseMs);
    const reason = 'reason' in result ? result.reason : result.reply;
    onTrouble({ server: state.name, reason, pausedUntil: state.pausedUntil });
  }

  return {
    async admit(count) {
      const usable = listUsable();
      const weights = usable.reduce((sum, { weight }) => sum + weight, 0);
      let total = 0;
      for (const state of usable) {
        const granted = await state.reserve(Math.ceil((count * state.weight) / weights));
        state.admitted += granted;
        total += granted;
      }
      return { count: Math.min(count, total), isPaused: usable.length === 0 };
    },

    async send(message: OutgoingMessage): Promise<SendResult> {
      const tried = new Set<State>();
      let result: SendResult = { type: 'failed', bodyStarted: false, reason: 'every mail server is paused' };
      for (let state = choose(tried); state !== undefined; state = choose(tried)) {
        tried.add(state);
        state.admitted = Math.max(0, state.admitted - 1);
        result = await state.mailer.send(message);
        learn(state, result);
        if (!isServersTrouble(result)) return result;
      }
      return result;
    },

    close() {
      for (const { mailer } of states) mailer.close();
    },
  };
}

/** `random` is in [0, 1). */
function chooseByWeight<Item extends { weight: number }>(items: Item[], random: number): Item | undefined {
  let rest = random * items.reduce((sum, { weight }) => sum + weight, 0);
  return items.find(({ weight }) => {
    rest -= weight;
    return rest < 0;
  });
}

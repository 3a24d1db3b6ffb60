// How a mail server answers one worker: what it took and how quickly, and since when it is left alone.
import { maskAddresses } from '../../text/mask-addresses.ts';
import type { SharedMailer } from '../mailer.ts';

/** How a worker found a server, for who looks after it; `states.ts` reads it. */
export type ServerHealth = {
  pausedSince: Date | null;
  pausedUntil: Date | null;
  lastError: string | null;
  lastErrorAt: Date | null;
  remedy: string | null;
  accepted: number;
  lastAcceptedAt: Date | null;
  latencyMs: number | null;
};

export type Watch = {
  health(): ServerHealth;
  /** As `createMailerGroup` tells it. */
  fail(trouble: { reason: string; pausedUntil: Date; domain?: string; remedy: string | null }): void;
  /** The same mailer, looked at. */
  watch(mailer: SharedMailer): SharedMailer;
};

const mostWords = 1000;
/** How much the latest mail counts in the average. */
const latestPart = 0.1;

export function watchServer(now: () => Date): Watch {
  let health: ServerHealth = {
    pausedSince: null,
    pausedUntil: null,
    lastError: null,
    lastErrorAt: null,
    remedy: null,
    accepted: 0,
    lastAcceptedAt: null,
    latencyMs: null,
  };
  return {
    health: () => health,
    fail({ reason, pausedUntil, domain, remedy }) {
      const words = domain === undefined ? reason : `for ${domain}: ${reason}`;
      const isPause = domain === undefined;
      health = {
        ...health,
        lastError: maskAddresses(words).slice(0, mostWords),
        lastErrorAt: now(),
        remedy,
        // One pause after another, and no mail taken between them, is one trouble.
        ...(isPause ? { pausedSince: health.pausedSince ?? now(), pausedUntil } : {}),
      };
    },
    watch: (mailer) => ({
      ...mailer,
      async send(message) {
        const startedAt = performance.now();
        const result = await mailer.send(message);
        if (result.type === 'accepted') {
          const ms = performance.now() - startedAt;
          const { latencyMs, accepted } = health;
          health = {
            ...health,
            accepted: accepted + 1,
            lastAcceptedAt: now(),
            latencyMs: latencyMs === null ? ms : latencyMs + (ms - latencyMs) * latestPart,
            pausedSince: null,
            pausedUntil: null,
          };
        }
        return result;
      },
    }),
  };
}

// Asks a source's server politely: one request at a time, conditionally, within its own host, and not again and again.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type HttpAnswer,
  type HttpFailure,
  type HttpLimits,
  type HttpReach,
  type HttpRequest,
  type Redirect,
  requestOnce,
} from './request-once.ts';
import { backoffMs } from './retry-after.ts';

export type { HttpAnswer, HttpFailure, HttpRequest };

/** Never throws, except when the request's signal is aborted. */
export type HttpClient = { get(request: HttpRequest): Promise<HttpAnswer> };

/** Runs `ask` when this process holds the lock of its host; `ask` says how long nobody may ask after it, if longer than usual. */
export type WithHostLock = <Answer>(
  ask: () => Promise<{ answer: Answer; pauseMs: number }>,
  signal: AbortSignal,
) => Promise<Answer>;

export type HttpSettings = {
  userAgent: string;
  /** `public` for addresses that an operator did not choose with care: none in a private network is connected to. */
  reach: HttpReach;
  withHostLock: WithHostLock;
  limits: HttpLimits;
  /** Attempts at one request, and waits between them; a server that asks for longer is left alone until later. */
  attempts: { max: number; firstWaitMs: number; maxWaitMs: number };
  now: () => Date;
  random: () => number;
};

export const usualLimits: Pick<HttpSettings, 'limits' | 'attempts'> = {
  limits: { timeoutMs: 60_000, maxBytes: 16 * 1024 * 1024 },
  attempts: { max: 3, firstWaitMs: 4000, maxWaitMs: 30_000 },
};

const maxRedirects = 3;

export function createHttpClient(settings: HttpSettings): HttpClient {
  const { attempts, random } = settings;
  return {
    async get(request) {
      for (let attempt = 1; ; attempt += 1) {
        const answer = await followRedirects(request, settings);
        if (answer.type !== 'failed' || answer.retry !== 'soon' || attempt === attempts.max) return answer;
        const waitMs = Math.max(
          answer.retryAfterMs ?? 0,
          backoffMs({ attempt, firstMs: attempts.firstWaitMs, random }),
        );
        if (waitMs > attempts.maxWaitMs) return answer;
        await sleep(waitMs, undefined, { signal: request.signal });
      }
    },
  };
}

async function followRedirects(request: HttpRequest, settings: HttpSettings): Promise<HttpAnswer> {
  let url = request.url;
  for (let hops = 0; hops <= maxRedirects; hops += 1) {
    const answer = await askUnderLock({ ...request, url }, settings);
    if (answer.type !== 'redirect') {
      // The next request starts from the first address again.
      return answer.type === 'document'
        ? { ...answer, validators: { ...answer.validators, url: request.url } }
        : answer;
    }
    const next = resolveWithinHost(url, answer.to);
    if (next === null) {
      const target = URL.canParse(answer.to, url) ? new URL(answer.to, url).host : 'an address that is none';
      return refuse(`${new URL(url).host} redirects to ${target}, which is not followed`);
    }
    url = next;
  }
  return refuse(`${new URL(url).host} redirects more than ${maxRedirects} times`);
}

function askUnderLock(request: HttpRequest, settings: HttpSettings): Promise<HttpAnswer | Redirect> {
  const ask = async () => {
    const answer = await requestOnce(request, settings);
    return { answer, pauseMs: (answer.type === 'failed' ? answer.retryAfterMs : null) ?? 0 };
  };
  return settings.withHostLock(ask, request.signal);
}

/** On the same host, and never from https to http; else null. */
function resolveWithinHost(from: string, to: string): string | null {
  if (!URL.canParse(to, from)) return null;
  const [source, target] = [new URL(from), new URL(to, from)];
  const isUpgrade = source.protocol === 'http:' && target.protocol === 'https:';
  const isSameHost = isUpgrade ? source.hostname === target.hostname : source.host === target.host;
  if (!isSameHost || (source.protocol !== target.protocol && !isUpgrade)) return null;
  if (target.username !== '' || target.password !== '') return null;
  return target.href;
}

function refuse(reason: string): HttpFailure {
  return { type: 'failed', reason, retry: 'later', retryAfterMs: null };
}

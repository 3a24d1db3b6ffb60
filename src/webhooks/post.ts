// One try: signed as Standard Webhooks has it (https://www.standardwebhooks.com), bounded in time, into no private network. A
// redirect is not followed, and nothing of the answer is read but its status.
import { createHmac } from 'node:crypto';
import { hasInsideHost, loadFetch } from '../sources/http/public-only.ts';
import { readRetryAfter } from '../sources/http/retry-after.ts';
import type { Reach } from './endpoints.ts';

export type ToPost = { url: string; secret: string; eventId: string; payload: string };

export type Posted = {
  ms: number;
  /** Null: there was no answer. */
  status: number | null;
  /** Null: it was taken. */
  error: string | null;
  retryAfterMs: number | null;
};

export type Post = (message: ToPost) => Promise<Posted>;

export const timeoutMs = 10_000;

/** Never throws. */
export function createPost({
  reach,
  userAgent,
  now,
}: {
  reach: Reach;
  userAgent: string;
  now: () => Date;
}): Post {
  return async ({ url, secret, eventId, payload }) => {
    const startedAt = performance.now();
    const end = (rest: Partial<Posted>): Posted => ({
      status: null,
      error: null,
      retryAfterMs: null,
      ...rest,
      ms: Math.round(performance.now() - startedAt),
    });
    if (reach === 'public' && (hasInsideHost(url) || !url.startsWith('https:')))
      return end({ error: 'a private address, or not https: nothing was sent' });
    const id = `evt_${eventId}`;
    const timestamp = Math.floor(now().getTime() / 1000);
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const fetch = await loadFetch(reach);
      const response = await fetch(url, {
        method: 'POST',
        redirect: 'manual',
        headers: {
          'content-type': 'application/json',
          'user-agent': userAgent,
          'webhook-id': id,
          'webhook-timestamp': String(timestamp),
          'webhook-signature': sign({ id, timestamp, payload, secret }),
        },
        body: payload,
        signal,
      });
      await response.body?.cancel().catch(() => {});
      const { status, headers } = response;
      if (status >= 200 && status < 300) return end({ status });
      return end({
        status,
        error: `answered ${status}`,
        retryAfterMs: readRetryAfter(headers.get('retry-after'), now()),
      });
    } catch (error) {
      if (signal.aborted) return end({ error: `did not answer within ${timeoutMs / 1000} s` });
      return end({ error: `cannot be reached (${describe(error)})` });
    }
  };
}

/** HMAC-SHA256 over id, time and body, each of which a receiver checks. */
export function sign({
  id,
  timestamp,
  payload,
  secret,
}: {
  id: string;
  timestamp: number;
  payload: string;
  secret: string;
}): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${payload}`).digest('base64')}`;
}

function describe(error: unknown): string {
  const { message, cause } = error as Error & { cause?: { code?: string; message?: string } };
  return (cause?.code ?? cause?.message ?? message).slice(0, 200);
}

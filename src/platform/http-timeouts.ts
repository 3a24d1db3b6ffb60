// How an HTTP server treats whoever connects: how many may wait to be let in, and how long it waits for those who say little, so
// that silent connections do not pile up.
import type { ServerOptions } from 'node:http';

/** A crowd comes at once: who finds the line full is not told so by most systems, and waits for seconds, or is cut off. */
export const longestBacklog = 4096;

export const httpTimeouts = {
  /** From the first moment on: also for who never says a word. */
  headersTimeout: 10_000,
  /** The whole request, body included: 16 kB are the most that is read. */
  requestTimeout: 20_000,
  /** Between two requests. */
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 2_000,
} as const satisfies ServerOptions;

/** A proxy keeps its connections for a minute (nginx, load balancers), and takes one that we close meanwhile for an error. */
export function timeoutsBehind({ trustProxy }: { trustProxy: number }): ServerOptions {
  return trustProxy > 0 ? { ...httpTimeouts, keepAliveTimeout: 75_000 } : httpTimeouts;
}

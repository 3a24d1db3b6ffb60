// How long an HTTP server waits for whoever connects and says little: so that silent connections do not pile up.
import type { ServerOptions } from 'node:http';

export const httpTimeouts = {
  /** From the first moment on: also for who never says a word. */
  headersTimeout: 10_000,
  /** The whole request, body included: 16 kB are the most that is read. */
  requestTimeout: 20_000,
  /** Between two requests: longer than a proxy's pause between two of its own would be taken for an error there. */
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 2_000,
} as const satisfies ServerOptions;

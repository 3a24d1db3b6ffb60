// The log: one JSON line a message, on stderr, so that stdout belongs to the commands.
import { type DestinationStream, destination, type Logger, pino, stdSerializers } from 'pino';
import { maskAddresses } from '../text/mask-addresses.ts';

export type { Logger } from 'pino';

/**
 * Messages are constant, facts are fields. `email` and `token` fields never reach the log as they are, nor does an address in
 * any words, such as a server's or those of an error.
 */
export function createLogger(level: string, stream: DestinationStream = destination(2)): Logger {
  return pino(
    {
      level,
      base: null,
      redact: ['token', '*.token', 'email', '*.email', 'secretKey'],
      formatters: { log: (facts) => maskFacts(facts) as Record<string, unknown> },
      serializers: { err: (error) => maskFacts({ ...stdSerializers.err(error) }) },
    },
    stream,
  );
}

const deepest = 6;

/** In texts; what is no plain object or list is for its serializer. */
function maskFacts(facts: unknown, depth = 0): unknown {
  if (typeof facts === 'string') return maskAddresses(facts);
  if (depth === deepest) return facts;
  if (Array.isArray(facts)) return facts.map((fact) => maskFacts(fact, depth + 1));
  if (typeof facts !== 'object' || facts === null) return facts;
  if (Object.getPrototypeOf(facts) !== Object.prototype) return facts;
  const masked = Object.entries(facts).map(([name, fact]) => [name, maskFacts(fact, depth + 1)]);
  return Object.fromEntries(masked);
}

// The log: one JSON line a message, on stderr, so that stdout belongs to the commands.
import { type DestinationStream, destination, type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** Messages are constant, facts are fields. `email` and `token` fields never reach the log as they are. */
export function createLogger(level: string, stream: DestinationStream = destination(2)): Logger {
  return pino({ level, base: null, redact: ['token', '*.token', 'email', '*.email', 'secretKey'] }, stream);
}

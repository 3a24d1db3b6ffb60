// What all commands have in common: their surroundings, their output, their errors. Like the commands themselves it loads
// what it needs when it runs: help is to come at once.
import { InvalidArgumentError } from 'commander';
import type { Config } from '../config/config.ts';
import { ConfigError, PermanentError, TemporaryError } from '../platform/errors.ts';
import type { Logger } from '../platform/logger.ts';
import { type Closer, createCloser } from '../service/closer.ts';
import { isDay } from '../text/days.ts';
import type { Listing } from './read-listing.ts';

export type Surroundings = { config: Config; log: Logger; closer: Closer };

/**
 * Runs a command with what all of them need, and closes what it opened whatever happens. One that is `offline` reaches no
 * service: what it has no use for cannot be missing in its configuration.
 */
export async function run(
  command: (surroundings: Surroundings) => Promise<unknown> | unknown,
  { reach }: { reach: 'services' | 'offline' } = { reach: 'services' },
): Promise<void> {
  const closer = createCloser();
  try {
    const [{ readConfig, readOfflineConfig }, { createLogger }] = await Promise.all([
      import('../config/config.ts'),
      import('../platform/logger.ts'),
    ]);
    const config = reach === 'offline' ? readOfflineConfig() : readConfig();
    await command({ config, log: createLogger(config.logLevel), closer });
  } catch (error) {
    reportError(error);
  }
  await closer.close().catch(reportError);
}

/** EX_TEMPFAIL of sysexits.h: what tells a mail server that pipes a mail to a command to keep it, and to come again. */
const temporaryFailure = 75;

function reportError(error: unknown): void {
  const isTemporary = error instanceof TemporaryError;
  process.exitCode = isTemporary ? temporaryFailure : 1;
  const isExpected = isTemporary || error instanceof ConfigError || error instanceof PermanentError;
  console.error(isExpected ? error.message : error);
}

export function print(text: string): void {
  process.stdout.write(text);
}

/** Redraws the last line of a terminal; elsewhere it would only be noise. */
export function showBar(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${line.slice(0, process.stderr.columns - 1)}`);
}

export function printJson(document: unknown): void {
  print(`${JSON.stringify(document, null, 2)}\n`);
}

export function parseDay(text: string): string {
  if (!isDay(text)) {
    throw new InvalidArgumentError('It is not a day such as 2025-12-12.');
  }
  return text;
}

export function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 50)
    throw new InvalidArgumentError('It is not a number from 1 to 50.');
  return count;
}

export function splitAt(separator: string) {
  return (text: string): string[] =>
    text
      .split(separator)
      .map((item) => item.trim())
      .filter((item) => item !== '');
}

/** The listing that a command was given. */
export async function readGiven(config: Config, file: string, date?: string): Promise<Listing> {
  const { readListing } = await import('./read-listing.ts');
  return readListing(file, { date, workingFolder: config.workingFolder, now: new Date() });
}

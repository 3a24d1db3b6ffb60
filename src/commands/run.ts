// What all commands have in common: their surroundings, their output, their errors. Like the commands themselves it loads
// what it needs when it runs: help is to come at once.
import { InvalidArgumentError } from 'commander';
import type { Config } from '../config/config.ts';
import { ConfigError, PermanentError, TemporaryError } from '../platform/errors.ts';
import type { Logger } from '../platform/logger.ts';
import type { Db } from '../platform/postgres/db.ts';
import { type Closer, createCloser } from '../service/closer.ts';
import { readDomain } from '../text/address.ts';
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
  print(`${JSON.stringify(document, writeNumbers, 2)}\n`);
}

/** A number that JSON has no room for is written as text. */
function writeNumbers(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

/**
 * Row by row, however many they are: with `json` as one document, a list under `name`; else as `describe` has each. That there
 * is none is for whoever looks on, and no row.
 */
export async function printRows<Row>(
  rows: AsyncIterable<Row>,
  {
    name,
    json,
    describe,
    none,
  }: { name: string; json: true | undefined; describe: (row: Row) => string; none: string },
): Promise<void> {
  let separator = '';
  if (json) await printWhole(`{${JSON.stringify(name)}:[`);
  for await (const row of rows) {
    await printWhole(json ? `${separator}${JSON.stringify(row, writeNumbers)}` : describe(row));
    separator = ',\n';
  }
  if (json) await printWhole(']}\n');
  else if (separator === '') console.error(none);
}

/** A line of a file that is not taken, on stderr: what it quotes of the file is nothing to the terminal. */
export function tellRefusedLine(file: string, { line, why }: { line: number; why: string }): void {
  console.error(`${file}, line ${line}: ${why.replace(/\p{Cc}+/gu, ' ')}`);
}

const barEveryMs = 100;

/** A file of lines, in pieces of any number of them. How far it has come is told, unless the terminal shows the file itself. */
export async function printFile(pieces: AsyncIterable<string>): Promise<void> {
  let lines = 0;
  let toldAt = 0;
  for await (const piece of pieces) {
    await printWhole(piece);
    lines += piece.split('\n').length - 1;
    if (process.stdout.isTTY || Date.now() - toldAt < barEveryMs) continue;
    showBar(`${lines} lines`);
    toldAt = Date.now();
  }
  if (!process.stdout.isTTY) showBar('');
}

/** Waits for a reader that is slower than we are: what is printed faster than it is read would pile up in memory. */
export async function printWhole(text: string): Promise<void> {
  if (process.stdout.write(text) || process.stdout.destroyed) return;
  await new Promise<void>((resolve) => {
    const goOn = () => {
      for (const event of ['drain', 'close', 'error']) process.stdout.off(event, goOn);
      resolve();
    };
    for (const event of ['drain', 'close', 'error']) process.stdout.on(event, goOn);
  });
}

const opened = new WeakMap<Surroundings, Promise<Db>>();

/** The database of a command, opened once. */
export function openDb(surroundings: Surroundings): Promise<Db> {
  const known = opened.get(surroundings);
  if (known !== undefined) return known;
  const { config, log, closer } = surroundings;
  const db = import('../service/open-database.ts').then(
    async ({ openDatabase }) => (await openDatabase({ config, log }, closer)).db,
  );
  opened.set(surroundings, db);
  return db;
}

export function parseDay(text: string): string {
  if (!isDay(text)) {
    throw new InvalidArgumentError('It is not a day such as 2025-12-12.');
  }
  return text;
}

const dayMs = 24 * 60 * 60 * 1000;

/** A time of no zone would be another one on another machine. */
const timeRule = /^T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;

export function parseSince(text: string): Date {
  const [day, time] = [text.slice(0, 10), text.slice(10)];
  const instant = new Date(text);
  if (!isDay(day) || !(time === '' || timeRule.test(time)) || Number.isNaN(instant.getTime()))
    throw new InvalidArgumentError('It is no day or time such as 2026-03-01 or 2026-03-01T09:00Z.');
  return instant;
}

export function parseUntil(text: string): Date {
  const instant = parseSince(text);
  return isDay(text) ? new Date(instant.getTime() + dayMs) : instant;
}

export function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 50)
    throw new InvalidArgumentError('It is not a number from 1 to 50.');
  return count;
}

/** As addresses have it, in punycode. */
export function parseDomain(text: string): string {
  const domain = readDomain(text);
  if (domain === null) throw new InvalidArgumentError('It is no domain such as example.org.');
  return domain;
}

/** What is kept for who looks it up later is to say something. */
export function parseWords(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It says nothing.');
  return text.trim();
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

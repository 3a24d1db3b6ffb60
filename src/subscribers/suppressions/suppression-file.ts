// Suppressions as a file: to take along from one sender to another, or to keep. CSV with a line of names on top, as other
// senders write it too, or NDJSON, a JSON document a line.
import type { DbOrTransaction } from '../../platform/postgres/db.ts';
import { writeCsv } from '../../text/csv.ts';
import { readTable, type TableFormat } from '../../text/read-table.ts';
import { parseEmail } from '../preferences/parse-preferences.ts';
import { isHashedKey } from '../store.ts';
import { addSuppressions, readCause, type Suppression, type SuppressionCause } from './suppression-store.ts';

export type SuppressionFormat = TableFormat;

const columns = ['email', 'cause', 'reason', 'created_at'] as const;

export function writeHead(format: SuppressionFormat): string {
  return format === 'csv' ? writeCsv(columns) : '';
}

export function writeSuppression(
  { email, cause, reason, createdAt }: Suppression,
  format: SuppressionFormat,
): string {
  return format === 'csv'
    ? writeCsv([email, cause, reason, createdAt.toISOString()])
    : `${JSON.stringify({ email, cause, reason, createdAt })}\n`;
}

export type ImportCounts = { added: number; known: number; refused: number };

const perStep = 1000;

/**
 * Takes what it can, in steps; what is barred already keeps its reason, so that it may be done again. `onRefused` is told of
 * each line that is none.
 */
export async function importSuppressions(
  {
    db,
    now,
    onRefused,
    onStep = () => {},
  }: {
    db: DbOrTransaction;
    now: Date;
    onRefused: (line: number, why: string) => void;
    onStep?: (counts: ImportCounts) => void;
  },
  { chunks, format }: { chunks: AsyncIterable<string>; format: SuppressionFormat | null },
): Promise<ImportCounts> {
  const counts = { added: 0, known: 0, refused: 0 };
  let step: Entry[] = [];
  const store = async () => {
    const added = await addSuppressions(db, step);
    counts.added += added;
    counts.known += step.length - added;
    step = [];
    onStep(counts);
  };
  const table = readTable(chunks, { format, nameOf: columnOf, key: 'email', headless: ['email', 'reason'] });
  for await (const { line, values } of table) {
    const entry = typeof values === 'string' ? values : toEntry(values, now);
    if (typeof entry === 'string') {
      counts.refused += 1;
      onRefused(line, entry);
      continue;
    }
    step.push(entry);
    if (step.length === perStep) await store();
  }
  await store();
  return counts;
}

type Entry = { email: string; cause: SuppressionCause; reason: string; createdAt: Date };

/** Other senders' names for the same: Amazon SES, SendGrid, Postmark, Mailgun, listmonk. */
const columnNames: Readonly<Record<string, (typeof columns)[number]>> = {
  email: 'email',
  emailaddress: 'email',
  address: 'email',
  recipient: 'email',
  cause: 'cause',
  reason: 'reason',
  suppressionreason: 'reason',
  error: 'reason',
  createdat: 'created_at',
  created: 'created_at',
  lastupdatetime: 'created_at',
  timestamp: 'created_at',
  date: 'created_at',
};

const columnOf = (name: string) => columnNames[name.toLowerCase().replace(/[^a-z]/g, '')];

const longestReason = 1000;

function toEntry(values: Record<string, string>, now: Date): Entry | string {
  const given = (values.email ?? '').trim();
  const parsed = isHashedKey(given) ? ({ type: 'email', email: given } as const) : parseEmail(given);
  if (parsed.type === 'invalid')
    return given === '' ? 'has no address' : `has “${given.slice(0, 80)}”, which is no mail address`;
  const createdAt = readInstant(values.created_at, now);
  if (createdAt === null) return `has “${(values.created_at ?? '').slice(0, 80)}”, which is no time`;
  const cause = (values.cause ?? '').trim();
  const known = readCause(cause === '' ? 'imported' : cause);
  if (known === null) return `has “${cause.slice(0, 80)}”, which is no cause`;
  const reason = (values.reason ?? '').replace(/[\p{Cc}\p{Cs}]+/gu, ' ').trim();
  return {
    email: parsed.email,
    cause: known,
    reason: reason.slice(0, longestReason) || 'imported',
    createdAt,
  };
}

/** Seconds since 1970, as some write it, or what a calendar has. Without any: now. */
function readInstant(text: string | undefined, now: Date): Date | null {
  const given = (text ?? '').trim();
  if (given === '') return now;
  const instant = new Date(/^\d{9,10}$/.test(given) ? Number(given) * 1000 : given);
  if (Number.isNaN(instant.getTime())) return null;
  return instant > now ? now : instant;
}

// Everyone who reads, or did, as a file that `subscribers import` takes in, here or elsewhere, with the record of their consent; nothing of it is held in
// memory.
import type { Db } from '../../platform/postgres/db.ts';
import { writeCsv } from '../../text/csv.ts';
import type { TableFormat } from '../../text/read-table.ts';
import { listPreferences, type Preferences } from '../preferences/preferences.ts';
import { listSubscribers } from '../store.ts';
import type { Subscriber } from '../subscriber.ts';
import { type Column, columns, nameColumnOf } from './columns.ts';

const perStep = 1000;

export async function* exportReaders(db: Db, format: TableFormat): AsyncGenerator<string> {
  if (format === 'csv') yield writeCsv(columns);
  for (let after: string | null = null; ; ) {
    const readers: Subscriber[] = await listSubscribers(db, { after, limit: perStep });
    const consents = await listConsents(
      db,
      readers.map(({ id }) => id),
    );
    yield readers
      // Who never confirmed has said nothing yet.
      .filter(({ status }) => status !== 'pending')
      .map((reader) => writeReader(toRow(reader, consents.get(reader.id) ?? null), format))
      .join('');
    after = readers.at(-1)?.id ?? null;
    if (readers.length < perStep) return;
  }
}

type Consent = { door: string; evidence: string | null; confirmedAt: Date };

/** The latest of each. */
async function listConsents(db: Db, ids: string[]): Promise<Map<string, Consent>> {
  const rows = await db.$queryRaw<(Consent & { id: string })[]>`
    SELECT DISTINCT ON (subscriber_id) subscriber_id::text AS id, door::text AS door, evidence, confirmed_at AS "confirmedAt"
    FROM sign_up WHERE subscriber_id = ANY(${ids}::uuid[]) AND confirmed_at IS NOT NULL
    ORDER BY subscriber_id, confirmed_at DESC`;
  return new Map(rows.map(({ id, ...consent }) => [id, consent]));
}

type Row = Record<Column, string | string[] | number | null>;

function toRow(
  { email, status, preferences: wanted, confirmedAt }: Subscriber,
  consent: Consent | null,
): Row {
  const isReading = status === 'active';
  const agreedAt = isReading ? (consent?.confirmedAt ?? confirmedAt) : null;
  return {
    email,
    status,
    ...writeWanted(wanted),
    consented_at: agreedAt === null ? null : agreedAt.toISOString(),
    consent: isReading ? (consent?.evidence ?? `confirmed by mail (${consent?.door ?? 'form'})`) : null,
  };
}

/** Each preference in its column. */
function writeWanted(wanted: Preferences): Omit<Row, 'email' | 'status' | 'consented_at' | 'consent'> {
  const values: Readonly<Record<string, Row[Column]>> = wanted;
  const cells = listPreferences().map(([name, { field }]) => {
    const value = values[name] ?? null;
    return [nameColumnOf(name), field.type === 'pasted' && Array.isArray(value) ? value.join('\n') : value];
  });
  return Object.fromEntries(cells);
}

function writeReader(row: Row, format: TableFormat): string {
  if (format === 'ndjson') return `${JSON.stringify(row)}\n`;
  return writeCsv(
    columns.map((column) => {
      const value = row[column];
      return Array.isArray(value) ? value.join('; ') : String(value ?? '');
    }),
  );
}

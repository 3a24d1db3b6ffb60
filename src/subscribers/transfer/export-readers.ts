// Everyone who reads, or did, as a file that `subscribers import` takes in, here or elsewhere, with the record of their consent; nothing of it is held in
// memory.
import type { Db } from '../../platform/postgres/db.ts';
import { writeCsv } from '../../text/csv.ts';
import type { TableFormat } from '../../text/read-table.ts';
import { listSubscribers } from '../store.ts';
import type { Subscriber } from '../subscriber.ts';
import { type Column, columns } from './columns.ts';

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
    topics: wanted.topics,
    keywords: wanted.keywords,
    organizations: wanted.organizations,
    authors: wanted.authors,
    library: wanted.library.join('\n'),
    about: wanted.about,
    max_alike: wanted.maxAlike,
    excluded_topics: wanted.excludedTopics,
    excluded_keywords: wanted.excludedKeywords,
    days: wanted.days,
    hour: wanted.hour,
    time_zone: wanted.timeZone,
    max_papers: wanted.maxPapers,
    paused_until: wanted.pausedUntil,
    abstracts: wanted.abstracts,
    when_empty: wanted.whenEmpty,
    language: wanted.language,
    consented_at: agreedAt === null ? null : agreedAt.toISOString(),
    consent: isReading ? (consent?.evidence ?? `confirmed by mail (${consent?.door ?? 'form'})`) : null,
  };
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

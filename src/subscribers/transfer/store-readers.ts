// Readers of a file in PostgreSQL, thousands in a statement. Who is there already keeps what they have: the same rows may come again.
import { type DbOrTransaction, Prisma } from '../../platform/postgres/db.ts';
import { settingNames, writeSettings } from '../preferences/preferences.ts';
import { nextDigestAfter } from '../preferences/schedule-store.ts';
import { listSuppressionKeys } from '../store.ts';
import type { ReadReader } from './read-reader.ts';

export type Stored = {
  /** They read from tomorrow on. */
  active: number;
  /** They are sent the mail with the button, by and by. */
  toAsk: number;
  /** There already, or asked already. */
  known: number;
  suppressed: number;
};

const toSnakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const settingColumns = Prisma.raw(settingNames.map((name) => toSnakeCase(name)).join(', '));

/** `isTrial`: what would become of them. */
export async function storeReaders(
  tx: Prisma.TransactionClient,
  { readers: given, now, isTrial }: { readers: readonly ReadReader[]; now: Date; isTrial: boolean },
): Promise<Stored> {
  const readers = [...new Map(given.map((reader) => [reader.emailKey, reader])).values()];
  const barred = await listBarred(tx, readers);
  const welcome = readers.filter(({ emailKey }) => !barred.has(emailKey));
  const agreed = welcome.filter(({ consent }) => consent !== null);
  const others = welcome.filter(({ consent }) => consent === null);
  const active = isTrial ? await countStrangers(tx, agreed) : await addActive(tx, { readers: agreed, now });
  const toAsk = isTrial ? await countStrangers(tx, others) : await addToAsk(tx, { readers: others, now });
  return { active, toAsk, known: given.length - barred.size - active - toAsk, suppressed: barred.size };
}

async function listBarred(tx: DbOrTransaction, readers: readonly ReadReader[]): Promise<Set<string>> {
  const keys = readers.map(({ emailKey }) => listSuppressionKeys(emailKey));
  const rows = await tx.$queryRaw<{ key: string }[]>`
    SELECT email_key AS key FROM suppression WHERE email_key = ANY(${keys.flat()}::text[])`;
  const barred = new Set(rows.map(({ key }) => key));
  return new Set(
    readers.flatMap(({ emailKey }, index) => (keys[index]?.some((key) => barred.has(key)) ? [emailKey] : [])),
  );
}

async function countStrangers(tx: DbOrTransaction, readers: readonly ReadReader[]): Promise<number> {
  const [row] = await tx.$queryRaw<{ known: number }[]>`
    SELECT count(*)::int AS known FROM subscriber WHERE email_key = ANY(${readers.map(({ emailKey }) => emailKey)}::text[])`;
  return readers.length - (row?.known ?? 0);
}

/** Their first digest is tomorrow's: a file is not to become a wave of mails at once. */
async function addActive(
  tx: Prisma.TransactionClient,
  { readers, now }: { readers: readonly ReadReader[]; now: Date },
): Promise<number> {
  if (readers.length === 0) return 0;
  await addQueries(tx, readers);
  const rows = readers.map(({ email, emailKey, preferences, consent }) => ({
    email,
    email_key: emailKey,
    confirmed_at: consent?.at,
    ...Object.fromEntries(
      Object.entries(writeSettings(preferences)).map(([name, value]) => [toSnakeCase(name), value]),
    ),
  }));
  const extras = readers.map(({ emailKey, email, chosen, consent, preferences }) => ({
    email_key: emailKey,
    email,
    chosen,
    evidence: consent?.evidence,
    agreed_at: consent?.at,
    topics: preferences.topics,
    excluded_topics: preferences.excludedTopics,
    keywords: preferences.keywords,
    excluded_keywords: preferences.excludedKeywords,
  }));
  const [row] = await tx.$queryRaw<{ added: number }[]>`
    WITH added AS (
      INSERT INTO subscriber (email, email_key, status, ${settingColumns}, created_at, confirmed_at, next_digest_at, served_through)
      SELECT email, email_key, 'active', ${settingColumns}, ${now}, confirmed_at,
        ${nextDigestAfter(Prisma.sql`(${now}::timestamptz AT TIME ZONE time_zone)::date`)},
        COALESCE((SELECT min(seq) - 1 FROM paper WHERE first_listed_on = (SELECT max(date) FROM listing)),
          (SELECT max(seq) FROM paper), 0)
      FROM json_populate_recordset(NULL::subscriber, ${JSON.stringify(rows)}::json)
      ORDER BY email_key ON CONFLICT (email_key) DO NOTHING RETURNING id, email_key
    ), extra AS (
      SELECT added.id, given.* FROM added JOIN json_to_recordset(${JSON.stringify(extras)}::json) AS given(email_key text, email text,
        chosen jsonb, evidence text, agreed_at timestamptz, topics text[], excluded_topics text[], keywords text[],
        excluded_keywords text[]) USING (email_key)
    ), agreed AS (
      INSERT INTO sign_up (email, email_key, choices, door, words, evidence, requested_at, processed_at, subscriber_id, confirmed_at)
      SELECT email, email_key, chosen, 'import', 'imported', evidence, agreed_at, ${now}, id, agreed_at FROM extra
    ), followed AS (
      INSERT INTO subscriber_topic (subscriber_id, topic_id, excluded)
      SELECT id, unnest(topics), false FROM extra UNION ALL SELECT id, unnest(excluded_topics), true FROM extra
    ), searched AS (
      INSERT INTO subscriber_keyword (subscriber_id, query_id, position, excluded)
      SELECT extra.id, keyword_query.id, wanted.position - 1, wanted.position > cardinality(keywords)
      FROM extra, unnest(keywords || excluded_keywords) WITH ORDINALITY AS wanted(text, position)
      JOIN keyword_query ON keyword_query.text = wanted.text
    )
    SELECT count(*)::int AS added FROM added`;
  return row?.added ?? 0;
}

/** See `saveKeywords` for the lock. */
async function addQueries(tx: Prisma.TransactionClient, readers: readonly ReadReader[]): Promise<void> {
  const texts = readers.flatMap(({ preferences }) => [
    ...preferences.keywords,
    ...preferences.excludedKeywords,
  ]);
  if (texts.length === 0) return;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock_shared(hashtext('paperround queries'))`;
  await tx.$executeRaw`
    INSERT INTO keyword_query (text) SELECT DISTINCT text FROM unnest(${texts}::text[]) AS wanted(text) ORDER BY text
    ON CONFLICT (text) DO NOTHING`;
}

/** A sign-up each, which `askImported` takes up. Nobody who reads, or is to be asked already. */
async function addToAsk(
  tx: DbOrTransaction,
  { readers, now }: { readers: readonly ReadReader[]; now: Date },
): Promise<number> {
  if (readers.length === 0) return 0;
  const rows = readers.map(({ email, emailKey, preferences }) => ({
    email,
    email_key: emailKey,
    choices: preferences,
  }));
  return tx.$executeRaw`
    INSERT INTO sign_up (email, email_key, choices, door, words, requested_at, processed_at)
    SELECT email, email_key, choices, 'import', 'imported', ${now}, ${now}
    FROM json_to_recordset(${JSON.stringify(rows)}::json) AS given(email text, email_key text, choices jsonb)
    WHERE NOT EXISTS (SELECT 1 FROM subscriber WHERE subscriber.email_key = given.email_key)
      AND NOT EXISTS (SELECT 1 FROM sign_up AS asked WHERE asked.email_key = given.email_key AND asked.confirmed_at IS NULL)`;
}

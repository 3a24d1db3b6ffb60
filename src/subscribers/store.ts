// Subscribers in PostgreSQL.

import { hash } from 'node:crypto';
import { type Db, type DbOrTransaction, Prisma } from '../platform/postgres/db.ts';
import { tellInSql } from '../webhooks/tell.ts';
import { hashMailbox } from './mailbox.ts';
import { type Preferences, readSettings, settingNames, writeSettings } from './preferences/preferences.ts';
import { dayComeRound, nextDigestAfter } from './preferences/schedule-store.ts';
import type { Subscriber } from './subscriber.ts';

const related = {
  topics: { select: { topicId: true, excluded: true }, orderBy: { topic: { position: 'asc' } } },
  keywords: { select: { query: { select: { text: true } }, excluded: true }, orderBy: { position: 'asc' } },
  votes: { select: { paperSeq: true, wish: true, interests: true }, orderBy: { votedAt: 'asc' } },
} satisfies Prisma.SubscriberInclude;

type SubscriberRow = Prisma.SubscriberGetPayload<{ include: typeof related }>;

export function findSubscriber(db: DbOrTransaction, id: string): Promise<Subscriber | null> {
  return db.subscriber
    .findUnique({ where: { id }, include: related })
    .then((row) => row && toSubscriber(row));
}

const settingColumns = Prisma.raw(settingNames.map((name) => `${toSnakeCase(name)} AS "${name}"`).join(', '));

/** In any order. One statement, read once: it is asked for every batch of mails. What belongs to them is gathered for all at once. */
export async function findSubscribers(db: DbOrTransaction, ids: string[]): Promise<Subscriber[]> {
  const isTheirs = Prisma.sql`subscriber_id = ANY(${ids}::uuid[])`;
  const rows = await db.$queryRaw<Omit<SubscriberRow, 'emailKey'>[]>`
    SELECT id, email, status, ${settingColumns}, served_through AS "servedThrough", next_digest_at AS "nextDigestAt",
      created_at AS "createdAt", confirmed_at AS "confirmedAt", unsubscribed_at AS "unsubscribedAt",
      feed_renewed_at AS "feedRenewedAt", links_since AS "linksSince",
      COALESCE(topics, '[]') AS topics, COALESCE(keywords, '[]') AS keywords, COALESCE(votes, '[]') AS votes
    FROM subscriber
    LEFT JOIN (
      SELECT subscriber_id, json_agg(json_build_object('topicId', topic_id, 'excluded', excluded) ORDER BY position) AS topics
      FROM subscriber_topic JOIN topic ON topic.id = topic_id WHERE ${isTheirs} GROUP BY subscriber_id
    ) AS chosen ON chosen.subscriber_id = id
    LEFT JOIN (
      SELECT subscriber_id,
        json_agg(json_build_object('query', json_build_object('text', text), 'excluded', excluded) ORDER BY position) AS keywords
      FROM subscriber_keyword JOIN keyword_query ON keyword_query.id = query_id WHERE ${isTheirs} GROUP BY subscriber_id
    ) AS typed ON typed.subscriber_id = id
    LEFT JOIN (
      SELECT subscriber_id,
        json_agg(json_build_object('paperSeq', paper_seq, 'wish', wish, 'interests', interests) ORDER BY voted_at) AS votes
      FROM vote WHERE ${isTheirs} GROUP BY subscriber_id
    ) AS voted ON voted.subscriber_id = id
    WHERE id = ANY(${ids}::uuid[])`;
  return rows.map(toSubscriber);
}

/** By key in steps of `limit`, so that any number of them can be walked; `after` is the id of the last one seen. */
export async function listSubscribers(
  db: DbOrTransaction,
  { after, limit }: { after: string | null; limit: number },
): Promise<Subscriber[]> {
  const rows = await db.subscriber.findMany({
    ...(after === null ? {} : { where: { id: { gt: after } } }),
    orderBy: { id: 'asc' },
    take: limit,
    include: related,
  });
  return rows.map(toSubscriber);
}

/** Locks the row until the transaction ends: two requests about one reader act one after the other. */
export async function lockSubscriber(tx: Prisma.TransactionClient, id: string): Promise<Subscriber | null> {
  await tx.$queryRaw`SELECT 1 FROM subscriber WHERE id = ${id}::uuid FOR UPDATE`;
  return findSubscriber(tx, id);
}

/** The subscriber with this address, made as pending when there is none; locked until the transaction ends. */
export async function lockSubscriberByEmail(
  tx: Prisma.TransactionClient,
  { email, now }: { email: string; now: Date },
): Promise<Subscriber> {
  const emailKey = toEmailKey(email);
  await tx.$executeRaw`
    INSERT INTO subscriber (email, email_key, created_at) VALUES (${email}, ${emailKey}, ${now})
    ON CONFLICT (email_key) DO NOTHING`;
  await tx.$queryRaw`SELECT 1 FROM subscriber WHERE email_key = ${emailKey} FOR UPDATE`;
  return toSubscriber(await tx.subscriber.findUniqueOrThrow({ where: { emailKey }, include: related }));
}

/**
 * What an entry that bars an address may be filed under: the address itself, a hash of it once nothing else of its reader is
 * kept, or its mailbox, by which its owner barred it.
 */
export function listSuppressionKeys(email: string): string[] {
  const emailKey = toEmailKey(email);
  return [emailKey, toHashedKey(emailKey), toMailboxKey(hashMailbox(email))];
}

/** Without a key, as that of a mailbox: it holds past another SECRET_KEY, and in another installation that imports the list. */
function toHashedKey(emailKey: string): string {
  return `address:${hash('sha256', `address ${emailKey}`, 'hex').slice(0, 32)}`;
}

/** SQL: the same. */
export function hashInSql(emailKey: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`('address:' || left(encode(sha256(convert_to('address ' || ${emailKey}, 'UTF8')), 'hex'), 32))`;
}

/** No address looks like that. */
export function toMailboxKey(mailbox: string): string {
  return `mailbox:${mailbox}`;
}

export function isHashedKey(text: string): boolean {
  return /^(?:mailbox|address):[0-9a-f]{32}$/.test(text);
}

/** Those of the addresses that are never to be mailed again, as given. */
export async function listSuppressed(db: DbOrTransaction, emails: string[]): Promise<Set<string>> {
  const keysOf = new Map(emails.map((email) => [email, listSuppressionKeys(email)]));
  const rows = await db.$queryRaw<{ key: string }[]>`
    SELECT email_key AS key FROM suppression WHERE email_key = ANY(${[...keysOf.values()].flat()}::text[])`;
  const barred = new Set(rows.map(({ key }) => key));
  return new Set(emails.filter((email) => keysOf.get(email)?.some((key) => barred.has(key))));
}

/** The same address, as it was typed last. */
export async function saveEmail(
  tx: Prisma.TransactionClient,
  { id, email }: { id: string; email: string },
): Promise<void> {
  await tx.subscriber.update({ where: { id }, data: { email } });
}

/**
 * From tomorrow on (in the reader's zone) digests come on their days: today's, the first, is promised with it. Papers that were listed before the latest day are left out of it.
 */
export async function activate(
  tx: Prisma.TransactionClient,
  { id, now }: { id: string; now: Date },
): Promise<void> {
  await tx.$executeRaw`
    UPDATE subscriber SET
      status = 'active', confirmed_at = ${now}, unsubscribed_at = NULL,
      next_digest_at = ${nextDigestAfter(Prisma.sql`(${now}::timestamptz AT TIME ZONE time_zone)::date`)},
      served_through = GREATEST(served_through, COALESCE(
        (SELECT min(seq) - 1 FROM paper WHERE first_listed_on = (SELECT max(date) FROM listing)),
        (SELECT max(seq) FROM paper), 0))
    WHERE id = ${id}::uuid`;
}

/** Whoever listens hears of it, if they read. */
export async function markUnsubscribed(
  db: DbOrTransaction,
  { id, now }: { id: string; now: Date },
): Promise<void> {
  await db.$executeRaw`
    WITH gone AS (
      UPDATE subscriber SET status = 'unsubscribed', unsubscribed_at = ${now}, next_digest_at = NULL
      FROM (SELECT id, status FROM subscriber WHERE id = ${id}::uuid FOR UPDATE) AS before
      WHERE subscriber.id = before.id AND before.status <> 'unsubscribed' RETURNING subscriber.id, before.status
    )
    ${tellInSql({
      type: 'subscriber.unsubscribed',
      at: now,
      rows: Prisma.sql`SELECT json_build_object('subscriberId', id) AS data FROM gone WHERE status = 'active'`,
    })}`;
}

export async function savePreferences(
  tx: Prisma.TransactionClient,
  { id, preferences }: { id: string; preferences: Preferences },
): Promise<void> {
  await tx.subscriber.update({ where: { id }, data: writeSettings(preferences) });
  await saveTopics(tx, { id, preferences });
  await saveKeywords(tx, { id, preferences });
}

async function saveTopics(
  tx: Prisma.TransactionClient,
  { id: subscriberId, preferences: { topics, excludedTopics } }: { id: string; preferences: Preferences },
): Promise<void> {
  await tx.subscriberTopic.deleteMany({ where: { subscriberId } });
  await tx.subscriberTopic.createMany({
    data: [
      ...topics.map((topicId) => ({ subscriberId, topicId, excluded: false })),
      ...excludedTopics.map((topicId) => ({ subscriberId, topicId, excluded: true })),
    ],
  });
}

async function saveKeywords(
  tx: Prisma.TransactionClient,
  { id: subscriberId, preferences: { keywords, excludedKeywords } }: { id: string; preferences: Preferences },
): Promise<void> {
  const texts = [...keywords, ...excludedKeywords];
  // Shared with all who save: only who deletes queries waits for them, so that none is deleted that is about to be followed.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock_shared(hashtext('paperround queries'))`;
  await tx.subscriberKeyword.deleteMany({ where: { subscriberId } });
  await tx.keywordQuery.createMany({ data: texts.map((text) => ({ text })), skipDuplicates: true });
  const queries = await tx.keywordQuery.findMany({ where: { text: { in: texts } } });
  await tx.subscriberKeyword.createMany({
    data: queries.map(({ id: queryId, text }) => ({
      subscriberId,
      queryId,
      position: texts.indexOf(text),
      excluded: !keywords.includes(text),
    })),
  });
}

/** Deletes the queries that nobody has any more. Returns how many; none while somebody is saving theirs. */
export async function deleteOrphanedQueries(db: Db): Promise<number> {
  return db.$transaction(async (tx) => {
    const [lock] = await tx.$queryRaw<{ isFree: boolean }[]>`
      SELECT pg_try_advisory_xact_lock(hashtext('paperround queries')) AS "isFree"`;
    if (!lock?.isFree) return 0;
    const { count } = await tx.keywordQuery.deleteMany({ where: { subscribers: { none: {} } } });
    return count;
  });
}

/** The day that a reader's next digest is for; null when there is none to come. */
export async function findPromisedDay(tx: Prisma.TransactionClient, id: string): Promise<string | null> {
  const [row] = await tx.$queryRaw<{ day: string | null }[]>`
    SELECT ${dayComeRound(Prisma.sql`next_digest_at`)}::text AS day FROM subscriber WHERE id = ${id}::uuid`;
  return row?.day ?? null;
}

/**
 * After a change of hour, zone, days or pause: the next time the hour comes round on a day that is wanted and has had
 * no digest yet. Where the hour of the day that was `promised` is over by the new settings, its digest is due at once.
 * One that is due already stays due: planning knows what to make of it. `lastEdition` is the day of the latest digest.
 */
export async function rescheduleDigest(
  tx: Prisma.TransactionClient,
  {
    id,
    now,
    promised,
    lastEdition,
  }: { id: string; now: Date; promised: string | null; lastEdition: string | null },
): Promise<void> {
  // GREATEST and LEAST pass over what is null.
  await tx.$executeRaw`
    UPDATE subscriber SET next_digest_at = ${nextDigestAfter(Prisma.sql`GREATEST(
        LEAST(${dayComeRound(Prisma.sql`${now}::timestamptz`)}, ${promised}::date - 1),
        ${lastEdition}::date)`)}
    WHERE id = ${id}::uuid AND status = 'active' AND next_digest_at > ${now}`;
}

function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

export function toEmailKey(email: string): string {
  return email.toLowerCase();
}

function toSubscriber(row: Omit<SubscriberRow, 'emailKey'>): Subscriber {
  const { id, email, status, votes, servedThrough, nextDigestAt } = row;
  const { createdAt, confirmedAt, unsubscribedAt, linksSince, feedRenewedAt } = row;
  const idsOf = (topics: SubscriberRow['topics']) => topics.map(({ topicId }) => topicId);
  const textsOf = (keywords: SubscriberRow['keywords']) => keywords.map(({ query }) => query.text);
  return {
    id,
    email,
    status,
    preferences: {
      topics: idsOf(row.topics.filter(({ excluded }) => !excluded)),
      keywords: textsOf(row.keywords.filter(({ excluded }) => !excluded)),
      excludedTopics: idsOf(row.topics.filter(({ excluded }) => excluded)),
      excludedKeywords: textsOf(row.keywords.filter(({ excluded }) => excluded)),
      ...readSettings(row),
    },
    votes,
    servedThrough,
    nextDigestAt,
    createdAt,
    confirmedAt,
    unsubscribedAt,
    linksSince,
    feedRenewedAt,
  };
}

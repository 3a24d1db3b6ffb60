// Addresses that are barred from all mail, in PostgreSQL. Bounces enter theirs by themselves; the rest are an operator's
// doings, and a reader's own.
import { type DbOrTransaction, Prisma } from '../../platform/postgres/db.ts';
import { listSuppressionKeys, toEmailKey } from '../store.ts';

/**
 * Why an address is barred. `isWish`: somebody has asked for it, or may have, so that it is lifted only by its address or by
 * naming this cause.
 */
export const suppressionCauses = {
  /** There is no such address. */
  hard: { isWish: false },
  /** It took nothing for a week. */
  soft: { isWish: false },
  /** A mail was called spam. */
  complaint: { isWish: true },
  /** By hand: as for who asked by telephone, or left after the backup that was restored. */
  operator: { isWish: true },
  /** Brought from elsewhere, without a cause that is one of these. */
  imported: { isWish: true },
  /** Whoever has the mailbox wants none of ours. */
  owner: { isWish: true },
} as const;

export type SuppressionCause = keyof typeof suppressionCauses;

export function readCause(text: string): SuppressionCause | null {
  return Object.hasOwn(suppressionCauses, text) ? (text as SuppressionCause) : null;
}

/**
 * `email`: the address; or `address:` and its hash, where nothing else of its reader is kept; or `mailbox:` and a hash where its
 * owner asked for it, see mailbox.ts.
 */
export type Suppression = { email: string; cause: string; reason: string; createdAt: Date };

/** Which of them; what is left out counts for all. */
export type SuppressionFilter = {
  email?: string | undefined;
  /** A cause, or else words that the reason has in it, in any case. */
  reason?: string | undefined;
  domain?: string | undefined;
  /** The first instant that counts, and the first that does not. */
  since?: Date | undefined;
  until?: Date | undefined;
};

/** By address in steps of `limit`; `after` is the last one seen. */
export async function listSuppressions(
  db: DbOrTransaction,
  { after, limit, filter = {} }: { after: string; limit: number; filter?: SuppressionFilter },
): Promise<Suppression[]> {
  return db.$queryRaw<Suppression[]>`
    SELECT email_key AS email, cause, reason, created_at AS "createdAt" FROM suppression
    WHERE email_key > ${after} AND ${fits(filter)} ORDER BY email_key LIMIT ${limit}`;
}

/** Why an address is barred; null when it is not. */
export async function findSuppression(
  db: DbOrTransaction,
  email: string,
): Promise<Pick<Suppression, 'cause' | 'reason' | 'createdAt'> | null> {
  return db.suppression.findFirst({
    where: { emailKey: { in: listSuppressionKeys(email) } },
    select: { cause: true, reason: true, createdAt: true },
  });
}

/** False: it was barred already, and keeps its reason. */
export async function addSuppression(
  db: DbOrTransaction,
  { email, cause, reason, now }: { email: string; cause: SuppressionCause; reason: string; now: Date },
): Promise<boolean> {
  return (await addSuppressions(db, [{ email, cause, reason, createdAt: now }])) > 0;
}

/** How many were not barred before. */
export async function addSuppressions(
  db: DbOrTransaction,
  suppressions: { email: string; cause: SuppressionCause; reason: string; createdAt: Date }[],
): Promise<number> {
  const { count } = await db.suppression.createMany({
    data: suppressions.map(({ email, ...rest }) => ({ emailKey: toEmailKey(email), ...rest })),
    skipDuplicates: true,
  });
  return count;
}

/** What comes back for earlier mails does not bar them again. Returns how many were barred. */
export async function liftSuppressions(
  db: DbOrTransaction,
  { filter, now }: { filter: SuppressionFilter; now: Date },
): Promise<number> {
  const [row] = await db.$queryRaw<{ lifted: number }[]>`
    WITH lifted AS (
      DELETE FROM suppression WHERE ${fits(filter)} RETURNING email_key
    ), counted AS (
      UPDATE subscriber SET bounces_count_from = ${now} FROM lifted WHERE subscriber.email_key = lifted.email_key
    )
    SELECT count(*)::int AS lifted FROM lifted`;
  return row?.lifted ?? 0;
}

/** How many fit but for the domain, which their hash does not tell: of readers who are forgotten. */
export async function countHashed(
  db: DbOrTransaction,
  { domain: _, ...filter }: SuppressionFilter,
): Promise<number> {
  const [row] = await db.$queryRaw<{ hashed: number }[]>`
    SELECT count(*)::int AS hashed FROM suppression WHERE ${fits(filter)} AND email_key LIKE 'address:%'`;
  return row?.hashed ?? 0;
}

/** How many would fit, and are left out since somebody wished for them. */
export async function countWished(db: DbOrTransaction, filter: SuppressionFilter): Promise<number> {
  if (!isOfSome(filter)) return 0;
  const [row] = await db.$queryRaw<{ wished: number }[]>`
    SELECT count(*)::int AS wished FROM suppression WHERE ${fitsAtAll(filter)} AND cause = ANY(${wishes}::text[])`;
  return row?.wished ?? 0;
}

const wishes = Object.entries(suppressionCauses).flatMap(([name, { isWish }]) => (isWish ? [name] : []));

/** SQL: whether a row is one of these. */
function fits(filter: SuppressionFilter): Prisma.Sql {
  return isOfSome(filter)
    ? Prisma.sql`${fitsAtAll(filter)} AND cause <> ALL(${wishes}::text[])`
    : fitsAtAll(filter);
}

function fitsAtAll({ email, reason, domain, since, until }: SuppressionFilter): Prisma.Sql {
  const cause = reason === undefined ? null : readCause(reason);
  return Prisma.join(
    [
      Prisma.sql`true`,
      ...(email === undefined ? [] : [Prisma.sql`email_key = ANY(${listSuppressionKeys(email)}::text[])`]),
      ...(cause === null ? [] : [Prisma.sql`cause = ${cause}`]),
      ...(reason === undefined || cause !== null
        ? []
        : [Prisma.sql`position(lower(${reason}) IN lower(reason)) > 0`]),
      ...(domain === undefined
        ? []
        : [Prisma.sql`split_part(email_key, '@', 2) = lower(${domain} COLLATE "C")`]),
      ...(since === undefined ? [] : [Prisma.sql`created_at >= ${since}`]),
      ...(until === undefined ? [] : [Prisma.sql`created_at < ${until}`]),
    ],
    ' AND ',
  );
}

/** Many are meant, and none that somebody wished for is named. */
function isOfSome({ email, reason, domain, since, until }: SuppressionFilter): boolean {
  const isNarrowed = [reason, domain, since, until].some((part) => part !== undefined);
  const isOfCause = reason !== undefined && readCause(reason) !== null;
  return email === undefined && !isOfCause && isNarrowed;
}

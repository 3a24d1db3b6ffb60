// Sign-ups in PostgreSQL: what was asked for, by whoever, until the owner of the mailbox confirms it; then the record of that.

import type { SignUpDoor } from '../../generated/prisma/enums.ts';
import type { DbOrTransaction, Prisma } from '../../platform/postgres/db.ts';
import { followsNothing, type Preferences, readChoices } from '../preferences/preferences.ts';
import { toEmailKey } from '../store.ts';
import type { Subscriber } from '../subscriber.ts';

/** Where somebody agreed to what, and to which words. */
export type Consent = {
  door: SignUpDoor;
  words: string;
  /** A hash with a key; null: not known. */
  source: string | null;
  /** Of an operator who vouches for it; left out where they pressed the button themselves. */
  evidence?: string;
};

export type SignUp = {
  id: string;
  /** As it was typed. */
  email: string;
  preferences: Preferences;
  requestedAt: Date;
  /** Whose it is; null before it was answered, and where nothing came of it. */
  subscriberId: string | null;
  confirmedAt: Date | null;
};

/** A sign-up of before its reader left says nothing any more. */
export function isOpen(
  { requestedAt, confirmedAt }: Pick<SignUp, 'requestedAt' | 'confirmedAt'>,
  { unsubscribedAt }: Pick<Subscriber, 'unsubscribedAt'>,
): boolean {
  return confirmedAt === null && (unsubscribedAt === null || unsubscribedAt <= requestedAt);
}

/** Who signed up before sign-ups had rows of their own: what they chose stands with them, and waits for their confirmation. */
export function waitsWithoutRow({
  status,
  preferences,
}: Pick<Subscriber, 'status' | 'preferences'>): boolean {
  return status === 'pending' && !followsNothing(preferences);
}

/** One statement, the same whatever is known of the address. Returns its id. */
export async function storeSignUp(
  db: DbOrTransaction,
  {
    email,
    preferences,
    consent,
    now,
  }: { email: string; preferences: Preferences; consent: Consent; now: Date },
): Promise<string> {
  const { id } = await db.signUp.create({
    data: { email, emailKey: toEmailKey(email), choices: preferences, ...consent, requestedAt: now },
    select: { id: true },
  });
  return id;
}

export type Unanswered = { id: string; requestedAt: Date };

/** Oldest first, in steps of `limit`; `after` is the last one seen. */
export async function listUnanswered(
  db: DbOrTransaction,
  { after, limit }: { after: Unanswered | null; limit: number },
): Promise<Unanswered[]> {
  const { requestedAt = new Date(0), id = '00000000-0000-0000-0000-000000000000' } = after ?? {};
  return db.$queryRaw<Unanswered[]>`
    SELECT id::text, requested_at AS "requestedAt" FROM sign_up
    WHERE processed_at IS NULL AND (requested_at, id) > (${requestedAt}, ${id}::uuid)
    ORDER BY requested_at, id LIMIT ${limit}`;
}

/** Locked until the transaction ends. Null when it is answered already, or somebody else is at it. */
export async function lockUnanswered(
  tx: Prisma.TransactionClient,
  id: string,
): Promise<{ email: string } | null> {
  const [row] = await tx.$queryRaw<{ email: string }[]>`
    SELECT email FROM sign_up WHERE id = ${id}::uuid AND processed_at IS NULL FOR UPDATE SKIP LOCKED`;
  return row ?? null;
}

export async function markAnswered(
  tx: Prisma.TransactionClient,
  { id, subscriberId, now }: { id: string; subscriberId: string | null; now: Date },
): Promise<void> {
  await tx.signUp.update({ where: { id }, data: { processedAt: now, subscriberId } });
}

export async function markSignUpConfirmed(
  tx: Prisma.TransactionClient,
  { id, now, evidence }: { id: string; now: Date; evidence?: string | undefined },
): Promise<void> {
  await tx.signUp.update({
    where: { id },
    data: { confirmedAt: now, ...(evidence === undefined ? {} : { evidence }) },
  });
}

export async function findSignUp(db: DbOrTransaction, id: string): Promise<SignUp | null> {
  return (await listSignUps(db, [id])).get(id) ?? null;
}

/** By id. */
export async function listSignUps(db: DbOrTransaction, ids: string[]): Promise<Map<string, SignUp>> {
  if (ids.length === 0) return new Map();
  const rows = await db.signUp.findMany({ where: { id: { in: ids } } });
  return new Map(rows.map((row) => [row.id, toSignUp(row)]));
}

/** The latest that waits for this subscriber to confirm it. */
export async function findOpenSignUp(
  db: DbOrTransaction,
  { id: subscriberId, unsubscribedAt }: Pick<Subscriber, 'id' | 'unsubscribedAt'>,
): Promise<SignUp | null> {
  const row = await db.signUp.findFirst({
    where: { subscriberId, confirmedAt: null },
    orderBy: [{ requestedAt: 'desc' }, { id: 'desc' }],
  });
  if (row === null || !isOpen(row, { unsubscribedAt })) return null;
  return toSignUp(row);
}

/** Of an address, answered or not. */
export async function deleteSignUps(tx: Prisma.TransactionClient, email: string): Promise<void> {
  await tx.signUp.deleteMany({ where: { emailKey: toEmailKey(email) } });
}

function toSignUp({ choices, ...row }: Omit<SignUp, 'preferences'> & { choices: Prisma.JsonValue }): SignUp {
  const { id, email, requestedAt, subscriberId, confirmedAt } = row;
  return { id, email, requestedAt, subscriberId, confirmedAt, preferences: readChoices(choices) };
}

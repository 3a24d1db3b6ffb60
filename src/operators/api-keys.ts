// Keys to the API: a program's name, what it may do, and the hash of a secret that is shown once.
import { createHash, randomBytes } from 'node:crypto';
import type { DbOrTransaction } from '../platform/postgres/db.ts';
import { type Scope, scopeNames } from './scopes.ts';

export type ApiKey = {
  name: string;
  /** How it begins: to tell it by. */
  hint: string;
  scopes: Scope[];
  createdBy: string;
  createdAt: Date;
  /** Null: never. */
  expiresAt: Date | null;
  revokedAt: Date | null;
  /** To the minute. */
  lastUsedAt: Date | null;
};

/** Known by its beginning to whoever scans code for secrets. */
const prefix = 'pr_';
const keyPattern = /^pr_[\w-]{43}$/;
/** How exactly it is known when a key was used last. */
const noteMs = 60_000;

/** The key, which is nowhere kept. Null: the name is taken, perhaps by one that was revoked. */
export async function createKey(
  db: DbOrTransaction,
  {
    name,
    scopes,
    createdBy,
    expiresAt,
    now,
  }: { name: string; scopes: Scope[]; createdBy: string; expiresAt: Date | null; now: Date },
): Promise<string | null> {
  const key = `${prefix}${randomBytes(32).toString('base64url')}`;
  const hint = key.slice(0, prefix.length + 6);
  const { count } = await db.apiKey.createMany({
    data: [{ name, hash: hashKey(key), hint, scopes, createdBy, createdAt: now, expiresAt }],
    skipDuplicates: true,
  });
  return count === 1 ? key : null;
}

/** By name; those that were revoked are among them. */
export async function listKeys(db: DbOrTransaction): Promise<ApiKey[]> {
  const rows = await db.apiKey.findMany({ omit: { hash: true }, orderBy: { name: 'asc' } });
  return rows.map((row) => ({ ...row, scopes: readStored(row.scopes) }));
}

/** At once, for all processes. False: there is none of that name which works. */
export async function revokeKey(
  db: DbOrTransaction,
  { name, now }: { name: string; now: Date },
): Promise<boolean> {
  const { count } = await db.apiKey.updateMany({
    where: { name, revokedAt: null },
    data: { revokedAt: now },
  });
  return count === 1;
}

/** Null for what is no key, or works no more: it was revoked, or its time is over. */
export async function findKey(
  { db, now }: { db: DbOrTransaction; now: () => Date },
  text: string,
): Promise<Pick<ApiKey, 'name' | 'scopes'> | null> {
  if (!keyPattern.test(text)) return null;
  const row = await db.apiKey.findUnique({ where: { hash: hashKey(text) } });
  if (row === null || row.revokedAt !== null) return null;
  const at = now();
  if (row.expiresAt !== null && row.expiresAt <= at) return null;
  if (row.lastUsedAt === null || at.getTime() - row.lastUsedAt.getTime() > noteMs)
    await db.apiKey.updateMany({ where: { name: row.name }, data: { lastUsedAt: at } });
  return { name: row.name, scopes: readStored(row.scopes) };
}

/** One of a version that came later, and was gone back from, opens nothing. */
function readStored(stored: string[]): Scope[] {
  return scopeNames.filter((scope) => stored.includes(scope));
}

/** What is random throughout needs no slow hash. */
function hashKey(key: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(key).digest());
}

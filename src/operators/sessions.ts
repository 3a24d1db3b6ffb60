// Logging in, and the sessions that follow. A session is a secret in a cookie; the database has its hash.
import { createHash, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import type { Db, DbOrTransaction } from '../platform/postgres/db.ts';
import type { Admin } from './admins.ts';
import { isPassword } from './passwords.ts';

const hourMs = 60 * 60_000;
/** A session ends when nothing was asked for so long, and after so long whatever was asked. */
const idleMs = 12 * hourMs;
const longestMs = 7 * 24 * hourMs;
/** How exactly it is known when a session was used last. */
const noteMs = 60_000;

export type LoggedIn =
  | { type: 'logged-in'; secret: string; expiresInMs: number }
  /** The password is right, and a code is asked for. */
  | { type: 'code-needed' }
  /** Name, password or code: which one is nobody's business. */
  | { type: 'refused' };

export type Session = {
  admin: Pick<Admin, 'name' | 'role'>;
  /** What a form must bring along, so that no other site's form counts. */
  formToken: string;
};

export async function logIn(
  { db, now }: { db: Db; now: () => Date },
  { name, password, code }: { name: string; password: string; code: string },
): Promise<LoggedIn> {
  const admin = await db.admin.findUnique({ where: { name } });
  if (!(await isPassword(password, admin?.passwordHash ?? null)) || admin === null)
    return { type: 'refused' };
  if (admin.totpSecret !== null) {
    if (code === '') return { type: 'code-needed' };
    if (!(await spendCode(db, { name, secret: admin.totpSecret, code, now: now() })))
      return { type: 'refused' };
  }
  const secret = randomBytes(32).toString('base64url');
  const startedAt = now();
  // Nobody comes back to what has ended.
  await db.adminSession.deleteMany({ where: { OR: listEnded(startedAt) } });
  await db.adminSession.create({
    data: { hash: hashSecret(secret), adminName: name, startedAt, lastUsedAt: startedAt },
  });
  return { type: 'logged-in', secret, expiresInMs: longestMs };
}

/** Null: it has ended, or never was. */
export async function findSession(
  { db, now }: { db: DbOrTransaction; now: () => Date },
  secret: string,
): Promise<Session | null> {
  const hash = hashSecret(secret);
  const row = await db.adminSession.findFirst({
    where: { hash, NOT: { OR: listEnded(now()) } },
    include: { admin: { select: { name: true, role: true } } },
  });
  if (row === null) return null;
  if (now().getTime() - row.lastUsedAt.getTime() > noteMs)
    await db.adminSession.updateMany({ where: { hash }, data: { lastUsedAt: now() } });
  return { admin: row.admin, formToken: createHash('sha256').update(`form ${secret}`).digest('base64url') };
}

export async function endSession(db: DbOrTransaction, secret: string): Promise<void> {
  await db.adminSession.deleteMany({ where: { hash: hashSecret(secret) } });
}

function listEnded(now: Date) {
  return [
    { lastUsedAt: { lt: new Date(now.getTime() - idleMs) } },
    { startedAt: { lt: new Date(now.getTime() - longestMs) } },
  ];
}

function hashSecret(secret: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(secret).digest());
}

/** The clock of a telephone may be half a minute off. */
const stepsAround = 1;
const stepSeconds = 30;

/** Whether the code is right; it is used up with that, whoever tries it at the same moment. */
async function spendCode(
  db: DbOrTransaction,
  { name, secret, code, now }: { name: string; secret: string; code: string; now: Date },
): Promise<boolean> {
  const timestamp = now.getTime();
  const totp = new TOTP({ secret: Secret.fromBase32(secret), period: stepSeconds });
  const delta = totp.validate({ token: code.replace(/\s/g, ''), timestamp, window: stepsAround });
  if (delta === null) return false;
  const step = BigInt(Math.floor(timestamp / 1000 / stepSeconds) + delta);
  const { count } = await db.admin.updateMany({
    where: { name, OR: [{ totpStep: null }, { totpStep: { lt: step } }] },
    data: { totpStep: step },
  });
  return count === 1;
}

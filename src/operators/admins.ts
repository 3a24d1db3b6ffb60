// Who may open the console: a name, a password of which only the hash is kept, and, where they want it, one-time codes.
import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import type { Db, DbOrTransaction, Prisma } from '../platform/postgres/db.ts';
import { hashPassword } from './passwords.ts';
import type { AdminRole } from './rules.ts';

export type Admin = { name: string; role: AdminRole; hasCodes: boolean; createdAt: Date };

/** 128 bits, in letters that can be read out. */
export function makePassword(): string {
  return randomBytes(16).toString('base64url');
}

/** False: the name is taken. */
export async function createAdmin(
  db: Db,
  { name, role, password, now }: { name: string; role: AdminRole; password: string; now: Date },
): Promise<boolean> {
  const passwordHash = await hashPassword(password);
  const { count } = await db.admin.createMany({
    data: [{ name, role, passwordHash, createdAt: now }],
    skipDuplicates: true,
  });
  return count === 1;
}

export async function listAdmins(db: DbOrTransaction): Promise<Admin[]> {
  const rows = await db.admin.findMany({ orderBy: { name: 'asc' } });
  return rows.map(({ name, role, totpSecret, createdAt }) => ({
    name,
    role,
    hasCodes: totpSecret !== null,
    createdAt,
  }));
}

export async function hasAdmins(db: DbOrTransaction): Promise<boolean> {
  return (await db.admin.findFirst({ select: { name: true } })) !== null;
}

/** Ends their sessions with it. False: there is no such administrator. */
export async function changePassword(
  db: Db,
  { name, password }: { name: string; password: string },
): Promise<boolean> {
  const passwordHash = await hashPassword(password);
  return changeAdmin(db, name, { passwordHash });
}

/** Ends their sessions, so that the new role counts at once. */
export async function changeRole(
  db: Db,
  { name, role }: { name: string; role: AdminRole },
): Promise<boolean> {
  return changeAdmin(db, name, { role });
}

/** With their sessions. What they did stays on record. */
export async function removeAdmin(db: DbOrTransaction, name: string): Promise<boolean> {
  return (await db.admin.deleteMany({ where: { name } })).count === 1;
}

/** From now on a code is asked for as well. The address to put into an authenticator; null: there is no such administrator. */
export async function askForCodes(
  db: Db,
  { name, issuer }: { name: string; issuer: string },
): Promise<string | null> {
  const secret = new Secret({ size: 20 });
  const isChanged = await changeAdmin(db, name, { totpSecret: secret.base32, totpStep: null });
  return isChanged ? new TOTP({ issuer, label: name, secret }).toString() : null;
}

export async function forgetCodes(db: Db, name: string): Promise<boolean> {
  return changeAdmin(db, name, { totpSecret: null, totpStep: null });
}

async function changeAdmin(
  db: Db,
  name: string,
  data: Prisma.AdminUpdateManyMutationInput,
): Promise<boolean> {
  const [{ count }] = await db.$transaction([
    db.admin.updateMany({ where: { name }, data }),
    db.adminSession.deleteMany({ where: { adminName: name } }),
  ]);
  return count === 1;
}

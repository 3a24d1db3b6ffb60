// What was done by the console and by the API: who, when, on what, and what came of it.
import type { DbOrTransaction } from '../platform/postgres/db.ts';

export type AuditEntry = {
  id: bigint;
  at: Date;
  /** Of a program: `key` and the name of its key. */
  adminName: string;
  action: string;
  /** Of readers the id only: it says nothing once they are erased. */
  target: string;
  result: string;
};

export async function recordAction(db: DbOrTransaction, entry: Omit<AuditEntry, 'id'>): Promise<bigint> {
  return (await db.auditEntry.create({ data: entry, select: { id: true } })).id;
}

/** What came of what was recorded before it was begun. */
export async function finishAction(
  db: DbOrTransaction,
  { id, result }: { id: bigint; result: string },
): Promise<void> {
  await db.auditEntry.updateMany({ where: { id }, data: { result } });
}

/** The newest first, in steps of `limit`; `before` is the id of the last one seen. */
export async function listActions(
  db: DbOrTransaction,
  { before, limit }: { before: bigint | null; limit: number },
): Promise<AuditEntry[]> {
  return db.auditEntry.findMany({
    where: before === null ? {} : { id: { lt: before } },
    orderBy: { id: 'desc' },
    take: limit,
  });
}

export async function findAction(db: DbOrTransaction, id: bigint): Promise<AuditEntry | null> {
  return db.auditEntry.findUnique({ where: { id } });
}

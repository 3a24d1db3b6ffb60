// Addresses that are barred from all mail, in PostgreSQL. Bounces enter theirs by themselves; these are an operator's doings.
import type { DbOrTransaction, Prisma } from '../platform/db.ts';
import { toEmailKey } from './store.ts';

export type Suppression = { email: string; reason: string; createdAt: Date };

/** By address in steps of `limit`; `after` is the last one seen. */
export async function listSuppressions(
  db: DbOrTransaction,
  { after, limit }: { after: string; limit: number },
): Promise<Suppression[]> {
  const rows = await db.suppression.findMany({
    where: { emailKey: { gt: after } },
    orderBy: { emailKey: 'asc' },
    take: limit,
  });
  return rows.map(({ emailKey, ...row }) => ({ email: emailKey, ...row }));
}

/** False: it was barred already, and keeps its reason. */
export async function addSuppression(
  db: DbOrTransaction,
  { email, reason, now }: { email: string; reason: string; now: Date },
): Promise<boolean> {
  const { count } = await db.suppression.createMany({
    data: [{ emailKey: toEmailKey(email), reason, createdAt: now }],
    skipDuplicates: true,
  });
  return count > 0;
}

/** What comes back for earlier mails does not bar it again. False: it was not barred. */
export async function liftSuppression(
  tx: Prisma.TransactionClient,
  { email, now }: { email: string; now: Date },
): Promise<boolean> {
  const emailKey = toEmailKey(email);
  const { count } = await tx.suppression.deleteMany({ where: { emailKey } });
  if (count > 0) await tx.subscriber.updateMany({ where: { emailKey }, data: { bouncesCountFrom: now } });
  return count > 0;
}

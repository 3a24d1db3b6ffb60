// Who came in a file without a record of their consent is asked by mail, a few every minute: within the budget that visitors' own
// sign-ups have, and never more than half of it.
import type { Budgets } from '../../platform/budgets.ts';
import type { PromisingDeps } from '../account/mail-promises.ts';
import { listSuppressed, lockSubscriberByEmail } from '../store.ts';

/** Called every minute. Returns how many were asked. */
export async function askImported(
  deps: PromisingDeps & { budgets: Budgets },
  { accountMailsPerHour }: { accountMailsPerHour: number },
): Promise<number> {
  const { db, budgets, wakeDelivery } = deps;
  const overall = { name: 'account-mails', points: accountMailsPerHour, seconds: 60 * 60 };
  const waiting = await db.$queryRaw<{ id: string }[]>`
    SELECT id::text FROM sign_up WHERE door = 'import' AND subscriber_id IS NULL AND confirmed_at IS NULL
    ORDER BY requested_at, id LIMIT ${Math.max(1, Math.floor(accountMailsPerHour / 120))}`;
  let asked = 0;
  for (const { id } of waiting) {
    if (!(await budgets.spend([{ budget: overall, key: 'all' }])).isGranted) break;
    if (await ask(deps, id)) asked += 1;
  }
  if (asked > 0) await wakeDelivery();
  return asked;
}

/** From now on it counts as asked for: links and retention go by that. */
async function ask({ db, promises, now }: PromisingDeps, id: string): Promise<boolean> {
  return db.$transaction(async (tx) => {
    const [row] = await tx.$queryRaw<{ email: string }[]>`
      SELECT email FROM sign_up WHERE id = ${id}::uuid AND subscriber_id IS NULL FOR UPDATE SKIP LOCKED`;
    if (row === undefined) return false;
    const isSuppressed = (await listSuppressed(tx, [row.email])).size > 0;
    const subscriber = isSuppressed
      ? null
      : await lockSubscriberByEmail(tx, { email: row.email, now: now() });
    if (subscriber === null || subscriber.status !== 'pending') {
      await tx.signUp.delete({ where: { id } });
      return false;
    }
    await tx.signUp.update({ where: { id }, data: { subscriberId: subscriber.id, requestedAt: now() } });
    return promises.promiseAccountMail(tx, {
      subscriberId: subscriber.id,
      kind: 'confirmation',
      signUpId: id,
      now: now(),
    });
  });
}

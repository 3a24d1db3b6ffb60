// A test mail to an address of an operator's: for the console and for programs. So many an hour, and never where mail is
// not wanted.
import { askForTestMail } from '../../operators/test-mails.ts';
import { listSuppressed } from '../../subscribers/store.ts';
import type { WebDeps } from './deps.ts';

const hour = 3600;
const own = { name: 'test-mails', points: 10, seconds: hour };
/** Of all who ask: whoever got hold of many keys does not send by us to everybody. */
const all = { name: 'test-mails-all', points: 30, seconds: hour };

export type AskedTest = { type: 'asked'; id: bigint } | { type: 'suppressed' } | { type: 'too-many' };

export async function askTestMail(
  { db, now, budgets }: Pick<WebDeps, 'db' | 'now' | 'budgets'>,
  { email, askedBy }: { email: string; askedBy: string },
): Promise<AskedTest> {
  if ((await listSuppressed(db, [email])).size > 0) return { type: 'suppressed' };
  const granted = await budgets.spend([
    { budget: own, key: askedBy },
    { budget: all, key: 'all' },
  ]);
  if (!granted.isGranted) return { type: 'too-many' };
  return { type: 'asked', id: await askForTestMail(db, { email, askedBy, now: now() }) };
}

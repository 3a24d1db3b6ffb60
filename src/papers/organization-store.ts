// The organisations of papers in PostgreSQL.
import type { DbOrTransaction } from '../platform/db.ts';
import { organizationKey } from './organization-key.ts';

/** Among so many of the newest papers organisations are looked for: enough for a suggestion, and soon read. */
const papersLookedAt = 2000;

/** Those of the newest papers, the most frequent first, each in its most frequent spelling; at most `limit`. */
export async function listKnownOrganizations(db: DbOrTransaction, limit: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ name: string }[]>`
    SELECT organization AS name FROM (SELECT organization FROM paper ORDER BY seq DESC LIMIT ${papersLookedAt}) AS newest
    WHERE organization IS NOT NULL GROUP BY organization ORDER BY count(*) DESC, organization`;
  const byKey = new Map<string, string>();
  for (const { name } of rows) {
    const key = organizationKey(name);
    if (key !== '' && !byKey.has(key)) byKey.set(key, name);
  }
  return [...byKey.values()].slice(0, limit);
}

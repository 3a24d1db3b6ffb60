// The organisations of papers: which spellings mean the same one, in papers and in what readers follow, and the known ones.
import type { DbOrTransaction } from '../platform/postgres/db.ts';

/**
 * Letters and digits only, in small letters without accents: `Carnegie-Mellon University` is `carnegiemellonuniversity`,
 * and so is `CarnegieMellonU Carnegie Mellon University`, as listings have it. Empty when there is neither.
 */
export function organizationKey(name: string): string {
  const words = name
    .slice(0, longestName)
    .split(/\s+/)
    .filter((word) => squeeze(word) !== '');
  const [first = '', ...others] = words;
  return squeeze((isHandleOf(first, others) ? others : words).join(''));
}

const longestName = 500;

/** `CarnegieMellonU` of Carnegie Mellon University, `MIT` of Massachusetts Institute of Technology, `google` of Google. */
export function isHandleOf(handle: string, name: string[]): boolean {
  const short = squeeze(handle);
  const full = squeeze(name.join(''));
  const initials = squeeze(name.map((word) => word.charAt(0)).join(''));
  if (short.length < 2 || full.length < 2) return false;
  return (
    full.startsWith(short) ||
    (full.length >= 3 && short.startsWith(full.slice(0, 4))) ||
    (short.length > 2 ? initials.startsWith(short) : initials === short)
  );
}

function squeeze(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

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

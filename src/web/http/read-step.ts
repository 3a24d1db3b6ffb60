// Papers in addresses: by their sequence number, and as `?before=` of the pages that go on by key.

import { findPlace, type Place } from '../../papers/browse-store.ts';
import type { Db } from '../../platform/postgres/db.ts';

export type StartOfStep = { type: 'start'; after: Place | null } | { type: 'unknown' };

/** Without the parameter a list begins with the newest. Unknown: it names no paper. */
export async function readStep(db: Db, before: unknown): Promise<StartOfStep> {
  if (before === undefined) return { type: 'start', after: null };
  const seq = typeof before === 'string' ? readSequenceNumber(before) : null;
  const after = seq === null ? null : await findPlace(db, seq);
  return after === null ? { type: 'unknown' } : { type: 'start', after };
}

/** Null for what PostgreSQL's integer could not hold. */
export function readSequenceNumber(text: string): number | null {
  const number = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : Number.NaN;
  return number <= 2_147_483_647 ? number : null;
}

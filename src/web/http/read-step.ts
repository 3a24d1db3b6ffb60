// `?before=` of the pages that go on by key: after which paper a list begins.

import { findPlace, type Place } from '../../papers/browse-store.ts';
import type { Db } from '../../platform/db.ts';
import { readSequenceNumber } from '../public/paper.ts';

export type StartOfStep = { type: 'start'; after: Place | null } | { type: 'unknown' };

/** Without the parameter a list begins with the newest. Unknown: it names no paper. */
export async function readStep(db: Db, before: unknown): Promise<StartOfStep> {
  if (before === undefined) return { type: 'start', after: null };
  const seq = typeof before === 'string' ? readSequenceNumber(before) : null;
  const after = seq === null ? null : await findPlace(db, seq);
  return after === null ? { type: 'unknown' } : { type: 'start', after };
}

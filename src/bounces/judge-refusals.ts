// Mails that were refused while they were sent tell about their address as much as those that come back. Judged by a sweep
// that runs with planning: what a killed worker recorded is found, and a mail that was accepted costs nothing.
import { findOutcomeCode } from '../ledger/outcome-codes.ts';
import type { Db } from '../platform/postgres/db.ts';
import { dropInvisible } from '../text/clean-text.ts';
import { type Bounce, enterBounces, listUnjudgedRefusals, type UnjudgedRefusal } from './store.ts';

const refusalsPerStep = 500;
const longestDiagnostic = 500;
/** What a longer downtime leaves unjudged, the next mail to that address brings up again. */
const lookBackMs = 3 * 24 * 60 * 60 * 1000;

export async function judgeRefusals({
  db,
  now,
}: {
  db: Db;
  now: Date;
}): Promise<{ judged: number; suppressed: number }> {
  const since = new Date(now.getTime() - lookBackMs);
  for (let judged = 0, suppressed = 0; ; ) {
    const refusals = await listUnjudgedRefusals(db, { since, limit: refusalsPerStep });
    const bounces = refusals.map(toBounce);
    const entered = bounces.length === 0 ? [] : await enterBounces(db, { bounces, now });
    judged += entered.length;
    suppressed += entered.filter(({ isSuppressed }) => isSuppressed).length;
    if (refusals.length < refusalsPerStep) return { judged, suppressed };
  }
}

/** What it means for the address was judged when it was heard: the code says it. */
function toBounce({ id, reasonCode, replyStatus, replyText, detail }: UnjudgedRefusal): Bounce {
  return {
    deliveryId: id,
    kind: findOutcomeCode(reasonCode)?.kind ?? 'soft',
    status: replyStatus,
    diagnostic: dropInvisible(replyText ?? detail ?? '').slice(0, longestDiagnostic) || null,
  };
}

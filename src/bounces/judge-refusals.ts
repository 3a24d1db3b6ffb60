// Mails that were refused while they were sent tell about their address as much as those that come back. Judged by a sweep
// that runs with planning: what a killed worker recorded is found, and a mail that was accepted costs nothing.
import type { Db } from '../platform/db.ts';
import { type Failure, judgeFailure } from './judge-failure.ts';
import { enterBounces, listUnjudgedRefusals } from './store.ts';

const refusalsPerStep = 500;
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
    const bounces = refusals.map(({ id, reason }) => ({ deliveryId: id, ...judgeRefusal(reason ?? '') }));
    const entered = bounces.length === 0 ? [] : await enterBounces(db, { bounces, now });
    judged += entered.length;
    suppressed += entered.filter(({ isSuppressed }) => isSuppressed).length;
    if (refusals.length < refusalsPerStep) return { judged, suppressed };
  }
}

/** From the reason in the ledger, as outcome.ts writes it: `RCPT TO: 550 5.1.1 …`, or why it could not be sent at all. */
export function judgeRefusal(reason: string): Failure {
  const reply = /(?:^|: )(?:RCPT TO|DATA): (.*)/s.exec(reason)?.[1];
  if (reply !== undefined) return judgeFailure({ status: null, words: reply });
  return { ...judgeFailure({ status: null, words: reason }), kind: 'policy' };
}

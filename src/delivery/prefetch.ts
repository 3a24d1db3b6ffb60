// Mails that are ready to be sent: claimed and written while others are under way.
import { randomUUID } from 'node:crypto';
import { claimDeliveries, claimRisky } from '../ledger/claims.ts';
import type { ClaimedDelivery, RecordedOutcome } from '../ledger/delivery.ts';
import type { Logger } from '../platform/logger.ts';
import type { Db } from '../platform/postgres/db.ts';
import type { WrittenMail } from './write-mails.ts';

export type MailToSend = Extract<WrittenMail, { type: 'mail' }>;

export type Prefetch = {
  /** At most `count`; none when nothing is due any more. */
  take(count: number): Promise<MailToSend[]>;
  /** Claims no more, and returns what was not taken. */
  close(): Promise<MailToSend[]>;
};

export type PrefetchDeps = {
  db: Db;
  writeMails(claimed: ClaimedDelivery[]): Promise<WrittenMail[]>;
  now: () => Date;
  leaseMs: number;
  log: Logger;
  record: (outcomes: RecordedOutcome[]) => Promise<void>;
};

/** So many claims are written at once: while one waits for PostgreSQL or for its signatures, the next is worked on. */
const claimsAhead = 2;

export function createPrefetch(deps: PrefetchDeps): Prefetch {
  const ready: MailToSend[] = [];
  const filling = new Set<Promise<void>>();
  let isOver = false;

  async function claimAndWrite(limit: number): Promise<void> {
    const claimed = await claimDeliveries(deps.db, { ...newClaim(deps), limit });
    if (claimed.length === 0) isOver = true;
    else await write(deps, { claimed, to: ready });
  }

  /** What goes wrong comes out of whichever `take` waits for it; with nobody waiting, it comes up again. */
  function fillUp(count: number): void {
    while (!isOver && filling.size < claimsAhead && ready.length < count) {
      const fill = claimAndWrite(count * 2).finally(() => filling.delete(fill));
      fill.catch(() => {});
      filling.add(fill);
    }
  }

  return {
    async take(count) {
      for (;;) {
        fillUp(count);
        if (ready.length > 0 || filling.size === 0) break;
        await Promise.race(filling);
      }
      const mails = ready.splice(0, count);
      fillUp(count);
      return mails;
    },
    async close() {
      isOver = true;
      await Promise.allSettled(filling);
      return ready.splice(0);
    },
  };
}

/**
 * What the next lost worker would park: at most one at a time, to be sent before anything else is taken in hand. None when
 * none is due.
 */
export async function takeRisky(deps: PrefetchDeps): Promise<MailToSend[]> {
  const mails: MailToSend[] = [];
  while (mails.length === 0) {
    const claimed = await claimRisky(deps.db, newClaim(deps));
    if (claimed.length === 0) break;
    await write(deps, { claimed, to: mails });
  }
  return mails;
}

function newClaim({ now, leaseMs }: PrefetchDeps): { claimId: string; now: Date; leaseMs: number } {
  return { claimId: randomUUID(), now: now(), leaseMs };
}

/** What there is nothing to send for is recorded at once. */
async function write(
  { writeMails, log, record }: PrefetchDeps,
  { claimed, to }: { claimed: ClaimedDelivery[]; to: MailToSend[] },
): Promise<void> {
  tellClaimed(log, claimed);
  const written = await writeMails(claimed);
  to.push(...written.filter((item) => item.type === 'mail'));
  await record(
    written
      .filter((item) => item.type === 'unsent')
      .map(({ delivery: { id, day, claimId }, outcome }) => ({ id, day, claimId, outcome })),
  );
}

/** Where the log begins to follow a mail: planning is one statement for all of them. */
function tellClaimed(log: Logger, claimed: readonly ClaimedDelivery[]): void {
  if (!log.isLevelEnabled('debug')) return;
  for (const { id, kind, createdAt } of claimed)
    log.debug({ deliveryId: String(id), kind, plannedAt: createdAt }, 'mail taken in hand');
}

// Sends what is due in the ledger: claim a chunk, write its mails, open the last gate for as many as there are
// connections, send those, record what the server said; and so on.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '../db.ts';
import type { Logger } from '../logger.ts';
import type { Mailer, OutgoingMessage } from '../mailer.ts';
import type { ClaimedDelivery, Outcome } from './delivery.ts';
import { judge } from './outcome.ts';
import { claimDeliveries, recordOutcomes, releaseClaims, startData } from './store.ts';
import type { WrittenMail } from './write-mails.ts';

export type DeliverDeps = {
  db: Db;
  mailer: Mailer;
  /** What to send for each claim, or why nothing is sent. */
  writeMails(claimed: ClaimedDelivery[]): Promise<WrittenMail[]>;
  /** How many mails may be under way at once. */
  connections: number;
  now: () => Date;
  log: Logger;
};

export type DeliveryCounts = Record<Outcome['type'], number>;

const claimedPerChunk = 50;
/** Longer than writing a chunk can take, and than any SMTP timeout, so that only the dead lose their claims. */
export const leases = { claimedMs: 2 * 60_000, dataStartedMs: 5 * 60_000 };
const recordAttempts = 8;

/** Ends when nothing is due, when the server is in trouble, or between two chunks once `signal` is aborted. */
export async function deliverDue(deps: DeliverDeps, signal?: AbortSignal): Promise<DeliveryCounts> {
  const counts: DeliveryCounts = {
    accepted: 0,
    deferred: 0,
    rejected: 0,
    unknown: 0,
    nothing: 0,
    cancelled: 0,
  };
  const record = async (outcomes: Recorded[]) => {
    await recordInsistently(deps, outcomes);
    for (const { outcome } of outcomes) counts[outcome.type] += 1;
  };

  while (!signal?.aborted) {
    const claimed = await claimDeliveries(deps.db, {
      claimId: randomUUID(),
      now: deps.now(),
      leaseMs: leases.claimedMs,
      limit: claimedPerChunk,
    });
    if (claimed.length === 0) break;
    const mayGoOn = await deliverChunk(deps, { claimed, record, signal });
    if (!mayGoOn) break;
  }
  return counts;
}

type Recorded = { id: bigint; claimId: string; outcome: Outcome };
type Record_ = (outcomes: Recorded[]) => Promise<void>;

async function deliverChunk(
  deps: DeliverDeps,
  {
    claimed,
    record,
    signal,
  }: { claimed: ClaimedDelivery[]; record: Record_; signal: AbortSignal | undefined },
): Promise<boolean> {
  const written = await deps.writeMails(claimed);
  await record(
    written.flatMap((item) =>
      item.type === 'unsent'
        ? [{ id: item.delivery.id, claimId: item.delivery.claimId, outcome: item.outcome }]
        : [],
    ),
  );
  const mails = written.flatMap((item) => (item.type === 'mail' ? [item] : []));

  for (let start = 0; start < mails.length; start += deps.connections) {
    const isPaused =
      signal?.aborted || !(await sendAtOnce(deps, mails.slice(start, start + deps.connections), record));
    if (isPaused) {
      await release(deps, mails.slice(start));
      return false;
    }
  }
  return true;
}

type MailToSend = Extract<WrittenMail, { type: 'mail' }>;

/** As many mails as there are connections, so that none waits in the pool after the gate. False: the server is in trouble. */
async function sendAtOnce(deps: DeliverDeps, mails: MailToSend[], record: Record_): Promise<boolean> {
  const open = await startData(deps.db, {
    mails: mails.map(({ delivery, picks }) => ({ ...delivery, picks })),
    now: deps.now(),
    leaseMs: leases.dataStartedMs,
  });
  const judgements = await Promise.all(
    mails
      .filter(({ delivery }) => open.has(delivery.id))
      .map(async ({ delivery, mail }) => ({ delivery, ...(await sendAndJudge(deps, delivery, mail)) })),
  );
  await record(
    judgements.map(({ delivery, outcome }) => ({ id: delivery.id, claimId: delivery.claimId, outcome })),
  );
  // Whoever left in between is planned again, and the next claim finds out why.
  await release(
    deps,
    mails.filter(({ delivery }) => !open.has(delivery.id)),
  );
  return judgements.every(({ pausesTransport }) => !pausesTransport);
}

async function sendAndJudge(deps: DeliverDeps, delivery: ClaimedDelivery, mail: OutgoingMessage) {
  const result = await deps.mailer.send(mail);
  const judgement = judge(result, { delivery, now: deps.now(), random: Math.random() });
  const { outcome } = judgement;
  const level = outcome.type === 'accepted' ? 'debug' : 'warn';
  deps.log[level](
    { deliveryId: String(delivery.id), kind: delivery.kind, outcome: outcome.type, reason: outcome.reason },
    'mail sent',
  );
  return judgement;
}

async function release({ db, now }: DeliverDeps, mails: MailToSend[]): Promise<void> {
  const [first] = mails;
  if (first === undefined) return;
  await releaseClaims(db, {
    claimId: first.delivery.claimId,
    ids: mails.map(({ delivery }) => delivery.id),
    nextTryAt: now(),
  });
}

/** A server's answer is known only here: a database that is away for a moment must not turn it into `unknown`. */
async function recordInsistently({ db, now, log }: DeliverDeps, outcomes: Recorded[]): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await recordOutcomes(db, { outcomes, now: now() });
    } catch (error) {
      if (attempt === recordAttempts) throw error;
      log.warn({ err: error, attempt, outcomes: outcomes.length }, 'outcomes not recorded yet');
      await sleep(250 * 2 ** attempt);
    }
  }
}

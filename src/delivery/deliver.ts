// Sends what is due in the ledger: claimed and written ahead, past the last gate in batches, sent, and recorded as the
// server answered. Two batches are under way at once, so that the connections are busy while the ledger is written. What
// ended two workers already goes last, with nothing else in hand: were it to end this one too, it would take others along.
import { setTimeout as sleep } from 'node:timers/promises';
import { takeBackRefusals } from '../bounces/store.ts';
import { releaseClaims, startData } from '../ledger/claims.ts';
import type { ClaimedDelivery, Outcome, RecordedOutcome } from '../ledger/delivery.ts';
import { recordOutcomes } from '../ledger/outcomes.ts';
import type { Logger } from '../platform/logger.ts';
import type { SentMail } from '../platform/metrics.ts';
import type { Db } from '../platform/postgres/db.ts';
import { createDomainThrottle } from '../smtp/domain-throttle.ts';
import type { Mailer } from '../smtp/mailer.ts';
import { type Judgement, judge } from '../smtp/outcome.ts';
import { createPrefetch, type MailToSend, takeRisky } from './prefetch.ts';
import type { WrittenMail } from './write-mails.ts';

export type DeliverDeps = {
  db: Db;
  mailer: Mailer;
  /** What to send for each claim, or why nothing is sent. */
  writeMails(claimed: ClaimedDelivery[]): Promise<WrittenMail[]>;
  /** How many mails the mailer sends at once. */
  connections: number;
  now: () => Date;
  log: Logger;
  leases?: Leases;
  /** Called whenever outcomes were recorded, with all of this run so far. */
  onProgress?: (counts: DeliveryCounts) => void;
  /** Called with what became of each mail that was handed to the mail server. */
  onSent?: (mail: SentMail) => void;
};

/** How long a worker is believed to be alive. */
export type Leases = { claimedMs: number; dataStartedMs: number };

export type DeliveryCounts = Record<Outcome['type'], number>;

/** Longer than writing ahead takes, and than any SMTP timeout, so that only the dead lose their claims. */
const defaultLeases: Leases = { claimedMs: 2 * 60_000, dataStartedMs: 5 * 60_000 };
const batchesUnderWay = 2;
/** How soon a server that is at its pace is asked again. */
const paceMs = 200;
const writeAttempts = 8;

/** Ends when nothing is due, when the server is in trouble, or after the batches under way once `signal` is aborted. */
export async function deliverDue(deps: DeliverDeps, signal?: AbortSignal): Promise<DeliveryCounts> {
  const counts = { accepted: 0, deferred: 0, rejected: 0, unknown: 0, nothing: 0, cancelled: 0 };
  const leases = deps.leases ?? defaultLeases;
  const record = async (outcomes: RecordedOutcome[]) => {
    await retry(deps, () => recordOutcomes(deps.db, { outcomes, now: deps.now() }));
    for (const { outcome } of outcomes) counts[outcome.type] += 1;
    if (outcomes.length > 0) deps.onProgress?.({ ...counts });
  };
  const batch = createBatchSize({ least: deps.connections });
  const supply = { ...deps, leaseMs: leases.claimedMs, record };
  const throttle = createDomainThrottle(deps);
  let isInTrouble = false;
  const mayGoOn = () => !signal?.aborted && !isInTrouble;
  const doubted = new Set<string>();
  // Those that are recorded only later are found at the end.
  const takeBack = async () => {
    if (doubted.size === 0) return;
    await retry(deps, () => takeBackRefusals(deps.db, { emails: [...doubted], now: deps.now() }));
  };

  /** False when there is nothing to send. */
  const sendNext = async (size: number, take: (count: number) => Promise<MailToSend[]>): Promise<boolean> => {
    const admitted = await deps.mailer.admit(size);
    isInTrouble ||= admitted.isPaused;
    if (admitted.count === 0) return sleep(paceMs, true);
    const mails = await take(admitted.count);
    await deps.mailer.giveBack(admitted.count - mails.length);
    if (mails.length === 0) return false;
    const startedAt = performance.now();
    const { go, putOff } = await throttle.admit(mails);
    await releaseClaims(
      deps.db,
      putOff.map(({ mail, until }) => ({ ...mail.delivery, nextTryAt: until })),
    );
    const judged = await sendBatch(deps, { mails: go, leaseMs: leases.dataStartedMs, record });
    await deps.mailer.giveBack(mails.length - judged.length);
    await throttle.learn(judged);
    for (const { refusedBefore } of judged) for (const email of refusedBefore) doubted.add(email);
    await takeBack();
    isInTrouble ||= judged.some(({ judgement }) => judgement.pausesTransport);
    batch.learn({ mails: mails.length, tookMs: performance.now() - startedAt });
    return true;
  };
  /** All but what the next lost worker would park. */
  const sendBatches = async () => {
    const prefetch = createPrefetch(supply);
    const sendInTurn = async () => {
      while (mayGoOn() && (await sendNext(batch.size(), prefetch.take)));
    };
    try {
      const ends = await Promise.allSettled(Array.from({ length: batchesUnderWay }, sendInTurn));
      const failed = ends.find((end) => end.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    } finally {
      await release(deps, await prefetch.close());
    }
  };
  try {
    do await sendBatches();
    while (mayGoOn() && (await sendNext(1, () => takeRisky(supply))));
  } finally {
    await takeBack();
  }
  return counts;
}

type Judged = { to: string; delivery: ClaimedDelivery; judgement: Judgement; refusedBefore: string[] };

/** Mails that pass the gate together: each is sent, whatever happens to the others. */
async function sendBatch(
  deps: DeliverDeps,
  {
    mails,
    leaseMs,
    record,
  }: { mails: MailToSend[]; leaseMs: number; record: (outcomes: RecordedOutcome[]) => Promise<void> },
): Promise<Judged[]> {
  if (mails.length === 0) return [];
  const mayLeaveUntil = new Date(deps.now().getTime() + leaseMs / 2);
  const open = await startData(deps.db, {
    mails: mails.map((item) => ({ ...item.delivery, picks: item.picks, to: item.mail.envelope.to, item })),
    now: deps.now(),
    leaseMs,
  }).catch(async (error: unknown) => {
    // Whether the gate opened is not known; that nothing has left is.
    await retry(deps, () => release(deps, mails));
    throw error;
  });
  const waiting = open.map(({ item }) => item).values();
  const judged: Judged[] = [];
  const sendInTurn = async () => {
    for (const mail of waiting) {
      // Behind a slow server, the lease could run out before the answer comes.
      if (deps.now() < mayLeaveUntil) judged.push(await sendAndJudge(deps, mail, mayLeaveUntil));
    }
  };
  await Promise.all(Array.from({ length: deps.connections }, sendInTurn));
  await record(
    judged.map(({ delivery: { id, day, claimId }, judgement: { outcome } }) => ({
      id,
      day,
      claimId,
      outcome,
    })),
  );
  // What has not left is planned again. For whom the gate was closed, the next claim finds out why.
  const sent = new Set(judged.map(({ delivery }) => delivery));
  const left = mails.filter(({ delivery }) => !sent.has(delivery));
  await retry(deps, () => release(deps, left));
  return judged;
}

async function sendAndJudge(
  { mailer, now, log, onSent }: DeliverDeps,
  { delivery, mail }: MailToSend,
  leaveBy: Date,
): Promise<Judged> {
  const startedAt = performance.now();
  const result = await mailer.send({ ...mail, leaveBy });
  const judgement = judge(result, { delivery, now: now(), random: Math.random() });
  const { type: outcome } = judgement.outcome;
  onSent?.({
    outcome,
    code: 'code' in judgement.outcome ? judgement.outcome.code : null,
    domain: mail.envelope.to.slice(mail.envelope.to.lastIndexOf('@') + 1).toLowerCase(),
    seconds: (performance.now() - startedAt) / 1000,
  });
  const level = outcome === 'accepted' ? 'debug' : 'warn';
  log[level](
    { deliveryId: String(delivery.id), kind: delivery.kind, outcome, ...describe(judgement.outcome) },
    'mail sent',
  );
  const refusedBefore = (result.type === 'held' && result.refusedBefore) || [];
  return { to: mail.envelope.to, delivery, judgement, refusedBefore };
}

/** For the log. */
function describe(outcome: Outcome): { code?: string; stage?: string | null; words?: string | null } {
  if (outcome.type === 'accepted') return { words: outcome.reply.text };
  if (!('detail' in outcome)) return { code: outcome.code };
  const reply = 'reply' in outcome ? outcome.reply : null;
  return { code: outcome.code, stage: reply?.stage ?? null, words: reply?.text ?? outcome.detail };
}

function release({ db, now }: DeliverDeps, mails: MailToSend[]): Promise<void> {
  const nextTryAt = now();
  return releaseClaims(
    db,
    mails.map(({ delivery }) => ({ ...delivery, nextTryAt })),
  );
}

/** What a worker knows is known only here: a database that is away for a moment must not turn it into `unknown`. */
async function retry({ log }: DeliverDeps, write: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write();
    } catch (error) {
      if (attempt === writeAttempts) throw error;
      log.warn({ err: error, attempt }, 'ledger not written yet');
      await sleep(250 * 2 ** attempt);
    }
  }
}

/**
 * How many mails pass the gate together: few enough that an unsubscribe or a stop waits a moment only, and enough that a
 * fast server is not kept waiting for the ledger.
 */
type BatchSize = {
  size(): number;
  learn(batch: { mails: number; tookMs: number }): void;
};

/** What a kill can leave as `unknown` is at most this, for each of the two batches under way. */
export const mostPerBatch = 100;
const quickMs = 250;
const slowMs = 1000;

/** Starts at `least`, which is as many as are sent at once anyway. */
function createBatchSize({ least }: { least: number }): BatchSize {
  let size = least;
  return {
    size: () => size,
    learn({ mails, tookMs }) {
      if (mails >= size && tookMs < quickMs) size = Math.max(least, Math.min(size * 2, mostPerBatch));
      if (tookMs > slowMs) size = Math.max(least, Math.floor(size / 2));
    },
  };
}

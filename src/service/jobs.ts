// What a worker does when its time has come: plan, deliver, ingest.
import { judgeRefusals } from '../bounces/judge-refusals.ts';
import { type DeliverDeps, deliverDue } from '../delivery/deliver.ts';
import { measureProgress } from '../delivery/progress.ts';
import { countDueDeliveries } from '../ledger/claims.ts';
import { expireLeases } from '../ledger/leases.ts';
import { planDigests } from '../ledger/plan.ts';
import { forgetPromisedMails } from '../ledger/promise.ts';
import { endEditions } from '../ledger/reports/tell-editions.ts';
import { forgetRequests } from '../operators/idempotency.ts';
import type { Logger } from '../platform/logger.ts';
import type { Db } from '../platform/postgres/db.ts';
import { takeTurn } from '../platform/turns.ts';
import { recoverRates } from '../smtp/sending-rate.ts';
import { type FetchDeps, fetchDueDays, fetchWhatIsThere } from '../sources/run-fetch.ts';
import type { Source } from '../sources/source.ts';
import type { MailPromises } from '../subscribers/account/mail-promises.ts';
import { forgetOld } from '../subscribers/account/retention.ts';
import { answerRequests } from '../subscribers/sign-up/answer-requests.ts';
import { deleteOrphanedQueries } from '../subscribers/store.ts';
import { utcDay } from '../text/days.ts';
import type { PaperAssigner } from '../topics/assign-topics.ts';
import { forgetMessages } from '../webhooks/messages.ts';
import { keepTables, type MonthsKept } from './months.ts';

/** Whether an edition is over: its readers' hours are looked through for it. */
const endEditionsEveryMs = 120_000;

type PlanDeps = {
  db: Db;
  topics: PaperAssigner;
  promises: MailPromises;
  /** Some of those who came in a file; returns how many. */
  askImported: () => Promise<number>;
  unknownPolicy: 'leave' | 'resend-once';
  /** How long those who left are kept. */
  departedDays: number;
  months: MonthsKept;
  wakeDelivery: () => Promise<void>;
  now: () => Date;
  log: Logger;
};

/**
 * Every minute: what dead workers left, sign-ups and requests for a link that were not answered yet, refusals, papers without topics, digests that are
 * due; then wakes the senders, and forgets what is to be kept no longer. This is also the sweep that finds mail whose wake-up was lost.
 */
export async function plan({
  db,
  topics,
  promises,
  askImported,
  unknownPolicy,
  departedDays,
  months,
  wakeDelivery,
  now,
  log,
}: PlanDeps): Promise<void> {
  await keepTables({ db, now: now(), log }, months);
  const { freed, parked, unknown } = await expireLeases(db, { now: now(), unknownPolicy });
  if (parked > 0) log.error({ parked }, 'deliveries parked: each worker that took them in hand ended');
  await answerRequests({ db, promises, wakeDelivery, now }).catch((error) =>
    log.error({ err: error }, 'requests not answered'),
  );
  await askImported().catch((error) => log.error({ err: error }, 'who came in a file is not asked'));
  await recoverRates(db, now());
  const refusals = await judgeRefusals({ db, now: now() });
  if (refusals.judged > 0) log.info(refusals, 'refusals judged');
  await deleteOrphanedQueries(db);
  await forgetPromisedMails(db, now());
  await forgetRequests(db, now());
  await forgetMessages(db, now());
  const assigned = await topics.assignTopics(db);
  const planned = await planDigests({ db, now: now() });
  const due = await countDueDeliveries(db, now());
  if (due > 0) await wakeDelivery();
  if (await takeTurn(db, { name: 'end-editions', afterMs: endEditionsEveryMs })) await endEditions(db, now());
  const forgotten = await forgetOld({ db, now: now() }, { departedDays });
  if (forgotten.signUps + forgotten.subscribers > 0) log.info(forgotten, 'forgotten');
  if (freed + unknown + assigned + planned + due > 0)
    log.info({ freed, unknown, assigned, planned, due }, 'planned');
}

const tellEveryMs = 10_000;

/** Sends what is due, whenever it is woken; a long run tells how far it has come. */
export async function deliver(deps: DeliverDeps, signal: AbortSignal): Promise<void> {
  const startedAt = deps.now().getTime();
  const total = await countDueDeliveries(deps.db, deps.now());
  let toldAt = startedAt;
  const counts = await deliverDue(
    {
      ...deps,
      onProgress: (sofar) => {
        const at = deps.now().getTime();
        if (at - toldAt < tellEveryMs) return;
        toldAt = at;
        deps.log.info(
          { ...sofar, ...measureProgress(sofar, { total, elapsedMs: at - startedAt }) },
          'delivering',
        );
      },
    },
    signal,
  );
  if (Object.values(counts).some((count) => count > 0)) deps.log.info(counts, 'delivered');
}

type IngestDeps = FetchDeps & { topics: PaperAssigner; log: Logger };

/** The sources of a kind, one after the other. One that fails does not keep the others; the first error is thrown at the end. */
export async function ingestAll(deps: IngestDeps, sources: Source[], signal: AbortSignal): Promise<void> {
  const errors: unknown[] = [];
  for (const source of sources) await ingest(deps, source, signal).catch((error) => errors.push(error));
  if (errors.length > 0) throw errors[0];
}

/** Asks a source for whatever is due, and finds the topics of what came. */
export async function ingest(deps: IngestDeps, source: Source, signal: AbortSignal): Promise<void> {
  const { db, topics, log, now } = deps;
  const day = utcDay(now());
  const fetches =
    source.timetable === null
      ? await fetchWhatIsThere(deps, source, { day, signal })
      : await fetchDueDays(deps, source, signal);
  for (const { outcome, ...facts } of fetches) {
    if (outcome === 'failed') log.warn(facts, 'fetch failed');
    else log.info({ outcome, ...facts }, 'fetched');
  }
  if (fetches.some((fetch) => fetch.new + fetch.updated > 0)) await topics.assignTopics(db);
}

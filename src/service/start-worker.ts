// A worker: plans, sends, fetches, and takes in what comes back.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config/config.ts';
import { promises } from '../ledger/promise.ts';
import { createBudgets } from '../platform/budgets.ts';
import type { Check } from '../platform/health.ts';
import type { Logger } from '../platform/logger.ts';
import type { SentMail } from '../platform/metrics.ts';
import type { Db } from '../platform/postgres/db.ts';
import type { JobQueue } from '../platform/queue.ts';
import { measureAge } from '../platform/turns.ts';
import { getSourceKind } from '../sources/registry.ts';
import { askImported } from '../subscribers/transfer/ask-imported.ts';
import type { PaperAssigner } from '../topics/assign-topics.ts';
import type { Closer } from './closer.ts';
import { deliver, ingestAll, plan } from './jobs.ts';
import { openMailboxReader, receiveBounces } from './open-bounces.ts';
import { openTokens } from './open-database.ts';
import { openDelivery } from './open-delivery.ts';
import { startLearning } from './open-learning.ts';
import { openQueue } from './open-queue.ts';
import { openSources, openTitleSearch } from './open-sources.ts';
import { startSummaries } from './open-summaries.ts';
import { startTestMails } from './open-test-mails.ts';
import { startTitleSearch } from './open-title-search.ts';
import { startWebhooks } from './open-webhooks.ts';
import { keepDelivering, keepRound, type Round } from './rounds.ts';

const now = () => new Date();

/** What is overdue by more than a tenth of it is seen to without the queue, so that mail leaves within a minute. */
const planEveryMs = 45_000;
/**
 * So soon goes on what another worker was sending when it died, or what failed with the database: that may have taken half a
 * minute to show.
 */
const deliverEveryMs = 20_000;
const readMailboxEveryMs = 60_000;
const longestPlanMs = 10 * 60_000;

export async function startWorker(
  {
    config,
    db,
    databaseUrl,
    topics,
    onSent,
    log,
  }: {
    config: Config;
    db: Db;
    databaseUrl: string;
    topics: PaperAssigner;
    /** Null: nobody counts. */
    onSent: ((mail: SentMail) => void) | null;
    log: Logger;
  },
  closer: Closer,
): Promise<{
  inboxUrl: string | null;
  wakeDelivery: () => Promise<void>;
  checks: Check[];
  loops: Round[];
}> {
  const { queue, onError } = await openQueue({ config, databaseUrl, log });
  const { deps, inbox } = await openDelivery({ config, db, log, inboxPort: config.inboxPort }, closer);
  const measured = onSent === null ? deps : { ...deps, onSent };
  const tokens = await openTokens(config);
  const mailbox = await openMailboxReader({ config, db, tokens, now, log });
  const stopping = new AbortController();
  const { signal } = stopping;
  const onFailure = (error: Error) => log.error({ err: error }, 'job failed');
  const { unknownPolicy, departedDays } = config;

  const delivering = keepDelivering(
    { queue, onError },
    { everyMs: deliverEveryMs, run: () => deliver(measured, signal), onFailure },
  );
  const wakeDelivery = delivering.wake;
  const budgets = createBudgets(db);
  const ask = () => askImported({ db, budgets, promises, wakeDelivery, now }, config);
  const jobs = [
    {
      name: 'plan' as const,
      everyMs: planEveryMs,
      longestRunMs: longestPlanMs,
      run: () =>
        plan({
          db,
          topics,
          promises,
          askImported: ask,
          unknownPolicy,
          departedDays,
          months: config,
          wakeDelivery,
          now,
          log,
        }),
    },
    ...(mailbox === null
      ? []
      : [{ name: 'read-mailbox' as const, everyMs: readMailboxEveryMs, run: () => mailbox(signal) }]),
    ...listIngestJobs({ config, db, topics, log }, signal),
  ];
  const loops = jobs.map((job) => keepRound({ queue, db, onError }, { ...job, onFailure }));
  closer.add(() => drain({ queue, idle: [delivering, ...loops] }, log));
  closer.add(() => {
    for (const loop of [delivering, ...loops]) loop.stop();
  });
  const sources = openSources({ config, db, now }).flatMap(({ source, isOn }) => (isOn ? source : []));
  startLearning({ db, topics, now, log, sources }, closer);
  startSummaries({ db, budgets, now, log, settings: config.summaries }, closer);
  startTitleSearch({ db, now, log, search: openTitleSearch({ config, db, now }) }, closer);
  startWebhooks({ config, db, now, log }, closer);
  startTestMails({ config, db, mailer: deps.mailer, now, log }, closer);
  await receiveBounces({ config, db, tokens, now, log }, closer);
  closer.add(() => stopping.abort());
  const checks = [
    { name: 'queue', check: () => queue.check() },
    { name: 'planner', check: createPlannerCheck(db) },
  ];
  return { inboxUrl: inbox?.webUrl ?? null, wakeDelivery, checks, loops };
}

/** One for the sources of each kind. */
function listIngestJobs(
  { config, db, topics, log }: { config: Config; db: Db; topics: PaperAssigner; log: Logger },
  signal: AbortSignal,
) {
  const deps = { db, topics, now, random: Math.random, log };
  const sources = openSources({ config, db, now }).filter(({ isOn }) => isOn);
  return [...new Set(sources.map(({ kind }) => kind))].map((kind) => {
    const ofKind = sources.filter((configured) => configured.kind === kind).map(({ source }) => source);
    return {
      name: `ingest-${kind}` as const,
      everyMs: getSourceKind(kind).lookEveryMs,
      run: () => ingestAll(deps, ofKind, signal),
    };
  });
}

/** A plan that was not done to its end for so long, by any worker, is one that never will be. */
const plannedWithinMs = 3 * 60_000;

function createPlannerCheck(db: Db): () => Promise<void> {
  const startedAt = performance.now();
  return async () => {
    const ageMs = (await measureAge(db, 'plan')) ?? performance.now() - startedAt;
    if (ageMs > plannedWithinMs) throw new Error('no worker has planned for three minutes');
  };
}

const drainMs = 30_000;

/** Mails under way are finished; a server that takes longer than that leaves them to the ledger. */
async function drain(
  { queue, idle }: { queue: JobQueue; idle: { idle(): Promise<void> }[] },
  log: Logger,
): Promise<void> {
  const giveUp = new AbortController();
  const timeout = sleep(drainMs, 'late', { signal: giveUp.signal }).catch(() => 'aborted');
  const finished = Promise.all([queue.close(), ...idle.map((loop) => loop.idle())]);
  const end = await Promise.race([finished, timeout]);
  giveUp.abort();
  if (end === 'late')
    log.warn('mails were still under way: the ledger has them as unknown once their lease ends');
}

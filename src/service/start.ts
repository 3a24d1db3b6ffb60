// Wiring only: configuration -> database -> worker and web. What a role does not do, it does not even load.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config, packageFolder } from '../config/config.ts';
import { importListing } from '../papers/import-listing.ts';
import { findLatestListingDate } from '../papers/store.ts';
import { ConfigError } from '../platform/errors.ts';
import { createHealth, type Health } from '../platform/health.ts';
import type { Logger } from '../platform/logger.ts';
import { checkWritable, type Db } from '../platform/postgres/db.ts';
import { parseListing } from '../sources/listing-text.ts';
import { utcDay } from '../text/days.ts';
import type { TopicAssigner } from '../topics/assign-topics.ts';
import { readTopics } from '../topics/topics-file.ts';
import type { Closer } from './closer.ts';
import { openDatabase } from './open-database.ts';
import { openMetrics, type ReadableMetrics } from './open-metrics.ts';
import type { KeptWorker } from './thread/keep-worker.ts';

export type Role = 'all' | 'web' | 'worker';

const now = () => new Date();

/** What all roles have. */
type Base = {
  config: Config;
  db: Db;
  databaseUrl: string;
  topics: TopicAssigner;
  metrics: ReadableMetrics | null;
  health: Health;
  log: Logger;
};

/** Starts what `role` says, and returns where to look. `closer` stops it: no new work, what is under way is finished. */
export async function start(
  { config, role, log }: { config: Config; role: Role; log: Logger },
  closer: Closer,
): Promise<{ siteUrl: string | null; inboxUrl: string | null }> {
  // It loads while the database starts.
  const worker = role === 'all' ? await openThread(log, closer) : null;
  const { db, databaseUrl } = await openDatabase({ config, log }, closer);
  const topics = await readTopics(config);
  await topics.storeTopics(db);
  if (config.databaseUrl === null) await importSample({ db, log });
  await topics.assignTopics(db);

  const metrics = await openMetrics({ config, db });
  const health = createHealth({
    checks: [{ name: 'database', check: () => checkWritable(db) }],
    loops: [],
    log,
  });
  const base: Base = { config, db, databaseUrl, topics, metrics, health, log };
  if (role === 'worker') return { siteUrl: null, inboxUrl: await startWorkerAlone(base, closer) };
  const siteUrl = config.baseUrl;
  if (worker !== null) return { siteUrl, inboxUrl: await startAll(base, worker, closer) };
  await startWebAlone(base, closer);
  return { siteUrl, inboxUrl: null };
}

async function startWorkerAlone({ metrics, health, ...base }: Base, closer: Closer): Promise<string | null> {
  const [{ startWorker }, { openHealthPort }] = await Promise.all([
    import('./start-worker.ts'),
    import('./health-port.ts'),
  ]);
  const { config, log } = base;
  const worker = await startWorker({ ...base, onSent: metrics?.metrics.countSent ?? null }, closer);
  const own = createHealth({ ...worker, log });
  await openHealthPort({ config, health: joinHealth(health, own), metrics }, closer);
  return worker.inboxUrl;
}

async function startWebAlone(base: Base, closer: Closer): Promise<void> {
  const [{ openQueue }, { startWeb }] = await Promise.all([
    import('./open-queue.ts'),
    import('./start-web.ts'),
  ]);
  const { queue, onError } = await openQueue(base);
  closer.add(() => queue.close());
  // What the queue does not take, the next sweep finds.
  await startWeb({ ...base, wakeDelivery: () => queue.enqueue('deliver').catch(onError) }, closer);
}

async function openThread(log: Logger, closer: Closer): Promise<KeptWorker> {
  const [{ keepWorker }, { startThread }] = await Promise.all([
    import('./thread/keep-worker.ts'),
    import('../platform/thread.ts'),
  ]);
  const startAnother = () => startThread('thread/worker-thread', import.meta.url);
  return keepWorker({ startThread: startAnother, log }, closer);
}

async function startAll(base: Base, worker: KeptWorker, closer: Closer): Promise<string | null> {
  const { config, databaseUrl, metrics } = base;
  metrics?.metrics.watchPool('worker', worker.countConnections);
  const beginning = worker.begin({ config, databaseUrl }, metrics?.metrics.countSent ?? null, closer);
  // Whichever fails first is told; the other one is closed.
  beginning.catch(() => {});
  const { startWeb } = await import('./start-web.ts');
  const { wakeDelivery } = worker;
  await startWeb({ ...base, wakeDelivery, health: joinHealth(base.health, worker.health) }, closer);
  const { inboxUrl } = await beginning;
  return inboxUrl;
}

function joinHealth(one: Health, other: Health): Health {
  return {
    live: () => [...one.live(), ...other.live()],
    ready: async () => (await Promise.all([one.ready(), other.ready()])).flat(),
  };
}

/** The first start of a trial shows something: the listing that comes with the project. */
async function importSample({ db, log }: { db: Db; log: Logger }): Promise<void> {
  if ((await findLatestListingDate(db)) !== null) return;
  const fileName = 'daily-papers-2025-12-12.txt';
  const bytes = await readFile(join(packageFolder, 'seeds', fileName));
  const listing = parseListing(bytes, { fileName, today: utcDay(now()) });
  if (listing.type === 'refused') throw new ConfigError(`seeds/${fileName}: ${listing.reason}`);
  const { stored } = await importListing({ db }, { source: 'sample', ...listing });
  log.info({ date: listing.date, papers: stored.length }, 'sample listing imported');
}

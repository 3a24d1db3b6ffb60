// Wiring only: configuration -> database -> queue -> workers and web. What a role does not do, it does not even load.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config, packageFolder } from '../config/config.ts';
import { importListing } from '../papers/import-listing.ts';
import { findLatestListingDate } from '../papers/store.ts';
import { checkWritable, type Db } from '../platform/db.ts';
import { ConfigError } from '../platform/errors.ts';
import { type Check, createHealth, type Loop } from '../platform/health.ts';
import type { Logger } from '../platform/logger.ts';
import { createQueue, type JobQueue, prepareQueueDatabase } from '../platform/queue.ts';
import { parseListing } from '../sources/listing-text.ts';
import { utcDay } from '../text/days.ts';
import { readTopics } from '../topics/topics-file.ts';
import type { Closer } from './closer.ts';
import { openDatabase } from './open-database.ts';
import { openMetrics } from './open-metrics.ts';
import { tellRarely } from './tell-rarely.ts';

export type Role = 'all' | 'web' | 'worker';

const now = () => new Date();
const toldAgainMs = 60_000;

/** Starts what `role` says, and returns where to look. `closer` stops it: no new work, what is under way is finished. */
export async function start(
  { config, role, log }: { config: Config; role: Role; log: Logger },
  closer: Closer,
): Promise<{ siteUrl: string | null; inboxUrl: string | null }> {
  const { db, databaseUrl } = await openDatabase({ config, log }, closer);
  const topics = await readTopics(config);
  await topics.storeTopics(db);
  if (config.databaseUrl === null) await importSample({ db, log });
  await topics.assignTopics(db);

  const onError = tellRarely((error) => log.warn({ err: error }, 'queue in trouble'), {
    everyMs: toldAgainMs,
    now,
  });
  const queue = await openQueue({ config, databaseUrl, onError, log });
  const checks: Check[] = [{ name: 'database', check: () => checkWritable(db) }];
  const loops: Loop[] = [];
  const health = createHealth({ checks, loops, log });
  // What the queue does not take, the next sweep finds.
  let wakeDelivery = () => queue.enqueue('deliver').catch(onError);

  const metrics = await openMetrics({ config, db });
  let inboxUrl: string | null = null;
  if (role === 'web') closer.add(() => queue.close());
  else {
    const { startWorker } = await import('./start-worker.ts');
    const worker = await startWorker({ config, db, topics, queue, onError, metrics, log }, closer);
    checks.push(...worker.checks);
    loops.push(...worker.loops);
    inboxUrl = worker.inboxUrl;
    wakeDelivery = worker.wakeDelivery;
  }
  if (role === 'worker') {
    const { openHealthPort } = await import('./health-port.ts');
    await openHealthPort({ config, health, metrics }, closer);
  } else {
    const { startWeb } = await import('./start-web.ts');
    await startWeb({ config, db, databaseUrl, wakeDelivery, health, metrics, log }, closer);
  }
  return { siteUrl: role === 'worker' ? null : config.baseUrl, inboxUrl };
}

/** One that is away is warned of: mails leave without it. One that will never let us in ends the start. */
async function openQueue({
  config,
  databaseUrl,
  onError,
  log,
}: {
  config: Config;
  databaseUrl: string;
  onError: (error: Error) => void;
  log: Logger;
}): Promise<JobQueue> {
  const queueDatabaseUrl = config.queueDatabaseUrl ?? databaseUrl;
  if (config.redisUrl === null) await prepareQueueDatabase(queueDatabaseUrl);
  let refuse: (reason: string) => void = () => {};
  const refused = new Promise<string>((resolve) => {
    refuse = resolve;
  });
  const queue = createQueue({
    redisUrl: config.redisUrl,
    databaseUrl: queueDatabaseUrl,
    onError(error) {
      if (neverGetsBetter.test(error.message)) refuse(error.message);
      onError(error);
    },
  });
  if (config.redisUrl === null) return queue;
  const checked = queue.check().then(
    () => null,
    (error: Error) => error.message,
  );
  const reason = await Promise.race([checked, refused]);
  if (reason === null) return queue;
  if (neverGetsBetter.test(reason)) {
    await queue.close();
    throw new ConfigError(`REDIS_URL leads to a server that does not take us: ${reason}`);
  }
  log.warn(
    { reason },
    'REDIS_URL: the queue does not answer. Mails leave by each worker’s own timer until it does',
  );
  return queue;
}

/** What Redis says to a wrong password, user, database, certificate or kind of server. */
const neverGetsBetter =
  /WRONGPASS|NOAUTH|NOPERM|without any password configured|invalid password|DB index is out of range|cluster support disabled|certificate/i;

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

// Wiring only: configuration -> database -> queue -> mail -> web and workers.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Config, packageFolder } from '../config/config.ts';
import { createMatchFinder } from '../digests/match-finder.ts';
import { promises } from '../ledger/promise.ts';
import type { Inbox } from '../local/inbox/inbox.ts';
import { importListing } from '../papers/import-listing.ts';
import { findLatestListingDate } from '../papers/store.ts';
import { createBudgets } from '../platform/budgets.ts';
import type { Db } from '../platform/db.ts';
import { ConfigError } from '../platform/errors.ts';
import { httpTimeouts } from '../platform/http-timeouts.ts';
import type { Logger } from '../platform/logger.ts';
import { createQueue, type JobQueue, prepareQueueDatabase } from '../platform/queue.ts';
import { createRunner } from '../platform/runner.ts';
import { askWith } from '../platform/shared-pool.ts';
import { parseListing } from '../sources/listing-text.ts';
import { answerRequests } from '../subscribers/answer-requests.ts';
import { utcDay } from '../text/days.ts';
import { readTopics } from '../topics/topics-file.ts';
import { createApp } from '../web/app.ts';
import { defaultRateLimits } from '../web/http/rate-limits.ts';
import type { Closer } from './closer.ts';
import { deliver, ingestAll, keepIngesting, keepPlanning, keepReadingMailbox, plan } from './jobs.ts';
import { openHooks, openMailboxReader, receiveBounces } from './open-bounces.ts';
import { openDatabase, openSourceHash, openStamps, openTokens, openWebDatabase } from './open-database.ts';
import { openDelivery } from './open-delivery.ts';
import { openSources } from './open-sources.ts';

export type Role = 'all' | 'web' | 'worker';

const now = () => new Date();

/** So much later at most is a new paper seen on the pages. */
const pagesKeptMs = 3000;

/** Starts what `role` says, and returns where to look. `closer` stops it: no new work, what is under way is finished. */
export async function start(
  { config, role, log }: { config: Config; role: Role; log: Logger },
  closer: Closer,
): Promise<{ siteUrl: string | null; inboxUrl: string | null }> {
  const { db, databaseUrl } = await openDatabase({ config, log }, closer);
  const topics = await readTopics();
  await topics.storeTopics(db);
  if (config.databaseUrl === null) await importSample({ db, log });
  await topics.assignTopics(db);

  const onError = (error: Error) => log.warn({ err: error }, 'queue in trouble');
  const queueDatabaseUrl = config.queueDatabaseUrl ?? databaseUrl;
  if (config.redisUrl === null) await prepareQueueDatabase(queueDatabaseUrl);
  const queue = createQueue({ redisUrl: config.redisUrl, databaseUrl: queueDatabaseUrl, onError });
  // What the queue does not take, the next sweep finds.
  const wakeDelivery = () => queue.enqueue('deliver').catch(onError);

  let inbox: Inbox | null = null;
  if (role !== 'web') {
    const delivery = await openDelivery({ config, db, log, inboxPort: config.inboxPort }, closer);
    inbox = delivery.inbox;
    const stopping = new AbortController();
    const onJobError = (error: Error) => log.error({ err: error }, 'job failed');
    const { unknownPolicy, departedDays } = config;
    queue.startWorker(
      'plan',
      () => plan({ db, topics, promises, unknownPolicy, departedDays, wakeDelivery, now, log }),
      onJobError,
    );
    queue.startWorker('deliver', () => deliver(delivery.deps, stopping.signal), onJobError);
    const ingestDeps = { db, topics, now, random: Math.random, log };
    const sources = openSources({ config, db, now }).filter(({ isOn }) => isOn);
    const kinds = [...new Set(sources.map(({ kind }) => kind))];
    for (const kind of kinds) {
      const ofKind = sources.filter((configured) => configured.kind === kind).map(({ source }) => source);
      queue.startWorker(`ingest-${kind}`, () => ingestAll(ingestDeps, ofKind, stopping.signal), onJobError);
    }
    const mailbox = await openMailboxReader({ config, db, tokens: await openTokens(config), now, log });
    if (mailbox !== null) queue.startWorker('read-mailbox', () => mailbox(stopping.signal), onJobError);
    closer.add(() => drain(queue, log));
    // What came due while nobody was there does not wait for the schedule.
    queue.enqueue('plan').catch(onError);
    closer.add(keepPlanning(queue, { onError }));
    if (mailbox !== null) {
      queue.enqueue('read-mailbox').catch(onError);
      closer.add(keepReadingMailbox(queue, { onError }));
    }
    for (const kind of kinds) {
      queue.enqueue(`ingest-${kind}`).catch(onError);
      closer.add(keepIngesting(queue, kind, { onError }));
    }
    await receiveBounces({ config, db, tokens: await openTokens(config), now, log }, closer);
    closer.add(() => stopping.abort());
  } else {
    closer.add(() => queue.close());
  }
  if (role !== 'worker') await listen({ config, db, databaseUrl, wakeDelivery, log }, closer);
  return { siteUrl: role === 'worker' ? null : config.baseUrl, inboxUrl: inbox?.webUrl ?? null };
}

const drainMs = 30_000;

/** Mails under way are finished; a server that takes longer than that leaves them to the ledger. */
async function drain(queue: JobQueue, log: Logger): Promise<void> {
  const giveUp = new AbortController();
  const timeout = sleep(drainMs, 'late', { signal: giveUp.signal }).catch(() => 'aborted');
  const end = await Promise.race([queue.close(), timeout]);
  giveUp.abort();
  if (end === 'late')
    log.warn('mails were still under way: the ledger has them as unknown once their lease ends');
}

async function listen(
  {
    config,
    db,
    databaseUrl,
    wakeDelivery,
    log,
  }: { config: Config; db: Db; databaseUrl: string; wakeDelivery: () => Promise<void>; log: Logger },
  closer: Closer,
): Promise<void> {
  const requests = createRunner(
    () => answerRequests({ db, promises, wakeDelivery, now }),
    (error) => log.error({ err: error }, 'requests not answered'),
  );
  closer.add(() => requests.idle());
  const tokens = await openTokens(config);
  const webDb = await openWebDatabase(databaseUrl, closer);
  const app = createApp({
    config,
    db: webDb,
    matches: createMatchFinder({ db: webDb }),
    tokens,
    hooks: await openHooks({ config, db, tokens, now, log }),
    logger: log,
    now,
    promises,
    wakeDelivery,
    wakeRequests: requests.wake,
    hashSource: await openSourceHash(config),
    stamps: await openStamps(config),
    budgets: createBudgets(webDb),
    rateLimits: defaultRateLimits,
    pagesKeptMs,
    checkDatabase: async () => {
      await askWith({ goesFirst: true, waitMs: 10_000 }, () => webDb.$queryRaw`SELECT 1`);
    },
  });
  const server = createServer(httpTimeouts, app);
  server.listen(config.port, config.host);
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new ConfigError(`Port ${config.port} is in use. Take another: PORT=${config.port + 1} npm start`);
  }
  closer.add(async () => {
    server.close();
    server.closeIdleConnections();
    await once(server, 'close');
  });
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

// A web server: has nothing to do with sending, but to wake who does.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Config } from '../config/config.ts';
import { listSettings } from '../config/settings.ts';
import { createMatchFinder } from '../digests/match-finder.ts';
import { speakWith } from '../languages/words.ts';
import { promises } from '../ledger/promise.ts';
import { createBudgets } from '../platform/budgets.ts';
import { ConfigError } from '../platform/errors.ts';
import type { Health } from '../platform/health.ts';
import { longestBacklog, timeoutsBehind } from '../platform/http-timeouts.ts';
import type { Logger } from '../platform/logger.ts';
import { countConnections, type Db, readWaitMs } from '../platform/postgres/db.ts';
import { askWith } from '../platform/postgres/shared-pool.ts';
import { watchRoom } from '../platform/room.ts';
import { createRunner } from '../platform/runner.ts';
import { answerRequests } from '../subscribers/sign-up/answer-requests.ts';
import { createApp } from '../web/app.ts';
import { defaultRateLimits } from '../web/http/limits/rate-limits.ts';
import type { Closer } from './closer.ts';
import { openHooks } from './open-bounces.ts';
import { openProofs, openSourceHash, openStamps, openTokens, openWebDatabase } from './open-database.ts';
import type { ReadableMetrics } from './open-metrics.ts';
import { openSources } from './open-sources.ts';
import { openZotero } from './open-zotero.ts';

const now = () => new Date();

/** So much later is a new paper seen on the pages; up to a minute later while a crowd leaves no room to make them anew. */
const pagesKeptMs = 3000;

export async function startWeb(
  {
    config,
    db,
    databaseUrl,
    wakeDelivery,
    health,
    metrics,
    log,
  }: {
    config: Config;
    db: Db;
    databaseUrl: string;
    wakeDelivery: () => Promise<void>;
    health: Health;
    metrics: ReadableMetrics | null;
    log: Logger;
  },
  closer: Closer,
): Promise<void> {
  const requests = createRunner(
    () => answerRequests({ db, promises, wakeDelivery, now }),
    (error) => log.error({ err: error }, 'requests not answered'),
  );
  closer.add(() => requests.idle());
  if (config.brand !== null) speakWith(config.brand.words);
  const tokens = await openTokens(config);
  const webDb = await openWebDatabase(databaseUrl, closer);
  metrics?.metrics.watchPool('web', () => countConnections(webDb));
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
    proofs: await openProofs(config),
    budgets: createBudgets(webDb),
    rateLimits: defaultRateLimits,
    zotero: openZotero({ config, db: webDb, now }),
    pagesKeptMs,
    sources: openSources({ config, db: webDb, now }),
    settings: listSettings(),
    readRoom: watchRoom(() => readWaitMs(webDb)),
    health,
    metrics,
    checkDatabase: async () => {
      await askWith({ goesFirst: true, waitMs: 10_000 }, () => webDb.$queryRaw`SELECT 1`);
    },
  });
  const server = createServer(timeoutsBehind(config), app);
  server.listen({ port: config.port, host: config.host, backlog: longestBacklog });
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

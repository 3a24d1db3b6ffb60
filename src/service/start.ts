// Wiring only: configuration -> database -> queue -> mail -> web and workers.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Config, packageFolder, type SmtpServer } from '../config/config.ts';
import type { DeliverDeps } from '../delivery/deliver.ts';
import { createMailWriter } from '../delivery/write-mails.ts';
import { type Inbox, startInbox } from '../local/inbox/inbox.ts';
import { startEmbeddedPostgres } from '../local/postgres/postgres.ts';
import { readSecretKey } from '../local/secret-key.ts';
import { compileMailSources } from '../mails/mail-sources.ts';
import { createMailTemplates } from '../mails/mail-templates.ts';
import { createMatchFinder } from '../matching/match-finder.ts';
import { importListing } from '../papers/import-listing.ts';
import { findLatestListingDate } from '../papers/store.ts';
import { createBudgets } from '../platform/budgets.ts';
import { createDb, type Db } from '../platform/db.ts';
import { ConfigError } from '../platform/errors.ts';
import { createLinks } from '../platform/links.ts';
import type { Logger } from '../platform/logger.ts';
import { applyMigrations } from '../platform/migrate.ts';
import { createQueue, type JobQueue, prepareQueueDatabase } from '../platform/queue.ts';
import { createTokenSigner, type TokenSigner } from '../platform/tokens.ts';
import { createMailer, type Mailer } from '../smtp/mailer.ts';
import { createMailerGroup, type MailServer } from '../smtp/mailer-group.ts';
import { createPace } from '../smtp/pace.ts';
import { openStationery } from '../smtp/sender-identity.ts';
import { parseListing } from '../sources/listing-text.ts';
import { utcDay } from '../text/days.ts';
import { listTopics } from '../topics/store.ts';
import { readTopics } from '../topics/topics-file.ts';
import { createApp } from '../web/app.ts';
import { defaultRateLimits } from '../web/http/rate-limits.ts';
import type { Closer } from './closer.ts';
import { deliver } from './deliver-job.ts';
import { ingestAll } from './ingest-job.ts';
import { openBounceAddresses, receiveBounces } from './open-bounces.ts';
import { openSources } from './open-sources.ts';
import { plan } from './plan-job.ts';
import { keepIngesting, keepPlanning } from './schedule.ts';

export type Role = 'all' | 'web' | 'worker';

const now = () => new Date();

/** A migrated database: the configured one, or the embedded one, started or joined. */
export async function openDatabase(
  { config, log }: { config: Config; log: Logger },
  closer: Closer,
): Promise<{ db: Db; databaseUrl: string }> {
  const databaseUrl = config.databaseUrl ?? (await startPostgres(config, log, closer));
  const { applied } = await applyMigrations({
    databaseUrl,
    folder: join(packageFolder, 'prisma/migrations'),
    say: (message) => log.warn(message),
  });
  if (applied.length > 0) log.info({ applied }, 'migrations applied');
  const db = createDb(databaseUrl);
  closer.add(() => db.$disconnect());
  return { db, databaseUrl };
}

async function startPostgres(config: Config, log: Logger, closer: Closer): Promise<string> {
  const folder = join(config.dataFolder, 'postgres');
  const { databaseUrl, stop } = await startEmbeddedPostgres({ folder, log: (message) => log.info(message) });
  closer.add(stop);
  return databaseUrl;
}

export async function openTokens(config: Config): Promise<TokenSigner> {
  const secret = config.secretKey ?? (await readSecretKey(config.dataFolder));
  return createTokenSigner(secret, config.secretKeyPrevious);
}

/**
 * Everything that `deliverDue` needs: the configured SMTP server, or the local inbox, started or joined. The topics are
 * those that are stored.
 */
export async function openDelivery(
  { config, db, log, inboxPort }: { config: Config; db: Db; log: Logger; inboxPort: number | null },
  closer: Closer,
): Promise<{ deps: DeliverDeps; inbox: Inbox | null }> {
  const inbox = config.smtpServers.length === 0 ? await openInbox(config, log, inboxPort) : null;
  closer.add(() => inbox?.stop());
  const local = inbox === null ? [] : [{ url: inbox.smtpUrl, weight: 1, perSecond: null }];
  const servers = [...config.smtpServers, ...local];
  const mailer = await openMailers({ servers, config, db, log });
  closer.add(() => mailer.close());

  const topics = await listTopics(db);
  const { siteName, baseUrl, postalAddress } = config;
  const writeMails = createMailWriter({
    db,
    matches: createMatchFinder({ db }),
    templates: createMailTemplates(await compileMailSources(join(packageFolder, 'templates'))),
    topicNames: new Map(topics.map(({ id, name }) => [id, name])),
    links: createLinks(baseUrl),
    tokens: await openTokens(config),
    sender: { name: siteName, baseUrl, postalAddress },
    stationery: openStationery(config, await openBounceAddresses(config)),
    now,
    log,
  });
  const connections = config.smtpConnections * servers.length;
  return { deps: { db, mailer, writeMails, connections, now, log }, inbox };
}

async function openMailers({
  servers,
  config,
  db,
  log,
}: {
  servers: SmtpServer[];
  config: Config;
  db: Db;
  log: Logger;
}): Promise<Mailer> {
  const group = servers.map(async ({ url, weight, perSecond }): Promise<MailServer> => {
    const name = new URL(url).host;
    const reserve = await createPace({ db, now }, { key: `server:${name}`, perSecond });
    return {
      name,
      weight,
      reserve,
      mailer: createMailer({ smtpUrl: url, connections: config.smtpConnections }),
    };
  });
  const onTrouble = (trouble: object) => log.warn(trouble, 'mail server in trouble');
  return createMailerGroup(await Promise.all(group), { now, random: Math.random, onTrouble });
}

function openInbox(config: Config, log: Logger, webPort: number | null): Promise<Inbox> {
  const folder = join(config.dataFolder, 'inbox');
  return startInbox({ folder, host: '127.0.0.1', webPort, log: (message) => log.info(message) });
}

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
    const { unknownPolicy } = config;
    queue.startWorker('plan', () => plan({ db, topics, unknownPolicy, wakeDelivery, now, log }), onJobError);
    queue.startWorker('deliver', () => deliver(delivery.deps, stopping.signal), onJobError);
    const ingestDeps = { db, topics, now, random: Math.random, log };
    const sources = openSources({ config, db, now }).filter(({ isOn }) => isOn);
    const kinds = [...new Set(sources.map(({ kind }) => kind))];
    for (const kind of kinds) {
      const ofKind = sources.filter((configured) => configured.kind === kind).map(({ source }) => source);
      queue.startWorker(`ingest-${kind}`, () => ingestAll(ingestDeps, ofKind, stopping.signal), onJobError);
    }
    closer.add(() => drain(queue, log));
    // What came due while nobody was there does not wait for the schedule.
    queue.enqueue('plan').catch(onError);
    closer.add(keepPlanning(queue, { onError }));
    for (const kind of kinds) {
      queue.enqueue(`ingest-${kind}`).catch(onError);
      closer.add(keepIngesting(queue, kind, { onError }));
    }
    await receiveBounces({ config, db, tokens: await openTokens(config), now, log }, closer);
    closer.add(() => stopping.abort());
  } else {
    closer.add(() => queue.close());
  }
  if (role !== 'worker') await listen({ config, db, wakeDelivery, log }, closer);
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
    wakeDelivery,
    log,
  }: { config: Config; db: Db; wakeDelivery: () => Promise<void>; log: Logger },
  closer: Closer,
): Promise<void> {
  const app = createApp({
    config,
    db,
    matches: createMatchFinder({ db }),
    tokens: await openTokens(config),
    logger: log,
    now,
    wakeDelivery,
    budgets: createBudgets(db),
    rateLimits: defaultRateLimits,
    checkDatabase: async () => {
      await db.$queryRaw`SELECT 1`;
    },
  });
  const server = createServer(app);
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

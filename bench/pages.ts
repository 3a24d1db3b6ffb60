// What readers wait for: npm run bench:pages. Every page and feed from a real server, with 100,000 subscribers and
// 50,000 papers in the database. The last line is JSON. Sizes: PAGES_SUBSCRIBERS, PAGES_PAPERS, PAGES_ROUNDS.
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { packageFolder } from '../src/config/config.ts';
import { createMatchFinder } from '../src/digests/match-finder.ts';
import { promises } from '../src/ledger/promise.ts';
import { createBudgets } from '../src/platform/budgets.ts';
import { createStamps } from '../src/platform/keys/stamps.ts';
import { createTokenSigner } from '../src/platform/keys/tokens.ts';
import { createLogger } from '../src/platform/logger.ts';
import { createDb, type Db } from '../src/platform/postgres/db.ts';
import { applyMigrations } from '../src/platform/postgres/migrate.ts';
import type { Closer } from '../src/service/closer.ts';
import { utcDay } from '../src/text/days.ts';
import { readTopics } from '../src/topics/topics-file.ts';
import { createApp } from '../src/web/app.ts';
import { runSql } from '../test/support/sql.ts';
import { startVisitor, type VisitorProcess } from './children.ts';
import { addPapers } from './many-papers.ts';
import { round, takeMiddle } from './measure.ts';
import { addInterests, addSubscribers } from './population.ts';
import { runBenchmark } from './run-benchmark.ts';
import { readSample } from './sample.ts';
import { openServers } from './servers.ts';
import { readSizes } from './sizes.ts';
import { printTable } from './table.ts';

const sizes = readSizes({ PAGES_SUBSCRIBERS: 100_000, PAGES_PAPERS: 50_000, PAGES_ROUNDS: 21 });
const goals = { homeMs: 100, homeKb: 100 };
/** Of Linux's clock of processes. */
const tickMs = 10;
/** All papers are copied in one statement. */
const longestFillMs = 30 * 60_000;
/** As many as a reader may have. */
const manyQueries = new URLSearchParams(
  [
    'model',
    'video generation',
    '"mixture of experts"',
    'agents -survey',
    'diffusion OR "flow matching"',
  ].flatMap((query) =>
    ['3d', 'language', 'robot', 'image'].map((word): [string, string] => ['keywords', `${query} ${word}`]),
  ),
);
const tokens = createTokenSigner('a secret of the benchmark, long enough');

/** `cpuMs`: of the processor, in the server; `databaseCpuMs`: in PostgreSQL, to a few milliseconds; null where there is no /proc. */
type Figure = {
  page: string;
  ms: number;
  cpuMs: number;
  databaseCpuMs: number | null;
  slowestMs: number;
  kb: number;
};

await runBenchmark(async (closer) => {
  const { setting } = await openServers({ mails: sizes.PAGES_SUBSCRIBERS, connections: 1 }, closer);
  const db = createDb(setting.databaseUrl, 1, { silenceMs: longestFillMs });
  const day = await fill(db, setting.databaseUrl);
  await db.$disconnect();
  const url = await serve(setting.databaseUrl, closer);

  const visitor = await startVisitor(closer);
  const figures: Figure[] = [];
  for (const page of await listPages(setting.databaseUrl, day))
    figures.push(await measure({ url, databaseUrl: setting.databaseUrl, visitor }, page));
  const [home] = figures;
  const homeKb = round((home?.kb ?? 0) + (await weighAssets(url)), 1);
  printTable([
    ['page', 'ms', 'CPU ms', 'of PostgreSQL', 'slowest', 'KB'],
    ...figures.map(({ page, ms, cpuMs, databaseCpuMs, slowestMs, kb }) => [
      page,
      ms.toFixed(1),
      cpuMs.toFixed(1),
      databaseCpuMs?.toFixed(1) ?? '',
      slowestMs.toFixed(1),
      kb.toFixed(1),
    ]),
  ]);
  const isWithinGoals = (home?.ms ?? goals.homeMs) < goals.homeMs && homeKb < goals.homeKb;
  console.log(
    `\nhome with style sheet, script and icon: ${homeKb} KB (goals: < ${goals.homeMs} ms, < ${goals.homeKb} KB)\n`,
  );
  const { PAGES_SUBSCRIBERS: subscribers, PAGES_PAPERS: papers } = sizes;
  console.log(JSON.stringify({ subscribers, papers, homeKb, figures, isWithinGoals }));
});

/** Returns the newest day. */
async function fill(db: Db, databaseUrl: string): Promise<string> {
  await applyMigrations({ databaseUrl, folder: join(packageFolder, 'prisma/migrations') });
  const topics = await readTopics({ topicsFile: null });
  await topics.storeTopics(db);
  const day = await addPapers({ db, topics }, { sample: await readSample(), count: sizes.PAGES_PAPERS });
  await addSubscribers(db, sizes.PAGES_SUBSCRIBERS);
  await addInterests(db, sizes.PAGES_SUBSCRIBERS);
  await db.$executeRaw`VACUUM ANALYZE`;
  return day;
}

async function serve(databaseUrl: string, closer: Closer): Promise<string> {
  const db = createDb(databaseUrl);
  closer.add(() => db.$disconnect());
  const app = createApp({
    hooks: null,
    db,
    matches: createMatchFinder({ db }),
    tokens,
    config: {
      baseUrl: 'http://localhost:3000',
      trustProxy: 0,
      disposableDomains: new Set(),
      hstsSubdomains: false,
      hookTargets: 'public',
      accountMailsPerHour: 1000,
      accountMailsPerDomain: 100,
      siteName: 'Paperround',
      postalAddress: '1 Main Street',
    },
    logger: createLogger('warn'),
    now: () => new Date(),
    promises,
    wakeDelivery: async () => {},
    wakeRequests: () => {},
    hashSource: (source) => source,
    stamps: createStamps('only to be read by this process'),
    proofs: null,
    health: { live: () => [], ready: async () => [] },
    checkDatabase: async () => {},
    budgets: createBudgets(db),
    sources: [],
    settings: [],
    zotero: { recall: () => null, read: async () => ({ type: 'trouble', trouble: 'silent' }) },
    pagesKeptMs: 0,
    metrics: null,
    rateLimits: {
      mails: { points: 10_000, seconds: 1 },
      lookUps: { points: 10_000, seconds: 1 },
      changes: { points: 10_000, seconds: 1 },
      logins: { points: 10_000, seconds: 1 },
      keys: { points: 10_000, seconds: 1 },
    },
  });
  const server = createServer(app);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closer.add(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function listPages(databaseUrl: string, day: string): Promise<string[]> {
  const db = createDb(databaseUrl, 1);
  const counts = await db.paperTopic.groupBy({
    by: ['topicId'],
    _count: true,
    orderBy: { _count: { topicId: 'desc' } },
  });
  const [often, seldom] = [counts.at(0)?.topicId, counts.at(-1)?.topicId];
  const days = await db.listing.findMany({ orderBy: { date: 'asc' }, select: { date: true } });
  const ago = days[Math.floor(days.length / 2)]?.date ?? new Date(day);
  const reader = await db.subscriber.findFirstOrThrow({ select: { id: true } });
  await db.$disconnect();
  const token = tokens.sign({ purpose: 'feed', subscriberId: reader.id, issuedAt: new Date() });
  const deep = `before=${Math.floor(sizes.PAGES_PAPERS / 2)}`;
  return [
    '/',
    `/papers/${day}`,
    `/papers/${utcDay(ago)}`,
    `/topics/${often}`,
    `/topics/${often}?${deep}`,
    `/topics/${seldom}`,
    '/search?q=model',
    '/search?q=%22mixture+of+experts%22',
    '/search?q=%22models+in+a+large+language%22',
    `/search?q=video+generation&${deep}`,
    '/search?q=model+-language',
    '/search?q=nothing+of+the+kind',
    '/search?q=unheardof',
    '/paper/1000',
    '/feeds/all.atom',
    `/feeds/topics/${often}.json`,
    '/feeds/search.atom?q=diffusion',
    '/feeds/search.atom?q=%22mixture+of+experts%22',
    `/preview/fragment?${manyQueries}`,
    `/feeds/mine/${token}.atom`,
  ];
}

async function measure(
  { url, databaseUrl, visitor }: { url: string; databaseUrl: string; visitor: VisitorProcess },
  page: string,
): Promise<Figure> {
  const shown = page.replace(/(?<=mine\/)[^.]+|(?<=fragment\?).*/, '…');
  const times: number[] = [];
  const cpuTimes: number[] = [];
  const bytes = (await (await fetch(url + page)).arrayBuffer()).byteLength;
  // The first ones fill caches, as the first readers after a start do.
  await visitor.visit(url + page);
  const databaseBefore = await readDatabaseCpu(databaseUrl);
  for (let round = 0; round < sizes.PAGES_ROUNDS; round += 1) {
    const before = process.cpuUsage();
    const { status, ms } = await visitor.visit(url + page);
    const { user, system } = process.cpuUsage(before);
    if (status !== 200) throw new Error(`${page} answered ${status}`);
    times.push(ms);
    cpuTimes.push((user + system) / 1000);
  }
  const databaseAfter = await readDatabaseCpu(databaseUrl);
  return {
    page: shown,
    ms: round(takeMiddle(times), 1),
    cpuMs: round(takeMiddle(cpuTimes), 1),
    databaseCpuMs:
      databaseBefore === null || databaseAfter === null
        ? null
        : round((databaseAfter - databaseBefore) / sizes.PAGES_ROUNDS, 1),
    slowestMs: round(Math.max(...times), 1),
    kb: round(bytes / 1000, 1),
  };
}

/** What PostgreSQL's processes for the server's connections have used so far, in milliseconds. */
async function readDatabaseCpu(databaseUrl: string): Promise<number | null> {
  const rows = await runSql(
    databaseUrl,
    `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`,
  );
  const files = rows.map(({ pid }) => `/proc/${pid}/stat`);
  if (!files.every((file) => existsSync(file))) return null;
  return files.reduce((sum, file) => {
    const fields = readFileSync(file, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return sum + (Number(fields[11]) + Number(fields[12])) * tickMs;
  }, 0);
}

/** As browsers ask for them. */
async function weighAssets(url: string): Promise<number> {
  const html = await (await fetch(url)).text();
  const paths = new Set(
    Array.from(html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g), ([, path = '']) => path),
  );
  let bytes = 0;
  for (const path of paths) bytes += (await (await fetch(url + path)).arrayBuffer()).byteLength;
  return bytes / 1000;
}

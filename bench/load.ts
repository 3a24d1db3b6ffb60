// Many visitors while digests leave, all from one process: npm run bench:load. How soon pages come, how fast mail leaves alone
// and meanwhile, what the first visitors of a new process meet, and what becomes of more visitors than there is room for. The
// last line is JSON. Sizes: LOAD_SECONDS, LOAD_CLIENTS, LOAD_PAUSE_MS (between two pages of a visitor), LOAD_CROWD (above
// capacity, without a pause), LOAD_PAPERS.

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { packageFolder } from '../src/config/config.ts';
import { createTokenSigner } from '../src/platform/keys/tokens.ts';
import { createDb } from '../src/platform/postgres/db.ts';
import { applyMigrations } from '../src/platform/postgres/migrate.ts';
import type { Closer } from '../src/service/closer.ts';
import { readTopics } from '../src/topics/topics-file.ts';
import { findFreePort } from '../test/support/free-port.ts';
import { startCrowd, startWorker, takeSteps } from './children.ts';
import type { Answer, Page } from './crowd.ts';
import { addPapers } from './many-papers.ts';
import { round } from './measure.ts';
import { runBenchmark } from './run-benchmark.ts';
import { readSample } from './sample.ts';
import { openServers, type Servers } from './servers.ts';
import { type Setting, toConfig } from './setting.ts';
import { readSizes } from './sizes.ts';
import { printTable } from './table.ts';

const sizes = readSizes({
  LOAD_SECONDS: 60,
  LOAD_CLIENTS: 200,
  LOAD_PAUSE_MS: 1000,
  LOAD_CROWD: 1000,
  LOAD_PAPERS: 5000,
});
const { LOAD_SECONDS: seconds, LOAD_CLIENTS: clients, LOAD_PAUSE_MS: pauseMs } = sizes;
const goals = { p99Ms: 250, mailShare: 0.5 };
/** More than leave in the time, so that they leave all the time. */
const mailsPerSecond = 1200;
const crowdSeconds = 10;
/** A process that has just started has its code still to compile: what its first visitors meet is told apart. */
const firstSeconds = 10;
const recoverySeconds = 10;

await runBenchmark(async (closer) => {
  const servers = await openServers(
    { mails: (seconds + firstSeconds + 20) * mailsPerSecond, connections: 5 },
    closer,
  );
  const pages = await populate(servers.setting, closer);
  const crowd = await startCrowd(closer);

  const alone = await withService(servers, closer, async () => {
    return measureMails(servers, seconds, () => sleep(seconds * 1000));
  });
  const { first, meanwhile, health, visits, crowded, recovered } = await withService(
    servers,
    closer,
    async (url) => {
      const visit = (request: { clients: number; seconds: number; pauseMs: number }) =>
        crowd.visit({ url, pages, ...request });
      const first = await visit({ clients, seconds: firstSeconds, pauseMs });
      let visits: Answer[] = [];
      let health: Answer[] = [];
      const meanwhile = await measureMails(servers, seconds, async () => {
        const probing = probe(url, seconds);
        visits = await visit({ clients, seconds, pauseMs });
        health = await probing;
      });
      const crowded = await visit({ clients: sizes.LOAD_CROWD, seconds: crowdSeconds, pauseMs: 0 });
      await sleep(2000);
      const recovered = await visit({ clients, seconds: recoverySeconds, pauseMs });
      return { first, meanwhile, health, visits, crowded, recovered };
    },
  );
  report({ alone, first, meanwhile, health, visits, crowded, recovered });
});

/** Today's papers, which are mailed, and an archive, which is searched. Returns what visitors ask for. */
async function populate(setting: Setting, closer: Closer): Promise<Page[]> {
  await applyMigrations({
    databaseUrl: setting.databaseUrl,
    folder: join(packageFolder, 'prisma/migrations'),
  });
  // All papers are copied in one statement.
  const db = createDb(setting.databaseUrl, 1, { silenceMs: 30 * 60_000 });
  const topics = await readTopics({ topicsFile: null });
  await topics.storeTopics(db);
  const day = await addPapers({ db, topics }, { sample: await readSample(), count: sizes.LOAD_PAPERS });
  const steps = ['listPapers', 'addSubscribers', 'addInterests'];
  await takeSteps('populate', { setting, steps }, closer);
  const readers = await db.subscriber.findMany({ take: 200, select: { id: true } });
  const seqs = await db.paper.findMany({ take: 200, orderBy: { seq: 'desc' }, select: { seq: true } });
  await db.$executeRaw`VACUUM ANALYZE`;
  await db.$disconnect();

  const { secretKey } = toConfig(setting);
  const tokens = createTokenSigner(secretKey ?? '');
  const preferencesOf = ({ id }: { id: string }) =>
    `/preferences/${tokens.sign({ purpose: 'preferences', subscriberId: id, issuedAt: new Date() })}`;
  const searches = [
    'diffusion',
    'video generation',
    '"mixture of experts"',
    'model -language',
    'agents',
    'reasoning',
  ];
  return readers.flatMap((reader, n): Page[] => [
    { kind: 'home', path: '/' },
    { kind: 'paper', path: `/paper/${seqs[n]?.seq}` },
    { kind: 'home', path: '/?lang=de' },
    { kind: 'day', path: `/papers/${day}` },
    { kind: 'topic', path: `/topics/${topics.topics[n % topics.topics.length]?.id}` },
    { kind: 'home', path: '/' },
    { kind: 'feed', path: '/feeds/all.atom' },
    { kind: 'paper', path: `/paper/${seqs[(n * 7) % seqs.length]?.seq}` },
    { kind: 'api', path: '/api/v1/topics' },
    n % 2 === 0
      ? { kind: 'search', path: `/search?q=${encodeURIComponent(searches[(n / 2) % searches.length] ?? '')}` }
      : { kind: 'preferences', path: preferencesOf(reader) },
  ]);
}

/** A fresh process on a fresh copy: it begins to send. */
async function withService<Result>(
  servers: Servers,
  closer: Closer,
  work: (url: string) => Promise<Result>,
): Promise<Result> {
  const { mails } = servers.setting;
  const copy = await servers.copyDatabase({ subscribers: mails });
  const port = await findFreePort();
  await servers.sink.takeCounts();
  const process = await startWorker('service', { ...copy, port }, closer);
  while ((await servers.sink.takeCounts()).mails === 0) await sleep(100);
  const result = await work(`http://127.0.0.1:${port}`);
  process.kill();
  await servers.dropDatabase(copy);
  return result;
}

/** Per second, while `work` goes on. */
async function measureMails(
  { sink }: Servers,
  seconds: number,
  work: () => Promise<unknown>,
): Promise<number> {
  await sink.takeCounts();
  const startedAt = performance.now();
  const working = work();
  await sleep(seconds * 1000);
  const { mails } = await sink.takeCounts();
  const rate = (mails * 1000) / (performance.now() - startedAt);
  await working;
  return round(rate, 1);
}

/** As a container's does, but ten times a second. */
async function probe(url: string, seconds: number): Promise<Answer[]> {
  const endsAt = performance.now() + seconds * 1000;
  const answers: Answer[] = [];
  while (performance.now() < endsAt) {
    const startedAt = performance.now();
    const status = await fetch(`${url}/healthz`).then(
      async (answer) => {
        await answer.arrayBuffer();
        return answer.status;
      },
      () => 0,
    );
    answers.push({ kind: 'health', status, ms: performance.now() - startedAt });
    await sleep(100);
  }
  return answers;
}

type Figures = { p50Ms: number; p99Ms: number; answers: number; shed: number; failed: number };

/** How long those took that were answered; `shed`: 503 and 429, `failed`: any other 5xx, or nothing at all. */
function summarize(answers: readonly Answer[]): Figures {
  const times = answers
    .filter(({ status }) => status >= 200 && status < 400)
    .map(({ ms }) => ms)
    .sort((one, other) => one - other);
  const at = (share: number) => round(times[Math.floor(times.length * share)] ?? Number.NaN, 0);
  const count = (isCounted: (status: number) => boolean) =>
    answers.filter(({ status }) => isCounted(status)).length;
  const isShed = (status: number) => status === 503 || status === 429;
  return {
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    answers: times.length,
    shed: count(isShed),
    failed: count((status) => status === 0 || (status >= 500 && !isShed(status))),
  };
}

/** Of those that got no answer, or one that failed. */
function countReasons(answers: readonly Answer[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { kind, status, reason } of answers) {
    if (status !== 0 && (status < 500 || status === 503)) continue;
    const why = reason ?? `${status} for ${kind}`;
    counts.set(why, (counts.get(why) ?? 0) + 1);
  }
  return counts;
}

function report({
  alone,
  meanwhile,
  ...phases
}: Record<'alone' | 'meanwhile', number> &
  Record<'first' | 'health' | 'visits' | 'crowded' | 'recovered', Answer[]>): void {
  const kinds = [...new Set(phases.visits.map(({ kind }) => kind))].sort();
  const ofKind = (kind: string) => summarize(phases.visits.filter((answer) => answer.kind === kind));
  const pages = Object.fromEntries(kinds.map((kind) => [kind, ofKind(kind)]));
  const [all, health] = [summarize(phases.visits), summarize(phases.health)];
  const [first, crowded, recovered] = [phases.first, phases.crowded, phases.recovered].map(summarize) as [
    Figures,
    Figures,
    Figures,
  ];
  const line = (name: string, { p50Ms, p99Ms, answers, shed, failed }: Figures) => [
    name,
    ...[p50Ms, p99Ms, answers, shed, failed].map(String),
  ];
  printTable([
    ['', 'p50 ms', 'p99 ms', 'answers', 'shed', 'failed'],
    ...Object.entries(pages).map(([kind, figures]) => line(kind, figures)),
    line(`all: ${clients} visitors, ${seconds} s`, all),
    line(`before: the process’s first ${firstSeconds} s`, first),
    line('health', health),
    line(`${sizes.LOAD_CROWD} visitors without a pause, ${crowdSeconds} s`, crowded),
    line(`${clients} again, 2 s later`, recovered),
  ]);
  const reasons = countReasons(Object.values(phases).flat());
  if (reasons.size > 0)
    console.log(
      `\nno answer: ${Array.from(reasons, ([reason, count]) => `${count} × ${reason}`).join('; ')}`,
    );
  const mailShare = round(meanwhile / alone, 2);
  console.log(`\nmails/s: ${alone} alone, ${meanwhile} meanwhile: ${mailShare} times\n`);
  const isWithinGoals =
    all.p99Ms < goals.p99Ms &&
    all.shed + all.failed + first.failed + crowded.failed + recovered.shed + recovered.failed === 0 &&
    mailShare >= goals.mailShare;
  const figures = {
    all,
    first,
    pages,
    health,
    crowded,
    recovered,
    alone,
    meanwhile,
    mailShare,
    isWithinGoals,
  };
  console.log(JSON.stringify({ clients, seconds, ...figures }));
}

// Everything the service depends on, looked at all at once. It changes nothing, and nothing that is broken or silent keeps the
// rest from being told.
import type { Resolver } from 'node:dns/promises';
import { join } from 'node:path';
import type { Config, ConfigProblem } from '../../config/config.ts';
import { holdsCluster } from '../../local/postgres/cluster.ts';
import { startEmbeddedPostgres } from '../../local/postgres/postgres.ts';
import { examineBounces } from './bounces.ts';
import { examineClock } from './clock.ts';
import { examineDatabase } from './database.ts';
import { examineDisk } from './disk.ts';
import { areas, createTidying, describeError, type Finding, fail, ok, type Told } from './finding.ts';
import { examineKeys } from './keys.ts';
import { examineMailServers } from './mail-servers.ts';
import { examineQueueInPostgres, examineRedis } from './queue.ts';
import { examineSenderDns, usualResolver } from './sender-dns.ts';
import { examineSite } from './site.ts';
import { examineTopics } from './topics.ts';

type Area = Finding['area'];

const longestReadMs = 30_000;

export type Examination = {
  config: Config;
  problems: readonly ConfigProblem[];
  /** Who a mail would be for; null: whoever it is from. */
  to: string | null;
  resolver?: Resolver;
  now?: () => Date;
  /** Each server has that long for each answer, and an examination four times that. */
  patienceMs?: number;
};

/** In the order of `areas`. Never rejects. */
export async function examine({
  config,
  problems,
  to,
  resolver = usualResolver(),
  now = () => new Date(),
  patienceMs = 5000,
}: Examination): Promise<Finding[]> {
  const tidy = createTidying(config);
  const { redisUrl } = config;
  const opening = openForExamination(config);
  const examinations: Record<Exclude<Area, 'configuration'>, () => Promise<Told[]>> = {
    database: async () => {
      const { databaseUrl, told } = await opening;
      const hasQueue = redisUrl === null && config.queueDatabaseUrl === null;
      return databaseUrl === null ? [told] : examineDatabase({ databaseUrl, hasQueue, patienceMs });
    },
    queue: async () => {
      if (redisUrl !== null) return examineRedis({ redisUrl, patienceMs });
      const { databaseUrl, told } = await opening;
      const queueUrl = config.queueDatabaseUrl ?? databaseUrl;
      if (queueUrl === null) return [{ ...told, what: `in the database: ${told.what}` }];
      return examineQueueInPostgres({
        databaseUrl: queueUrl,
        isShared: config.queueDatabaseUrl === null,
        patienceMs,
      });
    },
    clock: async () => {
      const { databaseUrl } = await opening;
      return examineClock({ databaseUrl, redisUrl, patienceMs, now });
    },
    disk: () => examineDisk(config),
    smtp: () => examineMailServers({ config, to, patienceMs }),
    dns: () => examineSenderDns(config, resolver),
    site: () => examineSite({ baseUrl: config.baseUrl, patienceMs }),
    keys: () => examineKeys(config),
    bounces: () => examineBounces({ config, patienceMs }),
    topics: async () => examineTopics({ config, databaseUrl: (await opening).databaseUrl, patienceMs }),
  };
  // Where it is wrong and MAIL_FROM is not set, nobody knows whose domain it is to be.
  const hidesSender = (name: string) =>
    name === 'BASE_URL' && config.mailFrom.address.endsWith('@paperround.localhost');
  const examineArea = async (area: Area): Promise<Finding[]> => {
    if (area === 'configuration') return describeProblems(problems);
    if (problems.some(({ name }) => variablesOf[area].test(name) || (area === 'dns' && hidesSender(name))))
      return [
        {
          area,
          ...fail('not looked at: its configuration has a problem', 'See what is said of the configuration'),
        },
      ];
    // A large topics file is read for longer than a server is waited for.
    const found = await within(area === 'topics' ? longestReadMs : 4 * patienceMs, examinations[area]);
    return found.map((each) => ({ area, ...each }));
  };
  try {
    const told = await Promise.all(areas.filter((area) => area !== 'topics').map(examineArea));
    // To read a catalogue takes a second in which no server is heard.
    told.push(await examineArea('topics'));
    return told.flat().map((finding) => ({
      ...finding,
      what: tidy(finding.what),
      remedy: finding.remedy === null ? null : tidy(finding.remedy),
    }));
  } finally {
    const { stop } = await opening;
    await stop().catch(() => {});
  }
}

function describeProblems(problems: readonly ConfigProblem[]): Finding[] {
  const area = 'configuration';
  if (problems.length === 0) return [{ area, ...ok('every variable that is set is valid') }];
  return problems.map(({ name, says }) => ({ area, ...fail(says, `Correct ${name}`) }));
}

/** Without these nothing about an area can be told. */
const variablesOf: Record<Exclude<Area, 'configuration'>, RegExp> = {
  database: /^DATABASE_URL$/,
  queue: /^(?:DATABASE_URL|QUEUE_DATABASE_URL|REDIS_URL)$/,
  clock: /^DATABASE_URL$/,
  disk: /^DATA_DIR$/,
  smtp: /^(?:SMTP_|MAIL_FROM$|BOUNCE_ADDRESS$)/,
  dns: /^(?:SMTP_URL$|MAIL_FROM|BOUNCE_ADDRESS$|DKIM_)/,
  site: /^BASE_URL$/,
  keys: /^SECRET_KEY/,
  bounces: /^(?:BOUNCE_|WEBHOOK_)/,
  topics: /^TOPICS_FILE$/,
};

async function within(ms: number, look: () => Promise<Told[]>): Promise<Told[]> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<Told[]>((resolve) => {
    const told = fail(`no answer within ${ms / 1000} s`, 'Look whether a firewall drops what is sent there');
    timer = setTimeout(() => resolve([told]), ms);
  });
  const looking = look().catch((error: unknown) => [
    fail(`could not be looked at: ${describeError(error)}`, 'Look at the log of what it is about'),
  ]);
  return Promise.race([looking, silence]).finally(() => clearTimeout(timer));
}

type Opened = { databaseUrl: string | null; told: Told; stop(): Promise<void> };

/** The configured database, or the embedded one where there is one already: an examination makes none. */
async function openForExamination({ databaseUrl, dataFolder }: Config): Promise<Opened> {
  const stop = async () => {};
  if (databaseUrl !== null) return { databaseUrl, told: ok('configured'), stop };
  const folder = join(dataFolder, 'postgres');
  try {
    if (!(await holdsCluster(folder)))
      return { databaseUrl: null, told: ok(`not there yet: the first start makes it in ${folder}`), stop };
    const embedded = await startEmbeddedPostgres({ folder, log: () => {} });
    return { ...embedded, told: ok('embedded') };
  } catch (error) {
    const told = fail(describeError(error), `Look at the log in ${folder}`);
    return { databaseUrl: null, told, stop };
  }
}

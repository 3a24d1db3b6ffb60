// A site as one would set it up to lose any machine: web servers, workers, PostgreSQL with a standby, Redis with a replica and three
// Sentinels, each on a host of its own, and a mail server outside.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { inject } from 'vitest';
import { applyMigrations } from '../../src/platform/postgres/migrate.ts';
import { utcDay } from '../../src/text/days.ts';
import { prismaFolder } from '../support/cluster.ts';
import { subscribeCrowd } from '../support/crowd.ts';
import { type Host, openNetwork } from '../support/network.ts';
import { type PostgresPair, startPostgresPair } from '../support/postgres-pair.ts';
import { fewTopics } from '../support/program.ts';
import { type Service, startService, untilRunning } from '../support/service.ts';
import { type SmtpCatcher, startSmtpCatcher } from '../support/smtp-catcher.ts';
import { waitFor } from '../support/wait-for.ts';
import { createWorld, expertPaper, type World } from '../support/world.ts';

export type Site = {
  webs: Host[];
  workers: Host[];
  redisHosts: [Host, Host];
  redisUrl: string;
  postgres: PostgresPair;
  world: World;
  smtp: SmtpCatcher;
  /** Starts the program there, again after a kill. */
  start(host: Host): Promise<void>;
  /** What a web server or worker answers, as a load balancer asks it; null: nothing. */
  readiness(host: Host): Promise<number | null>;
  /** The host of the Redis that is to be written to, as most Sentinels have it. */
  redisPrimary(): Promise<Host | undefined>;
};

const webPort = 3000;
const healthPort = 3001;

export async function openSite(
  {
    readers,
    takesMs,
    webs: webCount,
    workers: workerCount,
  }: { readers: number; takesMs: number; webs: number; workers: number },
  closers: (() => unknown)[],
): Promise<Site> {
  const network = await openNetwork();
  closers.push(network.close);
  const addHosts = async (kind: string, count: number) => {
    const hosts: Host[] = [];
    for (let number = 1; number <= count; number += 1) hosts.push(await network.addHost(`${kind}${number}`));
    return hosts;
  };
  const [webs, workers] = [await addHosts('web', webCount), await addHosts('worker', workerCount)];
  const postgresHosts: [Host, Host] = [await network.addHost('db1'), await network.addHost('db2')];
  const redisHosts: [Host, Host] = [await network.addHost('redis1'), await network.addHost('redis2')];
  const sentinelHosts = await addHosts('sentinel', 3);

  const [postgres, smtp] = await Promise.all([
    startPostgresPair(network, postgresHosts),
    startSmtpCatcher({ host: network.ownAddress, keptBytes: 4000 }),
    startRedisGroup({ redisHosts, sentinelHosts }, closers),
  ]);
  closers.push(postgres.stop, smtp.close);
  // From the first mail on, and workers send as soon as they run.
  smtp.behave((stage) => (stage === 'stored' ? { type: 'wait', ms: takesMs } : null));
  const { databaseUrl } = postgres;
  await applyMigrations({ databaseUrl, folder: join(prismaFolder, 'migrations') });
  const world = await createWorld(undefined, { databaseUrl, drop: async () => {} });
  closers.push(world.close);
  await world.list(utcDay(new Date()), [expertPaper('translation')]);
  await subscribeCrowd(databaseUrl, readers);

  const redisUrl = `redis+sentinel://${sentinelHosts.map(({ address }) => `${address}:${sentinelPort}`)}/papers/0`;
  const env = {
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    SMTP_URL: `${smtp.smtpUrl}?tls=optional`,
    BASE_URL: 'https://papers.example.org',
    SECRET_KEY: 'a secret of a test that is long enough',
    TOPICS_FILE: fewTopics,
    HOST: '0.0.0.0',
    PORT: String(webPort),
    HEALTH_PORT: String(healthPort),
  };
  const services = new Map<Host, Service>();
  closers.push(() => Promise.all([...services.values()].map((service) => service.kill())));
  const start = async (host: Host) => {
    const role = webs.includes(host) ? 'web' : 'worker';
    const service = await startService(['start', '--role', role], { env, launcher: 'node', on: host.on });
    services.set(host, service);
    await untilRunning(service);
  };
  await Promise.all([...webs, ...workers].map(start));
  return {
    webs,
    workers,
    redisHosts,
    redisUrl,
    postgres,
    world,
    smtp,
    start,
    async readiness(host) {
      const port = webs.includes(host) ? webPort : healthPort;
      const answer = await fetch(`http://${host.address}:${port}/readyz`, {
        signal: AbortSignal.timeout(5000),
      }).catch(() => null);
      return answer?.status ?? null;
    },
    async redisPrimary() {
      const answers = await Promise.all(sentinelHosts.map(askSentinel));
      return redisHosts.find(({ address }) => answers.filter((answer) => answer === address).length >= 2);
    },
  };
}

const redisPort = 6379;
const sentinelPort = 26_379;

async function startRedisGroup(
  { redisHosts: [first, second], sentinelHosts }: { redisHosts: [Host, Host]; sentinelHosts: Host[] },
  closers: (() => unknown)[],
): Promise<void> {
  const programs = inject('externalPrograms');
  const folder = mkdtempSync(join(tmpdir(), 'paperround-redis-group-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  const run = (host: Host, program: string | null, args: string[]) => {
    spawn(...host.on(program ?? '', args), { stdio: 'ignore' });
    closers.push(host.kill);
  };
  const options = [
    '--port',
    String(redisPort),
    '--bind',
    '0.0.0.0',
    '--protected-mode',
    'no',
    '--save',
    '',
    '--dir',
    folder,
  ];
  run(first, programs['redis-server'], options);
  run(second, programs['redis-server'], [...options, '--replicaof', first.address, String(redisPort)]);
  await waitFor('Redis to have its replica', async () => {
    const info = await askRedis(first, redisPort, (redis) => redis.info('replication'));
    return info?.includes('state=online');
  });
  for (const host of sentinelHosts) {
    const file = join(folder, `${host.name}.conf`);
    const lines = [
      `port ${sentinelPort}`,
      'protected-mode no',
      `dir ${folder}`,
      `sentinel monitor papers ${first.address} ${redisPort} 2`,
      'sentinel down-after-milliseconds papers 1000',
      'sentinel failover-timeout papers 5000',
    ];
    writeFileSync(file, `${lines.join('\n')}\n`);
    run(host, programs['redis-sentinel'], [file, '--sentinel']);
  }
  await waitFor('the Sentinels to know each other and the replica', async () => {
    const infos = await Promise.all(
      sentinelHosts.map((host) => askRedis(host, sentinelPort, (redis) => redis.info('sentinel'))),
    );
    return infos.every((info) => info?.includes('slaves=1,sentinels=3'));
  });
}

async function askSentinel(host: Host): Promise<string | null> {
  const answer = await askRedis(host, sentinelPort, (redis) =>
    redis.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'papers'),
  );
  return Array.isArray(answer) ? String(answer[0]) : null;
}

async function askRedis<Answer>(
  { address }: Host,
  port: number,
  ask: (redis: Redis) => Promise<Answer>,
): Promise<Answer | null> {
  const redis = new Redis(port, address, {
    retryStrategy: () => null,
    connectTimeout: 1000,
    commandTimeout: 2000,
  });
  redis.on('error', () => {});
  try {
    return await ask(redis);
  } catch {
    return null;
  } finally {
    redis.disconnect();
  }
}

// Two Redis servers, and a Sentinel that gives the work of the first to the second when that one is gone.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { inject } from 'vitest';
import { findFreePort } from './free-port.ts';
import { type RedisServer, startRedis } from './start-redis.ts';
import { waitFor } from './wait-for.ts';

export type SentinelGroup = {
  /** As REDIS_URL takes it. */
  url: string;
  servers: [RedisServer, RedisServer];
  /** The port of the server that is to be written to, as the Sentinel has it. */
  askMaster(): Promise<number>;
  stop(): Promise<void>;
};

export async function startSentinelGroup(): Promise<SentinelGroup> {
  const programs = inject('externalPrograms');
  const start = () => startRedis(programs['redis-server'] ?? '');
  const [first, second] = await Promise.all([start(), start()]);
  await follow(second.url, first.url);
  const folder = mkdtempSync(join(tmpdir(), 'paperround-sentinel-'));
  const port = await findFreePort();
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${folder}`,
    `sentinel monitor papers 127.0.0.1 ${new URL(first.url).port} 1`,
    'sentinel down-after-milliseconds papers 500',
    'sentinel failover-timeout papers 3000',
  ];
  const file = join(folder, 'sentinel.conf');
  writeFileSync(file, `${lines.join('\n')}\n`);
  const child = spawn(programs['redis-sentinel'] ?? '', [file, '--sentinel'], { stdio: 'ignore' });
  const kill = () => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', kill);
  const ended = once(child, 'exit');
  const sentinel = new Redis(port, '127.0.0.1');
  sentinel.on('error', () => {});
  const askMaster = async () => {
    const answer = await sentinel.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'papers');
    return Number(Array.isArray(answer) ? answer[1] : Number.NaN);
  };
  // It finds replicas by asking the master, every ten seconds or when something happens there.
  await waitFor('the Sentinel to know the replica', async () => {
    const replicas = await sentinel.call('SENTINEL', 'REPLICAS', 'papers').catch(() => []);
    return Array.isArray(replicas) && replicas.length === 1;
  });
  return {
    url: `redis+sentinel://127.0.0.1:${port}/papers/3`,
    servers: [first, second],
    askMaster,
    async stop() {
      process.off('exit', kill);
      sentinel.disconnect();
      kill();
      await ended;
      await Promise.all([first.stop(), second.stop()]);
    },
  };
}

/** From now on the one takes what the other has, and is written to no more; connections to it stay. */
export async function follow(url: string, masterUrl: string): Promise<void> {
  const { hostname, port } = new URL(masterUrl);
  await withServer(url, (redis) => redis.replicaof(hostname, Number(port)));
}

export async function promote(url: string): Promise<void> {
  await withServer(url, (redis) => redis.replicaof('NO', 'ONE'));
}

async function withServer(url: string, use: (redis: Redis) => Promise<unknown>): Promise<void> {
  const redis = new Redis(url);
  try {
    await use(redis);
  } finally {
    redis.disconnect();
  }
}

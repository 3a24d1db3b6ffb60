// Redis that fails over, flips, hangs, refuses, and is a cluster: with real servers.
import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterEach, expect, inject, test } from 'vitest';
import { createQueue, type JobQueue } from '../../../src/platform/queue.ts';
import { describeWith } from '../../support/needs.ts';
import { startRelay } from '../../support/relay.ts';
import { startRedis } from '../../support/start-redis.ts';
import { follow, promote, startSentinelGroup } from '../../support/start-sentinel.ts';
import { waitFor } from '../../support/wait-for.ts';

const databaseUrl = 'postgresql://nobody@127.0.0.1:9/none';
const ignore = () => {};
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
});

const start = async (options: string[] = []) => {
  const server = await startRedis(inject('externalPrograms')['redis-server'] ?? '', { options });
  closers.push(() => server.stop());
  return server;
};

/** Counts the jobs that arrive. */
function openQueue(redisUrl: string): { queue: JobQueue; runs(): number; errors: string[] } {
  let runs = 0;
  const errors: string[] = [];
  const prefix = `test-${randomUUID().slice(0, 8)}`;
  const queue = createQueue({
    redisUrl,
    databaseUrl,
    prefix,
    onError: ({ message }) => errors.push(message),
  });
  const work = async () => {
    runs += 1;
  };
  queue.startWorker('deliver', work, ignore);
  closers.push(() => queue.close());
  return { queue, runs: () => runs, errors };
}

/** Asks until it works, as the timers do. */
async function untilItWorks({ queue, runs }: ReturnType<typeof openQueue>): Promise<void> {
  const before = runs();
  await waitFor('a job to arrive', async () => {
    await queue.enqueue('deliver').catch(ignore);
    return runs() > before;
  });
  await queue.check();
}

describeWith(['redis-server', 'redis-sentinel'], 'under Sentinel', () => {
  test('a server that is killed is left for its replica', async () => {
    const group = await startSentinelGroup();
    closers.push(() => group.stop());
    const opened = openQueue(group.url);
    await untilItWorks(opened);
    const before = await group.askMaster();
    await group.servers[0].stop();
    await untilItWorks(opened);
    expect(await group.askMaster()).not.toBe(before);
  });
});

describeWith('redis-server', 'one server', () => {
  test('that becomes a replica while connections stay is reported, and used again once it is none', async () => {
    const [server, other] = [await start(), await start()];
    const opened = openQueue(server.url);
    await untilItWorks(opened);
    await follow(server.url, other.url);
    await expect(opened.queue.check()).rejects.toThrow('READONLY');
    await expect(opened.queue.enqueue('deliver')).rejects.toThrow();
    await promote(server.url);
    await untilItWorks(opened);
  });

  test('behind an address that leads to another one after a failover, connections to the old one are left', async () => {
    const [old, successor] = [await start(), await start()];
    const address = await startRelay(old.url);
    closers.push(address.close);
    const opened = openQueue(address.url);
    await untilItWorks(opened);
    await follow(successor.url, old.url);
    await promote(successor.url);
    // The old one lives, and so do the connections to it.
    await follow(old.url, successor.url);
    address.lead(successor.url);
    await untilItWorks(opened);
    const client = new Redis(successor.url);
    closers.push(() => client.disconnect());
    expect(await client.dbsize()).toBeGreaterThan(0);
  });

  test('that hangs refuses soon, and is used again when it goes on', async () => {
    const server = await start();
    const opened = openQueue(server.url);
    await untilItWorks(opened);
    server.signal('SIGSTOP');
    await expect(opened.queue.check()).rejects.toThrow();
    server.signal('SIGCONT');
    await untilItWorks(opened);
  });

  test('that wants another password says so', async () => {
    const server = await start(['--requirepass', 'secret']);
    const { queue, errors } = openQueue(server.url);
    await expect(queue.check()).rejects.toThrow();
    expect(errors.join()).toMatch(/NOAUTH|WRONGPASS/);
  });
});

describeWith('redis-server', 'a cluster', () => {
  test('keeps all the keys of the queue in one place, and wakes', async () => {
    const servers = [await startNode(), await startNode()];
    await joinCluster(servers.map(({ url }) => url));
    const hosts = servers.map(({ url }) => new URL(url).host).join(',');
    const opened = openQueue(`redis+cluster://${hosts}`);
    await untilItWorks(opened);
    await opened.queue.keepSchedule('deliver', 60_000);
    const sizes = await Promise.all(
      servers.map(async ({ url }) => {
        const client = new Redis(url);
        closers.push(() => client.disconnect());
        return client.dbsize();
      }),
    );
    expect(sizes.filter((size) => size > 0)).toHaveLength(1);
  });

  const startNode = () => start(['--cluster-enabled', 'yes', '--databases', '1']);

  async function joinCluster(urls: string[]): Promise<void> {
    const clients = urls.map((url) => new Redis(url));
    for (const client of clients) closers.push(() => client.disconnect());
    const [first] = clients;
    await Promise.all(
      clients.map((client, index) => {
        const slots = 16_384 / clients.length;
        return client.call('CLUSTER', 'ADDSLOTSRANGE', index * slots, (index + 1) * slots - 1);
      }),
    );
    for (const url of urls.slice(1)) await first?.call('CLUSTER', 'MEET', '127.0.0.1', new URL(url).port);
    const isJoined = async (client: Redis) =>
      String(await client.call('CLUSTER', 'INFO')).includes('cluster_state:ok') &&
      String(await client.call('CLUSTER', 'INFO')).includes(`cluster_known_nodes:${urls.length}`);
    await waitFor('the cluster', async () =>
      (await Promise.all(clients.map(isJoined))).every((joined) => joined),
    );
  }
});

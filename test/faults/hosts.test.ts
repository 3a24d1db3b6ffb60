// Machines are cut off, killed and failed over in the middle of a run: nothing is lost, nothing goes twice, and sending goes on
// by itself.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { mostPerBatch } from '../../src/delivery/deliver.ts';
import { createQueue } from '../../src/platform/queue.ts';
import { listBrokenPromises } from '../support/broken-promises.ts';
import { watchTheLiving } from '../support/dead-leases.ts';
import { faultSize } from '../support/fault-sizes.ts';
import { describeWith } from '../support/needs.ts';
import { type Host, whyNoNetwork } from '../support/network.ts';
import { runSql } from '../support/sql.ts';
import { undoAll } from '../support/undo-all.ts';
import { waitFor } from '../support/wait-for.ts';
import { openSite, type Site } from './hosts.ts';

const readers = faultSize('HOST_MAILS');
const minute = 60_000;
const timeoutMs = 15 * minute + readers * 200;
/** The run of full size, with the machine to itself: how soon sending goes on is told and held there alone. */
const isMeasured = readers >= 5000;
/** To take a mail. Of a few mails all would be in hand at once where a server is so quick that batches grow. */
const takesMs = isMeasured ? 60 : 300;
const closers: (() => unknown)[] = [];
afterEach(() => undoAll(closers));

describeWith(['postgres', 'redis-server', 'redis-sentinel', 'tc'], 'a site of several machines', () => {
  test(
    `loses any of them in a run of ${readers} mails, and no mail with it`,
    async ({ skip }) => {
      const why = whyNoNetwork();
      if (why !== null && process.env.CI) throw new Error(why);
      if (why !== null) skip(why);
      const size = { readers, takesMs, webs: faultSize('WEB_HOSTS'), workers: faultSize('WORKER_HOSTS') };
      const site = await openSite(size, closers);
      const { smtp, world } = site;
      const faults = listFaults(site).slice(0, faultSize('HOST_FAULTS'));
      const perFault = readers / (faults.length + 1);
      // Until it is known what nobody has in hand at a fault's moment, and while it is struck and mended, which takes as long as
      // the machine takes, no more is sent than leaves enough for those that follow.
      let most = readers;
      smtp.behave((stage) =>
        stage === 'stored' ? { type: 'wait', ms: smtp.mails.length < most ? takesMs : 5000 } : null,
      );

      const pauses: Record<string, number> = {};
      for (const [index, { what, strike, mend }] of faults.entries()) {
        const moment = perFault * (index + 0.5);
        most = moment;
        await waitFor(`${moment} mails`, () => smtp.mails.length >= moment, timeoutMs);
        const untouched = await listUntouched(site);
        most = moment + perFault / 2;
        const startedAt = performance.now();
        await strike();
        await waitFor(`sending to go on when ${what}`, () => isAnySent(site, untouched), 5 * minute);
        pauses[what] = Math.round(performance.now() - startedAt);
        await mend();
      }
      smtp.behave(() => null);
      if (isMeasured) console.log(`Sending went on after so many ms: ${JSON.stringify(pauses, null, 2)}`);
      await comeToRest(site);

      expect(await listBrokenPromises(world.db, smtp.mails)).toEqual([]);
      // At once: a late answer may still make one of the other.
      const counted = await world.db.delivery.groupBy({ by: ['state'], _count: true });
      const count = (wanted: string) => counted.find(({ state }) => state === wanted)?._count ?? 0;
      const unknown = count('unknown');
      const losses = faults.filter(({ losesWork }) => losesWork).length;
      expect(unknown).toBeLessThanOrEqual(losses * 2 * mostPerBatch);
      expect(count('accepted')).toBe(readers - unknown);
      if (isMeasured) expect(Object.entries(pauses).filter(([, ms]) => ms > minute)).toEqual([]);
      for (const host of [...site.webs, ...site.workers]) {
        await waitFor(`${host.name} to be ready`, async () => (await site.readiness(host)) === 200, minute);
      }
    },
    timeoutMs,
  );
});

type Fault = {
  what: string;
  strike(): Promise<void>;
  /** Once sending has gone on. */
  mend(): Promise<void>;
  /** What a worker had in hand. */
  losesWork?: boolean;
};

function listFaults({ webs, workers, redisHosts, redisPrimary, postgres, start, smtp }: Site): Fault[] {
  const [redis, otherRedis] = redisHosts;
  const nothing = async () => {};
  let worker: Host;
  const untilRedisIs = (host: Host) =>
    waitFor(`Redis to be on ${host.name}`, async () => (await redisPrimary()) === host);
  const findSender = () =>
    waitFor('a worker that sends', () => workers.find(({ address }) => smtp.clients().has(address)));
  const web = webs[0];
  if (web === undefined) throw new Error('there is no web server');
  return [
    {
      what: 'the primary of Redis is cut off',
      strike: async () => redis.cut(),
      async mend() {
        await untilRedisIs(otherRedis);
        redis.join();
      },
    },
    {
      what: 'a worker that sends is cut off',
      losesWork: true,
      async strike() {
        worker = await findSender();
        worker.cut();
      },
      mend: async () => worker.join(),
    },
    {
      what: 'the primary of PostgreSQL is cut off, and its standby takes over',
      async strike() {
        postgres.primary().cut();
        await postgres.failOver();
      },
      mend: nothing,
    },
    {
      what: 'a worker that sends is killed',
      losesWork: true,
      async strike() {
        worker = await findSender();
        worker.kill();
      },
      mend: () => start(worker),
    },
    {
      what: 'the lost server of PostgreSQL is back as the standby',
      async strike() {
        postgres.standby().join();
        await postgres.restoreStandby();
      },
      mend: nothing,
    },
    {
      what: 'the standby of PostgreSQL is cut off for ten seconds, so that nothing can be confirmed',
      async strike() {
        postgres.standby().cut();
        await sleep(10_000);
        postgres.standby().join();
      },
      mend: nothing,
    },
    {
      what: 'the primary of PostgreSQL is killed, and its standby takes over',
      async strike() {
        postgres.primary().kill();
        await postgres.failOver();
      },
      mend: nothing,
    },
    {
      what: 'the primary of Redis is killed',
      strike: async () => otherRedis.kill(),
      mend: async () => void (await untilRedisIs(redis)),
    },
    {
      what: 'a web server is killed',
      async strike() {
        web.kill();
      },
      mend: () => start(web),
    },
  ];
}

/** Deliveries that no worker has in hand. */
async function listUntouched({ world }: Site): Promise<string[]> {
  const rows = await runSql(
    world.databaseUrl,
    "SELECT id FROM delivery WHERE state = 'planned' ORDER BY next_try_at, id LIMIT 1000",
  );
  if (rows.length === 0) throw new Error('there are too few mails for so many faults');
  return rows.map(({ id }) => String(id));
}

async function isAnySent({ world }: Site, ids: string[]): Promise<boolean> {
  const found = `SELECT 1 FROM delivery WHERE state = 'accepted' AND id = ANY('{${ids}}'::bigint[]) LIMIT 1`;
  return (await runSql(world.databaseUrl, found).catch(() => [])).length > 0;
}

async function comeToRest({ world, redisUrl, smtp }: Site): Promise<void> {
  const { databaseUrl } = world;
  const queue = createQueue({ redisUrl, databaseUrl, onError: () => {} });
  closers.push(() => queue.close());
  const look = watchTheLiving({ databaseUrl, countSent: () => smtp.mails.length, planned: readers });
  const isAtRest = async () => {
    const seen = await look();
    if (seen === 'leases ended') await queue.enqueue('plan');
    return seen === 'at rest';
  };
  await waitFor('everything to come to rest', isAtRest, timeoutMs);
}

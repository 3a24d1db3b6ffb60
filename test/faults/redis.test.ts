// Redis loses everything, and goes away, in the middle of a day: the queue only wakes, and no mail depends on it.
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterEach, expect, inject, test } from 'vitest';
import { createQueue } from '../../src/platform/queue.ts';
import { deliver, plan } from '../../src/service/jobs.ts';
import { keepDelivering, keepRound } from '../../src/service/rounds.ts';
import { utcDay } from '../../src/text/days.ts';
import { listBrokenPromises } from '../support/broken-promises.ts';
import { subscribeCrowd } from '../support/crowd.ts';
import { faultSize } from '../support/fault-sizes.ts';
import { describeWith } from '../support/needs.ts';
import { type SmtpCatcher, startSmtpCatcher } from '../support/smtp-catcher.ts';
import { runSql } from '../support/sql.ts';
import { startRedis } from '../support/start-redis.ts';
import { startSentinelGroup } from '../support/start-sentinel.ts';
import { wireDelivery } from '../support/wire-delivery.ts';
import { createWorld, expertPaper, type World } from '../support/world.ts';

const readers = faultSize('READERS');
/** How long the readers' hours take to come round. */
const dayMs = 8000 + readers;
/** A machine may be busy. */
const timeoutMs = 480_000 + readers * 60;
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
});

/** Queue and workers of one process, as main.ts starts them; planning is in a hurry. */
async function startProcess(world: World, smtp: SmtpCatcher, redisUrl: string): Promise<void> {
  const now = () => new Date();
  const log = pino({ level: 'silent' });
  const ignore = () => {};
  const { db, topics, promises, databaseUrl } = world;
  const { deps } = await wireDelivery({
    db,
    mailSources: inject('mailSources'),
    smtpUrl: smtp.smtpUrl,
    now,
    log,
  });
  closers.push(() => deps.mailer.close());
  const queue = createQueue({ redisUrl, databaseUrl, onError: ignore });
  const stopping = new AbortController();
  const delivering = keepDelivering(
    { queue, onError: ignore },
    { everyMs: 60_000, run: () => deliver(deps, stopping.signal), onFailure: ignore },
  );
  const wakeDelivery = delivering.wake;
  const settings = {
    db,
    topics,
    promises,
    unknownPolicy: 'leave' as const,
    departedDays: 365,
    months: { ledgerDays: 400, fetchDays: 90 },
  };
  const planning = keepRound(
    { queue, db, onError: ignore },
    {
      name: 'plan',
      everyMs: 300,
      run: () => plan({ ...settings, askImported: async () => 0, wakeDelivery, now, log }),
      onFailure: ignore,
    },
  );
  closers.push(() => Promise.all([queue.close(), delivering.idle(), planning.idle()]));
  closers.push(planning.stop, delivering.stop);
  closers.push(() => stopping.abort());
}

/** Readers whose hours come round one after the other, and two processes that write to them. */
async function startDay(redisUrl: string, readers: number): Promise<{ world: World; smtp: SmtpCatcher }> {
  const world = await createWorld();
  closers.push(world.close);
  const smtp = await startSmtpCatcher();
  closers.push(smtp.close);
  await world.list(utcDay(new Date()), [expertPaper('translation')]);
  await subscribeCrowd(world.databaseUrl, readers);
  await runSql(
    world.databaseUrl,
    `UPDATE subscriber SET next_digest_at = now() + random() * interval '${dayMs} milliseconds'`,
  );
  await startProcess(world, smtp, redisUrl);
  await startProcess(world, smtp, redisUrl);
  return { world, smtp };
}

async function untilAtRest({ db }: World, readers: number): Promise<void> {
  const isAtRest = async () =>
    (await db.delivery.count()) === readers &&
    (await db.delivery.count({ where: { finishedAt: null } })) === 0;
  while (!(await isAtRest())) await sleep(100);
}

describeWith('redis-server', 'Redis', () => {
  test(
    'that forgets everything, and is away for a second, costs no mail and doubles none',
    async () => {
      const program = inject('externalPrograms')['redis-server'] ?? '';
      let redis = await startRedis(program);
      closers.push(() => redis.stop());
      const { url } = redis;
      const { world, smtp } = await startDay(url, readers);

      const forget = async () => {
        const client = new Redis(url);
        await client.flushall();
        client.disconnect();
      };
      // Each time in the middle: when another fifth of the mails is out.
      for (const [index, fail] of [forget, restart, forget].entries()) {
        while (smtp.mails.length < (readers * (index + 1)) / 5) await sleep(20);
        await fail();
      }
      async function restart() {
        await redis.stop();
        await sleep(1000);
        redis = await startRedis(program, { port: Number(new URL(url).port) });
      }
      await untilAtRest(world, readers);

      expect(await listBrokenPromises(world.db, smtp.mails)).toEqual([]);
      expect(smtp.mails).toHaveLength(readers);
    },
    timeoutMs,
  );
});

describeWith(['redis-server', 'redis-sentinel'], 'Redis under Sentinel', () => {
  test(
    'that fails over in the middle, and a Sentinel that ends after it, cost no mail and double none',
    async () => {
      const group = await startSentinelGroup();
      closers.push(() => group.stop());
      const count = Math.floor(readers / 3);
      const { world, smtp } = await startDay(group.url, count);
      const [first, second] = group.servers;
      while (smtp.mails.length < count / 4) await sleep(20);
      await first.stop();
      while ((await group.askMaster()) !== Number(new URL(second.url).port)) await sleep(50);
      while (smtp.mails.length < count / 2) await sleep(20);
      await group.stop();
      await untilAtRest(world, count);

      expect(await listBrokenPromises(world.db, smtp.mails)).toEqual([]);
      expect(smtp.mails).toHaveLength(count);
    },
    timeoutMs,
  );
});

// Redis loses everything, and goes away, in the middle of a day: the queue only wakes, and no mail depends on it.
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterEach, expect, inject, test } from 'vitest';
import { createQueue } from '../../src/platform/queue.ts';
import { deliver, keepPlanning, plan } from '../../src/service/jobs.ts';
import { utcDay } from '../../src/text/days.ts';
import { listBrokenPromises } from '../support/broken-promises.ts';
import { subscribeCrowd } from '../support/crowd.ts';
import { faultSize } from '../support/fault-sizes.ts';
import { describeWith } from '../support/needs.ts';
import { type SmtpCatcher, startSmtpCatcher } from '../support/smtp-catcher.ts';
import { runSql } from '../support/sql.ts';
import { startRedis } from '../support/start-redis.ts';
import { wireDelivery } from '../support/wire-delivery.ts';
import { createWorld, expertPaper, type World } from '../support/world.ts';

const readers = faultSize('READERS');
/** How long the readers' hours take to come round. */
const dayMs = 8000 + readers;
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
  const wakeDelivery = () => queue.enqueue('deliver').catch(ignore);
  const stopping = new AbortController();
  queue.startWorker(
    'plan',
    () => plan({ db, topics, promises, unknownPolicy: 'leave', departedDays: 365, wakeDelivery, now, log }),
    ignore,
  );
  queue.startWorker('deliver', () => deliver(deps, stopping.signal), ignore);
  closers.push(() => queue.close());
  closers.push(keepPlanning(queue, { onError: ignore, everyMs: 300 }));
  closers.push(() => stopping.abort());
}

describeWith('redis-server', 'Redis', () => {
  test(
    'that forgets everything, and is away for a second, costs no mail and doubles none',
    async () => {
      const program = inject('externalPrograms')['redis-server'] ?? '';
      let redis = await startRedis(program);
      closers.push(() => redis.stop());
      const { url } = redis;
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
      await startProcess(world, smtp, url);
      await startProcess(world, smtp, url);

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
      const isAtRest = async () =>
        (await world.db.delivery.count()) === readers &&
        (await world.db.delivery.count({ where: { finishedAt: null } })) === 0;
      while (!(await isAtRest())) await sleep(100);

      expect(await listBrokenPromises(world.db, smtp.mails)).toEqual([]);
      expect(smtp.mails).toHaveLength(readers);
    },
    300_000 + dayMs * 10,
  );
});

// Limits of a mail server by the minute, hour and day: counted for all workers, across restarts, and told once.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deliverDue } from '../../src/delivery/deliver.ts';
import type { Mailer } from '../../src/smtp/mailer.ts';
import { createMailer } from '../../src/smtp/mailer.ts';
import { createMailerGroup } from '../../src/smtp/mailer-group.ts';
import { createQuota, decide, type WindowLimit } from '../../src/smtp/quota.ts';
import { openPostOffice, type PostOffice } from '../support/post-office.ts';
import { expertPaper } from '../support/world.ts';

const [minute, hour] = [60, 3600];
let post: PostOffice;
const mailers: Mailer[] = [];
beforeEach(async () => {
  post = await openPostOffice();
  await post.list('2026-03-02', [expertPaper('translation')]);
});
afterEach(async () => {
  for (const mailer of mailers.splice(0)) mailer.close();
  await post.close();
});

type Full = { server: string; limit: string; until: Date };

/** A worker of its own, as it is after a start. */
function openWorker(limits: WindowLimit[], server = 'one'): { deliver(): Promise<number>; fulls: Full[] } {
  const fulls: Full[] = [];
  const mailer = createMailerGroup(
    [
      {
        name: server,
        weight: 1,
        mailer: createMailer({ smtpUrl: post.smtp.smtpUrl, connections: 2, now: post.now }),
        reserve: async (count) => count,
        quota: createQuota({ db: post.db, now: post.now }, { server, limits }),
      },
    ],
    { now: post.now, random: Math.random, onTrouble: () => {}, onFull: (full) => fulls.push(full) },
  );
  mailers.push(mailer);
  return { deliver: async () => (await deliverDue({ ...post.deps, mailer })).accepted, fulls };
}

async function subscribeMany(count: number) {
  for (let n = 0; n < count; n += 1) await post.subscribe(`reader${n}@example.org`);
  await post.db.delivery.deleteMany({ where: { kind: 'confirmation' } });
}

const given = async (windowSeconds: number) =>
  (await post.db.sentCount.aggregate({ where: { windowSeconds }, _sum: { sent: true } }))._sum.sent;

describe('a limit by the hour', () => {
  const limits = [{ count: 12, seconds: hour }];

  test('lets so many leave, from all workers, and the rest when the hour is over', async () => {
    await subscribeMany(30);
    const [one, other] = [openWorker(limits), openWorker(limits)];
    expect((await one.deliver()) + (await other.deliver())).toBe(12);
    // A worker that was started anew knows.
    expect(await openWorker(limits).deliver()).toBe(0);
    expect(await post.db.delivery.count({ where: { state: 'planned' } })).toBe(18);
    post.pass(59 * 60_000);
    expect(await one.deliver()).toBe(0);
    post.pass(2 * 60_000);
    expect(await one.deliver()).toBe(12);
    post.pass(62 * 60_000);
    expect(await one.deliver()).toBe(6);
    expect(post.smtp.mails).toHaveLength(30);
  });

  test('is told once, with the time from when on the rest leaves', async () => {
    await subscribeMany(14);
    const worker = openWorker(limits);
    const begunAt = post.now();
    for (let times = 0; times < 3; times += 1) {
      await worker.deliver();
      post.pass(10_000);
    }
    expect(worker.fulls).toEqual([{ server: 'one', limit: '12 in an hour', until: expect.any(Date) }]);
    const waits = (worker.fulls[0]?.until.getTime() ?? 0) - begunAt.getTime();
    expect(waits / 60_000).toBeGreaterThan(60);
    expect(waits / 60_000).toBeLessThan(62);
  });

  test('counts what was sent, and nothing that was only asked for', async () => {
    await subscribeMany(3);
    const worker = openWorker(limits);
    for (let times = 0; times < 5; times += 1) await worker.deliver();
    expect(await given(hour)).toBe(3);
  });

  test('is a server’s own', async () => {
    await subscribeMany(20);
    expect(await openWorker(limits, 'one').deliver()).toBe(12);
    expect(await openWorker(limits, 'two').deliver()).toBe(8);
  });
});

describe('the tightest of several limits', () => {
  const now = new Date('2026-03-02T09:00:30Z');
  const limits = [
    { count: 10, seconds: minute },
    { count: 100, seconds: hour },
  ];
  const slice = (windowSeconds: number, at: string, sent: number) => ({
    windowSeconds,
    sliceAt: new Date(`2026-03-02T${at}Z`),
    sent,
  });

  test('decides', () => {
    expect(decide({ limits, slices: [], count: 50, now })).toEqual({
      granted: 10,
      fullUntil: null,
      limit: limits[0],
    });
    const slices = [slice(hour, '08:10:00', 60), slice(hour, '08:20:00', 36), slice(minute, '09:00:10', 2)];
    expect(decide({ limits, slices, count: 50, now })).toEqual({
      granted: 4,
      fullUntil: new Date('2026-03-02T09:11:00Z'),
      limit: limits[1],
    });
    expect(decide({ limits, slices, count: 3, now })).toEqual({ granted: 3, fullUntil: null, limit: null });
  });

  test('forgets what lies before its window, and never more than was sent in it', () => {
    const slices = [slice(minute, '08:59:29', 10), slice(hour, '07:50:00', 100)];
    expect(decide({ limits, slices, count: 10, now })).toMatchObject({ granted: 10 });
    const touching = [slice(minute, '08:59:30', 10)];
    expect(decide({ limits, slices: touching, count: 10, now })).toMatchObject({ granted: 0 });
  });
});

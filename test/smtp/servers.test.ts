// Several workers and one mail server: what one learned all know, and together they hold no more than the server takes.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createMailer, type SharedMailer } from '../../src/smtp/mailer.ts';
import { createMailerGroup } from '../../src/smtp/mailer-group.ts';
import { watchServer } from '../../src/smtp/servers/health.ts';
import { createServerShare, type ServerShare, shareOf } from '../../src/smtp/servers/shares.ts';
import { listServerStates } from '../../src/smtp/servers/states.ts';
import { takesConnections, takesMailsPerSession } from '../support/server-habits.ts';
import { type SmtpCatcher, startSmtpCatcher } from '../support/smtp-catcher.ts';
import { createWorld, type World } from '../support/world.ts';

type Worker = { share: ServerShare; one: SharedMailer; send(count: number): Promise<string[]> };

let world: World;
let smtp: SmtpCatcher;
let now: Date;
const workers: Worker[] = [];
beforeEach(async () => {
  [world, smtp] = await Promise.all([createWorld(), startSmtpCatcher()]);
  now = new Date('2026-03-02T09:00:00Z');
});
afterEach(async () => {
  for (const { one } of workers.splice(0)) one.close();
  await smtp.close();
  await world.close();
});

async function startOne(worker: string, windows = [{ count: 500, seconds: 60 }]): Promise<Worker> {
  const clock = () => now;
  const watch = watchServer(clock);
  const facts = { server: 'me@odd', name: 'odd', worker, configured: 5, perSecond: null, windows };
  const share = createServerShare({ db: world.db, now: clock, health: watch.health }, facts, () => one);
  const one = createMailer({
    smtpUrl: smtp.smtpUrl,
    connections: 5,
    now: clock,
    shared: share,
    onLimits: (limits) => share.learn(limits),
  });
  const mailer = createMailerGroup(
    [{ name: 'odd', mailer: watch.watch(one), weight: 1, reserve: async (count) => count }],
    { now: clock, random: () => 0.5, onTrouble: watch.fail },
  );
  await share.look();
  const raw = Buffer.from('Subject: hello\r\n\r\nhello\r\n');
  const send = async (count: number) => {
    const results = await Promise.all(
      Array.from({ length: count }, (_, n) =>
        mailer.send({ envelope: { from: 'digest@example.org', to: `r${n}@example.org` }, raw }),
      ),
    );
    return [...new Set(results.map(({ type }) => type))];
  };
  workers.push({ share, one, send });
  return { share, one, send };
}

const passSeconds = (seconds: number) => {
  now = new Date(now.getTime() + seconds * 1000);
};
async function lookAll() {
  for (const { share } of workers) await share.look();
  passSeconds(1);
}
const held = () => workers.map(({ one }) => one.count().held);

test('what one learned the others know, and each has its part', async () => {
  const { habit, script } = takesConnections(4, { line: '421 4.7.0 too many connections' });
  smtp.behave(script);
  const ada = await startOne('ada');
  expect(await ada.send(40)).toEqual(['accepted']);
  expect(habit.refused).toBe(1);
  await lookAll();
  // One that begins has nothing until the other has given it up.
  const grace = await startOne('grace');
  expect(held()).toEqual([4, 0]);
  await lookAll();
  await lookAll();
  expect(held()).toEqual([2, 2]);
  const sent = await Promise.all([ada.send(60), grace.send(60)]);
  expect(sent).toEqual([['accepted'], ['accepted']]);
  expect(habit.refused).toBe(1);
  expect(smtp.mails).toHaveLength(160);
  // And one that ends leaves its part.
  await grace.share.leave();
  grace.one.close();
  workers.pop();
  await lookAll();
  expect(held()).toEqual([4]);
});

test('one connection more is tried by one worker, and kept by all when it is taken', async () => {
  const { habit, script } = takesConnections(3, { line: '421 4.7.0 too many connections' });
  smtp.behave(script);
  const ada = await startOne('ada');
  await ada.send(40);
  await lookAll();
  await startOne('grace');
  await lookAll();
  await lookAll();
  for (const { send } of workers) await send(20);
  habit.most = 5;
  for (const seconds of [25, 25, 12]) {
    passSeconds(seconds);
    await lookAll();
  }
  const before = held().reduce((total, each) => total + each);
  await Promise.all(workers.map(({ send }) => send(30)));
  expect(held().reduce((total, each) => total + each)).toBe(before + 1);
  await lookAll();
  expect(await world.db.serverLimit.findFirst()).toMatchObject({ connections: 4 });
  // The two beyond the three, when nothing was known.
  expect(habit.refused).toBe(2);
});

test('fewer connections than workers are had by turns', () => {
  const all = ['a', 'b', 'c'];
  const at = (minutes: number) =>
    all.map((worker) => shareOf({ total: 1, worker, all, now: new Date(minutes * 60_000) }));
  expect([at(0), at(1), at(2)]).toEqual([
    [1, 0, 0],
    [0, 0, 1],
    [0, 1, 0],
  ]);
  expect(all.map((worker) => shareOf({ total: 8, worker, all, now: new Date(0) }))).toEqual([3, 3, 2]);
});

test('how many mails a session takes is learned once', async () => {
  const { habit, script } = takesMailsPerSession(3, { line: '421 4.7.0 too many messages' });
  smtp.behave(script);
  const ada = await startOne('ada');
  await ada.send(40);
  await ada.share.look();
  const before = habit.refused;
  const grace = await startOne('grace');
  expect(await grace.send(40)).toEqual(['accepted']);
  expect(habit.refused).toBe(before);
});

test('what is told of a server is in the database, whoever asks: its last words, since when, limits, answers', async () => {
  const ada = await startOne('ada');
  await ada.send(5);
  await world.db.sentCount.create({
    data: { server: 'me@odd', windowSeconds: 60, sliceAt: now, sent: 5 },
  });
  await ada.share.look();
  expect(await listServerStates(world.db, now)).toMatchObject([
    {
      name: 'odd',
      condition: 'well',
      workers: { alive: 1, paused: 0 },
      connections: { configured: 5, open: 5, learned: null },
      limits: [{ limit: '500 in a minute', used: 5 }],
      latencyMs: expect.any(Number),
    },
  ]);
  smtp.behave((stage) =>
    stage === 'MAIL' ? { type: 'reply', line: '550 5.7.1 <me@example.org> is blocked' } : null,
  );
  await ada.send(1);
  const began = now;
  await ada.share.look();
  const [told] = await listServerStates(world.db, now);
  expect(told?.lastError).toMatch(/blocked/);
  expect(told?.lastError).not.toContain('me@example.org');
  passSeconds(3600);
  expect(await listServerStates(world.db, now)).toMatchObject([
    { condition: 'no worker', workers: { alive: 0 }, lastErrorAt: began, seenAt: began },
  ]);
});

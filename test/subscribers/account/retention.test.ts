// What is kept of people who do not read, and how long.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { forgetOld } from '../../../src/subscribers/account/retention.ts';
import { unsubscribe } from '../../../src/subscribers/account/unsubscribe.ts';
import { defaultPreferences } from '../../../src/subscribers/preferences/preferences.ts';
import { confirm } from '../../../src/subscribers/sign-up/confirm.ts';
import { requestSignUp } from '../../../src/subscribers/sign-up/sign-up.ts';
import { listSuppressed } from '../../../src/subscribers/store.ts';
import {
  importSuppressions,
  writeHead,
  writeSuppression,
} from '../../../src/subscribers/suppressions/suppression-file.ts';
import {
  liftSuppressions,
  listSuppressions,
} from '../../../src/subscribers/suppressions/suppression-store.ts';
import { ada, alan, consent, createWorld, grace, type World } from '../../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const pass = (days: number) => {
  world.clock.now = new Date(world.clock.now.getTime() + days * 24 * 60 * 60 * 1000);
};
const sweep = (departedDays = 100) => forgetOld({ db: world.db, now: world.now() }, { departedDays });
const readers = async () =>
  (await world.db.subscriber.findMany({ orderBy: { email: 'asc' } })).map(({ email }) => email);

test('who never confirmed is forgotten after two weeks, with what they searched for', async () => {
  await world.subscribe(ada, { keywords: ['kept'] });
  // Of before sign-ups had rows of their own, with their choices.
  await world.db.subscriber.create({
    data: {
      email: grace,
      emailKey: grace,
      createdAt: world.now(),
      keywords: { create: { position: 0, query: { create: { text: 'only grace' } } } },
    },
  });
  await world.signUp(alan, { keywords: ['only alan'] });
  await world.db.subscriber.updateMany({ data: { createdAt: world.now() } });
  pass(13.9);
  expect(await sweep()).toEqual({ signUps: 0, subscribers: 0 });
  pass(0.2);
  expect(await sweep()).toEqual({ signUps: 1, subscribers: 2 });
  expect(await readers()).toEqual([ada]);
  expect((await world.db.keywordQuery.findMany()).map(({ text }) => text)).toEqual(['kept']);
  // The reader's own sign-up is the record of their consent.
  expect(await world.db.signUp.findMany()).toMatchObject([{ email: ada, confirmedAt: expect.any(Date) }]);
});

test('who asked again has two weeks from then', async () => {
  await world.signUp(alan);
  await world.db.subscriber.updateMany({ data: { createdAt: world.now() } });
  pass(10);
  await world.signUp(alan);
  pass(6);
  expect(await sweep()).toEqual({ signUps: 1, subscribers: 0 });
  await confirm(world, await world.confirmToken(alan));
  expect(await world.find(alan)).toMatchObject({ status: 'active' });
});

test('who left is forgotten after the days that the operator keeps them, and no reader ever is', async () => {
  await world.subscribe(grace);
  const { id } = await world.subscribe(ada);
  await unsubscribe(world, id);
  pass(99);
  expect(await sweep()).toEqual({ signUps: 0, subscribers: 0 });
  pass(2);
  expect(await sweep(365)).toEqual({ signUps: 0, subscribers: 0 });
  expect(await sweep()).toEqual({ signUps: 0, subscribers: 1 });
  expect(await readers()).toEqual([grace]);
  expect(await world.db.signUp.count()).toBe(1);
  expect(await world.db.delivery.count({ where: { subscriberId: id } })).toBe(0);
  pass(4000);
  expect(await sweep()).toEqual({ signUps: 0, subscribers: 0 });
});

test('who left and asks to come back is kept until that is over, answered yet or not', async () => {
  const { id } = await world.subscribe(ada);
  await unsubscribe(world, id);
  pass(200);
  await requestSignUp(world, { email: 'Ada@example.org', preferences: defaultPreferences, consent });
  expect(await sweep()).toEqual({ signUps: 0, subscribers: 0 });
  pass(15);
  expect(await sweep()).toEqual({ signUps: 1, subscribers: 1 });
});

test('a barred address stays barred', async () => {
  const { id } = await world.subscribe(ada);
  await unsubscribe(world, id);
  await world.db.suppression.create({ data: { emailKey: ada, cause: 'complaint', reason: 'complaint' } });
  pass(101);
  await sweep();
  expect(await world.db.subscriber.count()).toBe(0);
  // By a hash: the address is in no row any more.
  const [entry] = await listSuppressions(world.db, { after: '', limit: 10 });
  expect(entry).toMatchObject({ email: expect.stringMatching(/^address:[0-9a-f]{32}$/), cause: 'complaint' });
  expect(await listSuppressed(world.db, ['Ada@example.org', 'ada+tag@example.org'])).toEqual(
    new Set(['Ada@example.org']),
  );

  // A list that is taken elsewhere takes it along, and its address lifts it.
  await world.db.suppression.deleteMany();
  const chunks = (async function* () {
    if (entry !== undefined) yield writeHead('csv') + writeSuppression(entry, 'csv');
  })();
  const deps = { db: world.db, now: world.now(), onRefused: () => {} };
  expect(await importSuppressions(deps, { chunks, format: 'csv' })).toMatchObject({ added: 1, refused: 0 });
  expect(await listSuppressed(world.db, [ada])).toEqual(new Set([ada]));
  expect(await liftSuppressions(world.db, { filter: { email: ada }, now: world.now() })).toBe(1);
  expect(await listSuppressed(world.db, [ada])).toEqual(new Set());
});

test('many are forgotten a few at a time', async () => {
  await world.db.subscriber.createMany({
    data: Array.from({ length: 30 }, (_, n) => ({
      email: `never-${n}@example.org`,
      emailKey: `never-${n}@example.org`,
      createdAt: world.now(),
    })),
  });
  pass(15);
  expect(await sweep()).toMatchObject({ subscribers: 25 });
  expect(await sweep()).toMatchObject({ subscribers: 5 });
});

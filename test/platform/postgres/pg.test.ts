// One connection, one statement at a time.
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lockSubscriber } from '../../../src/subscribers/store.ts';
import { ada, createWorld, type World } from '../../support/world.ts';

let world: World;
const warnings: string[] = [];
const keep = ({ message }: Error) => warnings.push(message);

beforeAll(async () => {
  // Told once in a process: whoever asks first must be heard.
  process.on('warning', keep);
  world = await createWorld();
});

afterAll(async () => {
  process.off('warning', keep);
  await world.close();
});

test('a reader with all that belongs to them is loaded in a transaction, and pg has nothing to warn of', async () => {
  const { id } = await world.subscribe(ada, { topics: ['llm-training'], keywords: ['diffusion'] });
  const found = await world.db.$transaction((tx) => lockSubscriber(tx, id));
  expect(found?.preferences).toMatchObject({ topics: ['llm-training'], keywords: ['diffusion'] });
  // Warnings come one turn later.
  await setTimeout(10);
  expect(warnings.filter((message) => message.includes('client.query'))).toEqual([]);
});

test('what is asked at once is answered in order, and what fails holds nothing up', async () => {
  const order: string[] = [];
  await world.db.$transaction(async (tx) => {
    const ask = (name: string, seconds: number) =>
      tx.$queryRaw`SELECT pg_sleep(${seconds})::text`.then(() => order.push(name));
    await Promise.all([ask('slow', 0.1), ask('quick', 0), ask('last', 0)]);
  });
  expect(order).toEqual(['slow', 'quick', 'last']);
  const broken = world.db.$transaction((tx) =>
    Promise.all([tx.$queryRaw`SELECT 1 / 0`, tx.$queryRaw`SELECT 1`]),
  );
  await expect(broken).rejects.toThrow(/division by zero/);
  expect(await world.db.$queryRaw`SELECT 1 AS one`).toEqual([{ one: 1 }]);
  await setTimeout(10);
  expect(warnings.filter((message) => message.includes('client.query'))).toEqual([]);
});

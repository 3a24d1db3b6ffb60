import { afterAll, expect, test } from 'vitest';
import { type KeptDatabase, takeDatabase } from './kept-database.ts';
import { runSql } from './sql.ts';

const taken: KeptDatabase[] = [];
afterAll(async () => {
  for (const { giveBack } of taken) await giveBack();
});

async function take(): Promise<KeptDatabase> {
  const database = await takeDatabase();
  taken.push(database);
  return database;
}

async function giveBack(database: KeptDatabase): Promise<void> {
  taken.splice(taken.indexOf(database), 1);
  await database.giveBack();
}

test('what is given back is taken again, without its rows, and counts from one', async () => {
  const first = await take();
  await first.db.topicGroup.create({ data: { id: 'ours', name: 'Ours', position: 1 } });
  await runSql(
    first.databaseUrl,
    "SELECT nextval(format('%I.%I', schemaname, sequencename)) FROM pg_sequences",
  );
  await giveBack(first);
  const next = await take();
  expect(next.databaseUrl).toBe(first.databaseUrl);
  expect(await next.db.topicGroup.count()).toBe(0);
  const counted = await runSql(next.databaseUrl, 'SELECT FROM pg_sequences WHERE last_value IS NOT NULL');
  expect(counted).toEqual([]);
});

test('what is given back twice is given to one test only', async () => {
  const first = await take();
  await first.giveBack();
  await giveBack(first);
  const [one, other] = [await take(), await take()];
  expect(one.databaseUrl).not.toBe(other.databaseUrl);
});

test('what has another shape than the migrations gave it is not', async () => {
  const first = await take();
  await runSql(first.databaseUrl, 'ALTER TABLE topic ADD COLUMN colour text');
  await giveBack(first);
  expect((await take()).databaseUrl).not.toBe(first.databaseUrl);
});

test('whoever still holds something of it is ended', async () => {
  const first = await take();
  const held = runSql(first.databaseUrl, 'BEGIN', 'LOCK TABLE topic', 'SELECT pg_sleep(60)');
  const ended = expect(held).rejects.toThrow('terminat');
  await new Promise((resolve) => setTimeout(resolve, 300));
  await giveBack(first);
  await ended;
});

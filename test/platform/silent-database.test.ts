// A database whose host is gone without a word, and whose address leads to another one: connections stay, and nobody answers
// on them.
import { expect, test } from 'vitest';
import { createDb } from '../../src/platform/postgres/db.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { startRelay } from '../support/relay.ts';

test('is given up for the one that took its address, and not for having been asked nothing', async ({
  onTestFinished,
}) => {
  const database = await createTestDatabase();
  onTestFinished(database.drop);
  const way = await startRelay(database.databaseUrl);
  onTestFinished(way.close);
  const db = createDb(way.url, 2, { silenceMs: 1500 });
  onTestFinished(() => db.$disconnect());
  await Promise.all([db.subscriber.count(), db.subscriber.count()]);
  // Time in which nothing was asked is no silence.
  await new Promise((resolve) => setTimeout(resolve, 2500));
  expect(await db.subscriber.count()).toBe(0);

  way.cutOff();
  await expect(db.subscriber.count()).rejects.toThrow();
  await db.$transaction((tx) => tx.subscriber.count()).catch(() => {});
  expect(await db.subscriber.count()).toBe(0);
});

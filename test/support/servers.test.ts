// The servers that other tests stand on: every test file gets data of its own, and nothing of it outlives the run.
import { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { launchChromium } from './chromium.ts';
import { describeWith } from './needs.ts';
import { createEmptyDatabase, createTestDatabase } from './postgres.ts';
import { createTestRedis } from './redis.ts';
import { runSql } from './sql.ts';

describe('PostgreSQL', () => {
  test('each database is migrated, empty and apart from the others', async () => {
    const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    expect(one.databaseUrl).not.toBe(other.databaseUrl);
    await runSql(
      one.databaseUrl,
      "INSERT INTO suppression (email_key, reason) VALUES ('ada@example.org', 'test')",
    );
    expect(await runSql(one.databaseUrl, 'SELECT email_key FROM suppression')).toHaveLength(1);
    expect(await runSql(other.databaseUrl, 'SELECT email_key FROM suppression')).toHaveLength(0);
    await Promise.all([one.drop(), other.drop()]);
    await expect(runSql(one.databaseUrl, 'SELECT 1')).rejects.toThrow('does not exist');
  });

  test('an empty database has no tables at all', async () => {
    const { databaseUrl, drop } = await createEmptyDatabase();
    expect(await runSql(databaseUrl, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).toEqual(
      [],
    );
    await drop();
  });
});

describeWith('redis-server', 'Redis', () => {
  test('each database is empty and apart from the others', async () => {
    const [one, other] = await Promise.all([createTestRedis(), createTestRedis()]);
    const connections = [new Redis(one.redisUrl), new Redis(other.redisUrl)] as const;
    await connections[0].set('paper', 'one');
    expect(await connections[1].get('paper')).toBeNull();
    await one.drop();
    expect(await connections[0].get('paper')).toBeNull();
    for (const connection of connections) connection.disconnect();
  });
});

describeWith('chromium', 'Chromium', () => {
  test('shows a page, with and without JavaScript', async () => {
    const browser = await launchChromium();
    const readTitle = async (javaScriptEnabled: boolean) => {
      const context = await browser.newContext({ javaScriptEnabled });
      const page = await context.newPage();
      await page.goto('data:text/html,<title>plain</title><script>document.title = "scripted"</script>');
      return page.title();
    };
    expect(await readTitle(true)).toBe('scripted');
    expect(await readTitle(false)).toBe('plain');
    await browser.close();
  });
});

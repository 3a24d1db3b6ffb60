import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBudgets } from '../../src/platform/budgets.ts';
import { createDb, type Db } from '../../src/platform/postgres/db.ts';
import { createTestDatabase } from '../support/postgres.ts';

let db: Db;
let drop: () => Promise<void>;
beforeAll(async () => {
  const database = await createTestDatabase();
  db = createDb(database.databaseUrl, 4);
  drop = async () => {
    await db.$disconnect();
    await database.drop();
  };
});
afterAll(() => drop?.());

const spendTimes = async (count: number, spend: () => Promise<{ isGranted: boolean }>) => {
  const answers = await Promise.all(Array.from({ length: count }, spend));
  return answers.filter(({ isGranted }) => isGranted).length;
};

describe('a budget', () => {
  test('is one for all processes, and a restart forgets nothing of it', async () => {
    const budget = { name: 'shared', points: 5, seconds: 600 };
    const spend = () => createBudgets(db).spend([{ budget, key: 'ada' }]);
    expect(await spendTimes(8, spend)).toBe(5);
    expect(await spend()).toEqual({ isGranted: false, retryAfterMs: expect.any(Number) });
  });

  test('is kept for each key, and for each name', async () => {
    const budgets = createBudgets(db);
    const budget = { name: 'per-key', points: 1, seconds: 600 };
    const spend = (key: string, name = budget.name) =>
      budgets.spend([{ budget: { ...budget, name }, key }]).then(({ isGranted }) => isGranted);
    expect([await spend('ada'), await spend('ada'), await spend('grace')]).toEqual([true, false, true]);
    expect(await spend('ada', 'another')).toBe(true);
  });

  test('begins anew when its window is over', async () => {
    const budgets = createBudgets(db);
    const spend = () => budgets.spend([{ budget: { name: 'short', points: 1, seconds: 1 }, key: 'ada' }]);
    expect((await spend()).isGranted).toBe(true);
    const refused = await spend();
    expect(refused.isGranted).toBe(false);
    await expect.poll(async () => (await spend()).isGranted, { timeout: 10_000 }).toBe(true);
  });

  test('of several, the first that is used up refuses, and what stands behind it is not spent', async () => {
    const budgets = createBudgets(db);
    const first = { name: 'first', points: 1, seconds: 600 };
    const second = { name: 'second', points: 2, seconds: 600 };
    const spend = () =>
      budgets.spend([
        { budget: first, key: 'ada' },
        { budget: second, key: 'ada' },
      ]);
    expect(await spendTimes(4, spend)).toBe(1);
    expect((await budgets.spend([{ budget: second, key: 'ada' }])).isGranted).toBe(true);
  });

  test('stores no key as it is', async () => {
    await createBudgets(db).spend([
      { budget: { name: 'secret', points: 1, seconds: 600 }, key: 'ada@example.org' },
    ]);
    const rows = await db.spentBudget.findMany({ where: { key: { startsWith: 'secret' } } });
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows.map(({ key }) => key))).not.toContain('ada');
  });

  test('is counted by each process where the database does not answer', async () => {
    const away = createDb('postgresql://nobody@127.0.0.1:1/none', 1);
    const budgets = createBudgets(away);
    const spend = () => budgets.spend([{ budget: { name: 'alone', points: 2, seconds: 600 }, key: 'ada' }]);
    expect(await spendTimes(4, spend)).toBe(2);
    await away.$disconnect();
  });
});

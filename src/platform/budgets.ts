// How often something may happen, counted in PostgreSQL: all processes together, and a restart forgets nothing.
import { createHash } from 'node:crypto';
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterPostgres,
  RateLimiterRes,
} from 'rate-limiter-flexible';
import type { Db } from './postgres/db.ts';

/** So many points per key within so many seconds, which begin with the first. `name` is part of what is stored. */
export type Budget = { name: string; points: number; seconds: number };

export type Spending = { budget: Budget; key: string };

export type Granted = { isGranted: true } | { isGranted: false; retryAfterMs: number };

export type Budgets = {
  /**
   * Spends a point of each, in order, up to the first that is used up. Keys are stored as hashes only. Where the database
   * does not answer, this process counts by itself.
   */
  spend(spendings: readonly Spending[]): Promise<Granted>;
};

const tableName = 'spent_budget';

/** Counted by this process alone: for what is to cost as little as a look at a page. */
export function createLocalBudgets(): Budgets {
  return spendFrom(({ name, points, seconds }) => {
    return new RateLimiterMemory({ keyPrefix: name, points, duration: seconds });
  });
}

export function createBudgets(db: Db): Budgets {
  // Over the connections that are there anyway, and without the names of prepared statements, which PgBouncer loses.
  const storeClient = {
    query: async ({ text, values }: { text: string; values: unknown[] }) => {
      const found = await db.$queryRawUnsafe<{ points: number; expire: bigint | null }[]>(text, ...values);
      // It subtracts a number from what it takes for one.
      const rows = found.map(({ points, expire }) => ({ points, expire: expire && Number(expire) }));
      return { rows, rowCount: rows.length };
    },
  };
  return spendFrom(({ name, points, seconds }) => {
    const settings = { keyPrefix: name, points, duration: seconds };
    return new RateLimiterPostgres({
      ...settings,
      storeClient,
      storeType: 'client',
      tableName,
      tableCreated: true,
      clearExpiredByTimeout: true,
      // Who is over the limit costs the database nothing until the window ends.
      inMemoryBlockOnConsumed: points + 1,
      insuranceLimiter: new RateLimiterMemory(settings),
    });
  });
}

function spendFrom(createLimiter: (budget: Budget) => RateLimiterAbstract): Budgets {
  const limiters = new Map<string, RateLimiterAbstract>();

  function limiterOf(budget: Budget): RateLimiterAbstract {
    const key = `${budget.name}:${budget.points}:${budget.seconds}`;
    const limiter = limiters.get(key) ?? createLimiter(budget);
    limiters.set(key, limiter);
    return limiter;
  }

  return {
    async spend(spendings) {
      for (const { budget, key } of spendings) {
        try {
          await limiterOf(budget).consume(hashKey(key));
        } catch (refusal) {
          if (!(refusal instanceof RateLimiterRes)) throw refusal;
          return { isGranted: false, retryAfterMs: refusal.msBeforeNext };
        }
      }
      return { isGranted: true };
    },
  };
}

/** A key may be an address: what is stored tells nobody whose. */
function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 22);
}

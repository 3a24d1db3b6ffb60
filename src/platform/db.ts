// PostgreSQL through Prisma.
import { PrismaPg } from '@prisma/adapter-pg';
import { Prisma, PrismaClient } from '../generated/prisma/client.ts';
import { utcDay } from '../text/days.ts';
import { UtcClient } from './pg.ts';

export type Db = PrismaClient;
/** What a store works on: the database, or one transaction of it. */
export type DbOrTransaction = Db | Prisma.TransactionClient;
export { Prisma };

/** On a busy machine a transaction waits and takes its time: late is better than an error page or a job that starts over. */
const transactionOptions = { maxWait: 30_000, timeout: 60_000 };

export function createDb(databaseUrl: string, maxConnections = 10): Db {
  return new PrismaClient({
    adapter: new PrismaPg({ connectionString: databaseUrl, max: maxConnections, Client: UtcClient }),
    transactionOptions,
  });
}

/** A calendar day as PostgreSQL's `date`, and back: YYYY-MM-DD without any time zone in between. */
export function toDateColumn(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}

export function fromDateColumn(column: Date): string {
  return utcDay(column);
}

/**
 * Of all that is due, a statement that takes the next few is to look at these only: left to itself, PostgreSQL sorts a
 * hundred thousand for each batch.
 */
export async function walkIndex<Rows>(
  db: DbOrTransaction,
  statement: (tx: Prisma.TransactionClient) => Promise<Rows>,
): Promise<Rows> {
  return db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true),
      set_config('enable_seqscan', 'off', true)`;
    return statement(tx);
  });
}

// Databases for tests: each call gives one of its own on the run's server.
import { randomBytes } from 'node:crypto';
import { askMadeOnce } from './made-once.ts';
import { runSql, withDatabase } from './sql.ts';

export type TestDatabase = {
  databaseUrl: string;
  /** Also ends connections that are still open. */
  drop: () => Promise<void>;
};

/** A database with all migrations applied and no rows. Make one per test file, in `beforeAll`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  return createDatabase((await askMadeOnce('postgres')).templateName);
}

/** A database without any table, for tests of the migrations themselves. */
export const createEmptyDatabase = (): Promise<TestDatabase> => createDatabase('template1');

async function createDatabase(template: string): Promise<TestDatabase> {
  const { adminUrl } = await askMadeOnce('postgres');
  // Half the time of the usual strategy, which writes all of the template into the log.
  const name = `test_${randomBytes(6).toString('hex')}`;
  await runSql(adminUrl, `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
  return {
    databaseUrl: withDatabase(adminUrl, name),
    drop: async () => {
      await runSql(adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

// SQL for the tests' own housekeeping: making, copying and dropping databases.
import { createPgClient } from '../../src/platform/postgres/pg.ts';

/** The same server's other database. */
export function withDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Runs statements one by one on a connection of their own; gives the last one's rows. */
export async function runSql(
  databaseUrl: string,
  ...statements: string[]
): Promise<Record<string, unknown>[]> {
  const client = createPgClient(databaseUrl);
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) rows = (await client.query(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

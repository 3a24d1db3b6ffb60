// A backup of the whole database as it was at one instant, while everything goes on: rows as PostgreSQL's COPY writes them, table after
// table, behind a head that says what is in it. Needs no program beside us: the embedded PostgreSQL has no pg_dump.
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { createPgClient } from '../postgres/pg.ts';
import { listColumns, listTables, quote, readMigrationNames, type Table } from './tables.ts';

export const backupFormat = 'paperround-backup/1';

/** The first line of a backup. */
export type BackupHead = { format: string; madeAt: string; migrations: string[]; tables: Table[] };

/** Each table: its name, its rows, and this. */
export const endOfTable = '\\.';

export type WrittenBackup = { madeAt: Date; tables: number };

/** Text, in pieces of any size. */
export async function* dumpDatabase(databaseUrl: string): AsyncGenerator<Buffer> {
  const client = createPgClient(databaseUrl);
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const { rows } = await client.query<{ now: Date }>('SELECT now() AS now');
    const head: BackupHead = {
      format: backupFormat,
      madeAt: (rows[0]?.now ?? new Date()).toISOString(),
      migrations: await readMigrationNames(client),
      tables: await listTables(client),
    };
    yield toBytes(JSON.stringify(head));
    for (const table of head.tables) {
      yield toBytes(table.name);
      yield* copyTable(client, table);
      yield toBytes(endOfTable);
    }
    yield toBytes(await writeSequences(client));
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}

function copyTable(client: pg.Client, table: Table): AsyncIterable<Buffer> {
  // Partitions are read through their table.
  return client.query(copyTo(`COPY (SELECT ${listColumns(table)} FROM ${quote(table.name)}) TO STDOUT`));
}

/** The last line: how far each number has come. */
async function writeSequences(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ name: string; value: string }>(`
    SELECT sequencename::text AS name, last_value::text AS value FROM pg_sequences
    WHERE schemaname = current_schema() AND last_value IS NOT NULL ORDER BY 1`);
  return JSON.stringify({ sequences: Object.fromEntries(rows.map(({ name, value }) => [name, value])) });
}

const toBytes = (line: string) => Buffer.from(`${line}\n`);

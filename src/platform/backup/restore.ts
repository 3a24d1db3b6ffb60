// A backup brought back into a database of the same version, wholly or not at all: what was there is replaced.
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { z } from 'zod';
import { ConfigError } from '../errors.ts';
import { createPgClient } from '../postgres/pg.ts';
import { type BackupHead, backupFormat, endOfTable } from './dump.ts';
import { listColumns, quote, readMigrationNames, type Table } from './tables.ts';

const headShape = z.object({
  format: z.literal(backupFormat),
  madeAt: z.string(),
  migrations: z.array(z.string()),
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()) })),
});
const lastShape = z.object({ sequences: z.record(z.string(), z.string().regex(/^\d+$/)) });

/**
 * Where others of our programs are connected from, a line each with how often; empty when nobody is. They have the name of this
 * connection, behind a pooler as well, which keeps it for minutes after they are gone.
 */
export async function listConnected(databaseUrl: string): Promise<string[]> {
  const client = createPgClient(databaseUrl);
  await client.connect();
  try {
    const { rows } = await client.query<{ address: string | null; count: number }>(`
      SELECT host(client_addr) AS address, count(*)::int AS count FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND application_name = current_setting('application_name')
      GROUP BY 1 ORDER BY 1`);
    return rows.map(({ address, count }) => `${count} from ${address ?? 'the same machine'}`);
  } finally {
    await client.end();
  }
}

/** `lines` without their ends. Throws ConfigError for what is no backup, or one of another version. */
export async function restoreDatabase(
  databaseUrl: string,
  {
    lines,
    onLines,
    gaps,
    afterwards,
  }: {
    lines: AsyncIterable<string>;
    /** Every few thousand of them. */
    onLines: (read: number) => void;
    /** By sequence: how many numbers are left out, since they were given to something after the backup. */
    gaps: Readonly<Record<string, number>>;
    /** In the same transaction. */
    afterwards: (client: pg.Client, head: BackupHead) => Promise<void>;
  },
): Promise<{ head: BackupHead; rows: number }> {
  const client = createPgClient(databaseUrl);
  await client.connect();
  try {
    await client.query('BEGIN');
    const iterator = lines[Symbol.asyncIterator]();
    let read = 0;
    const next = async () => {
      const { done, value } = await iterator.next();
      read += 1;
      if (read % linesPerTelling === 0) onLines(read);
      if (done) throw new ConfigError('The backup ends in the middle: it is not whole');
      return value;
    };
    const head = readHead(await next());
    checkVersion(head, await readMigrationNames(client));
    await client.query(`TRUNCATE ${head.tables.map(({ name }) => quote(name)).join(', ')} CASCADE`);
    let rows = 0;
    for (const table of head.tables) {
      if ((await next()) !== table.name)
        throw new ConfigError(`The backup is damaged before “${table.name}”`);
      rows += await fillTable(client, { table, next });
    }
    await setSequences(client, { last: await next(), gaps });
    await afterwards(client, head);
    await client.query('COMMIT');
    return { head, rows };
  } finally {
    // A connection that ends takes back what was not committed.
    await client.end();
  }
}

export function readHead(line: string): BackupHead {
  try {
    return headShape.parse(JSON.parse(line));
  } catch (cause) {
    throw new ConfigError('This is no backup that `backup` has written', { cause });
  }
}

function checkVersion({ migrations }: BackupHead, ours: string[]): void {
  const missing = migrations.filter((name) => !ours.includes(name));
  const more = ours.filter((name) => !migrations.includes(name));
  if (missing.length + more.length === 0) return;
  throw new ConfigError(
    missing.length > 0
      ? `The backup is of a newer version, with ${missing.at(-1)}: restore it with that one`
      : `The backup is of an older version, without ${more[0]}: restore it with that one into an empty database, and start this one on it`,
  );
}

const linesPerTelling = 5000;
const linesPerWrite = 500;

async function fillTable(
  client: pg.Client,
  { table, next }: { table: Table; next: () => Promise<string> },
): Promise<number> {
  const stream = client.query(copyFrom(`COPY ${quote(table.name)} (${listColumns(table)}) FROM STDIN`));
  // Told by `finished`; and a stream that is given up has nobody else to tell.
  stream.on('error', () => {});
  let rows = 0;
  let pending: string[] = [];
  const write = async () => {
    const text = pending.map((line) => `${line}\n`).join('');
    pending = [];
    if (text !== '' && !stream.write(text)) await Promise.race([once(stream, 'drain'), finished(stream)]);
  };
  try {
    for (let line = await next(); line !== endOfTable; line = await next()) {
      pending.push(line);
      rows += 1;
      if (pending.length === linesPerWrite) await write();
    }
    await write();
    stream.end();
    await finished(stream);
  } finally {
    stream.destroy();
  }
  return rows;
}

async function setSequences(
  client: pg.Client,
  { last, gaps }: { last: string; gaps: Readonly<Record<string, number>> },
): Promise<void> {
  const { sequences } = lastShape.parse(JSON.parse(last));
  for (const [name, value] of Object.entries(sequences))
    await client.query('SELECT setval($1::regclass, $2::bigint + $3::bigint)', [
      quote(name),
      value,
      gaps[name] ?? 0,
    ]);
}

// What a database has seen of the migrations in prisma/migrations, by Prisma's own table `_prisma_migrations`, against what this
// version of the program has.
import { hash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { ConfigError } from '../errors.ts';

export type Migration = { name: string; sql: string; checksum: string };
type Applied = { name: string; checksum: string; isDone: boolean };
/** Null: the database has no table of it. */
export type History = Applied[] | null;

/** `pending`: still to be applied. `ahead`: applied by a newer version, none of which is in this one's way. Oldest first. */
export type Standing = { pending: Migration[]; ahead: string[] };

/**
 * A migration of this name only adds what an older version does not know and does not miss: both work on the database at once.
 * A test holds every such one to it.
 */
export const isExpanding = (name: string): boolean => /^\d+_expand_/.test(name);

/** What is in prisma/migrations, oldest first. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: hash('sha256', sql) };
    }),
  );
}

export async function readHistory(client: pg.Client): Promise<History> {
  const { rows: tables } = await client.query(
    "SELECT to_regclass('_prisma_migrations') IS NOT NULL AS exist",
  );
  if (!tables[0].exist) return null;
  // What was rolled back is, to Prisma, as if it had never been tried.
  const { rows } = await client.query<Applied>(
    `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS "isDone"
     FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at, migration_name`,
  );
  return rows;
}

/** Throws ConfigError if the database's past is not these migrations', or beyond what this version can work with. */
export function compareHistory(history: History, migrations: Migration[]): Standing {
  const applied = new Map(history?.map((one) => [one.name, one]));
  const failed = history?.find(({ isDone }) => !isDone);
  if (failed !== undefined) {
    throw new ConfigError(
      `Migration ${failed.name} was begun on this database by another tool and not finished: undo by hand what it did, ` +
        `delete its row from the table _prisma_migrations, and start again`,
    );
  }
  const edited = migrations.find(({ name, checksum }) => {
    const before = applied.get(name);
    return before !== undefined && before.checksum !== checksum;
  });
  if (edited !== undefined) {
    throw new ConfigError(
      `Migration ${edited.name} was changed after this database had applied it: put back its migration.sql as it was, and ` +
        'write the change as a new migration (npx tsx prisma/diff.ts <name>)',
    );
  }
  const unknown = [...applied.keys()].filter((name) => migrations.every((one) => one.name !== name));
  const pending = migrations.filter(({ name }) => !applied.has(name));
  const inTheWay = unknown.filter((name) => !isExpanding(name));
  // One that has both is no older version, but another line of them.
  if (inTheWay.length > 0 || (unknown.length > 0 && pending.length > 0)) {
    throw new ConfigError(
      `The database has applied ${(inTheWay.length > 0 ? inTheWay : unknown).join(', ')}, which this version of Paperround ` +
        'does not have and cannot work beside: start the newer version that did so, or restore a backup from before',
    );
  }
  return { pending, ahead: unknown };
}

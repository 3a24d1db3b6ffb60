// A cluster of the embedded PostgreSQL, made once per run: initdb and the migrations take four seconds of a processor, a copy
// a tenth of a second.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/local/postgres/postgres.ts';
import { applyMigrations } from '../../src/platform/postgres/migrate.ts';
import { askMadeOnce, isMadeOnce } from './made-once.ts';
import { runSql } from './sql.ts';

export const prismaFolder = fileURLToPath(new URL('../../prisma', import.meta.url));
const migrationsFolder = join(prismaFolder, 'migrations');

/** A migrated database without a row, whose server is stopped. */
export async function makeCluster(): Promise<{ folder: string; remove: () => Promise<void> }> {
  // Not below the project: when root runs the tests, the server runs as another user, who may not enter that.
  const parent = await mkdtemp(join(tmpdir(), 'paperround-cluster-'));
  await chmod(parent, 0o755);
  const folder = join(parent, 'postgres');
  const { databaseUrl, stop } = await startEmbeddedPostgres({ folder, log: () => {} });
  // Only a crash of the whole machine may cost these data: nothing waits for the disk. (Without synchronous_commit a
  // killed server would forget what it had confirmed.)
  const settings = ['fsync', 'full_page_writes'];
  await runSql(databaseUrl, ...settings.map((name) => `ALTER SYSTEM SET ${name} = off`));
  // Every minute each of some sixty databases would be looked at, of which none lives long enough to need it.
  await runSql(databaseUrl, "ALTER SYSTEM SET autovacuum_naptime = '10min'");
  // Thousands of connections are made in a run, and nobody guesses at the password.
  const { password } = new URL(databaseUrl);
  await runSql(
    databaseUrl,
    'SET scram_iterations = 1',
    `ALTER ROLE CURRENT_USER PASSWORD ${pg.escapeLiteral(decodeURIComponent(password))}`,
  );
  await applyMigrations({ databaseUrl, folder: migrationsFolder });
  await stop();
  return { folder, remove: () => rm(parent, { recursive: true, force: true }) };
}

/** Puts a copy where the program would make its own cluster at the first start. Outside a test run that is left to it. */
export async function prepareCluster(folder: string): Promise<void> {
  if (!isMadeOnce()) return;
  await mkdir(dirname(folder), { recursive: true });
  await copyCluster((await askMadeOnce('cluster')).folder, folder);
}

/** With owners and modes, about which PostgreSQL is strict. */
export async function copyCluster(from: string, to: string): Promise<void> {
  const [code] = await once(spawn('cp', ['-Rp', from, to]), 'exit');
  if (code !== 0) throw new Error(`${from} could not be copied to ${to}`);
}

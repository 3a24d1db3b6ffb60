// A PostgreSQL server of a test's own, that can be made to fail as on a machine that loses its power.
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres } from '../../src/local/postgres/postgres.ts';
import { applyMigrations } from '../../src/platform/postgres/migrate.ts';
import { prismaFolder } from './cluster.ts';
import { runSql } from './sql.ts';

export type RestlessPostgres = {
  /** Migrated, and no rows. */
  databaseUrl: string;
  /** As `pg_ctl restart -m immediate`: what was committed is recovered, every connection is cut. Resolves when it serves again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
};

export async function startRestlessPostgres(): Promise<RestlessPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'paperround-restless-'));
  // When root runs the tests, the server runs as another user, who has to get in.
  await chmod(folder, 0o755);
  const cluster = join(folder, 'cluster');
  const { databaseUrl, stop } = await startEmbeddedPostgres({ folder: cluster, log: () => {} });
  await applyMigrations({ databaseUrl, folder: join(prismaFolder, 'migrations') });

  const readPid = async () =>
    Number.parseInt(await readFile(join(cluster, 'data', 'postmaster.pid'), 'utf8'), 10);
  return {
    databaseUrl,
    async restart() {
      const pid = await readPid();
      // The process that holds a lease of the server, this one, starts it again.
      process.kill(pid, 'SIGQUIT');
      for (;;) {
        await sleep(100);
        const isNew = (await readPid().catch(() => pid)) !== pid;
        if (isNew && (await runSql(databaseUrl, 'SELECT 1').catch(() => null)) !== null) return;
      }
    },
    async stop() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

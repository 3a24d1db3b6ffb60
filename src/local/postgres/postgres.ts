// A real PostgreSQL for whoever configured none: its programs come from npm, its data stays in one folder.
import { resolve } from 'node:path';
import { formatDatabaseUrl, roleName } from './cluster.ts';
import { openCluster } from './open.ts';
import { takeLease } from './server-lease.ts';

/** `stop` ends the server unless another process still uses it; calling it again changes nothing. */
export type EmbeddedPostgres = { databaseUrl: string; stop: () => Promise<void> };

/**
 * Starts PostgreSQL on `folder`, or joins the one that runs there: another command's, or what a killed process left
 * behind. Should it die meanwhile, it is started again under the same address. Throws ConfigError with a way out.
 */
export async function startEmbeddedPostgres(input: {
  folder: string;
  log: (message: string) => void;
}): Promise<EmbeddedPostgres> {
  const { log } = input;
  const cluster = await openCluster({ folder: resolve(input.folder), log });
  let lease = takeLease({ cluster, log, port: 0 });
  let stopping: Promise<void> | null = null;
  const { port } = await lease;

  const keepLease = async () => {
    for (;;) {
      await (await lease).gone;
      if (stopping !== null) return;
      log(`The PostgreSQL in ${cluster.folder} went away: starting it again`);
      lease = takeLease({ cluster, log, port });
      if ((await lease).port !== port) log('PostgreSQL came back under another port: start Paperround again');
    }
  };
  keepLease().catch((error: Error) => log(error.message));

  const endLease = async () => (await lease.catch(() => null))?.end();
  return {
    databaseUrl: formatDatabaseUrl({ cluster, port, database: roleName }),
    stop: () => {
      stopping ??= endLease();
      return stopping;
    },
  };
}

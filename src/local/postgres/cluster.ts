// A cluster is the folder of one embedded PostgreSQL: `data/` (what initdb makes), `password`, `postgres.log`.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../../platform/errors.ts';
import type { PostgresPrograms, SystemUser } from './programs.ts';
import { hasErrorCode } from './system.ts';

/** The name of the database role and of the database. */
export const roleName = 'paperround';

/** Everything that is needed to start and stop the server on a folder. `user` is null unless we are root. */
export type Cluster = {
  folder: string;
  password: string;
  programs: PostgresPrograms;
  user: SystemUser | null;
};

/** Whether there is a database in `folder`. Throws ConfigError if that is not ours to know. */
export async function holdsCluster(folder: string): Promise<boolean> {
  try {
    await stat(join(folder, 'data', 'PG_VERSION'));
    return true;
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return false;
    throw await explainAccess(folder, error);
  }
}

/** Throws ConfigError if it is missing or somebody else's. */
export async function readPassword(folder: string): Promise<string> {
  const path = join(folder, 'password');
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT')) throw await explainAccess(folder, error);
    throw new ConfigError(
      `${path} is missing, and without it nobody can log in to the database beside it: put it back, or move ` +
        `${folder} away to start with an empty database`,
    );
  }
}

async function explainAccess(folder: string, cause: unknown): Promise<ConfigError> {
  const owner = await stat(folder).catch(() => null);
  const whose = owner === null ? 'cannot be entered' : `belongs to the user with number ${owner.uid}`;
  return new ConfigError(
    `${folder} ${whose} (was the first start as root?): start as that user, or as root, or hand it over with ` +
      `"sudo chown -R $(id -u) ${folder}"`,
    { cause },
  );
}

/** The address of one of the cluster's databases. */
export function formatDatabaseUrl(input: { cluster: Cluster; port: number; database: string }): string {
  // Said outright, lest PGSSLMODE in somebody's environment asks a loopback server for TLS.
  return `postgresql://${roleName}:${input.cluster.password}@127.0.0.1:${input.port}/${input.database}?sslmode=disable`;
}

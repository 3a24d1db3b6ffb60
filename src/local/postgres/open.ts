// Opens the cluster of a folder, made there when there is none.
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Cluster, holdsCluster, readPassword } from './cluster.ts';
import { createCluster, removeLeftovers } from './create.ts';
import { findPostgresPrograms } from './programs.ts';
import { checkReach, findServerUser } from './system-user.ts';

/** Throws ConfigError if PostgreSQL is missing, or cannot use the folder, or that holds something else. */
export async function openCluster(input: {
  folder: string;
  log: (message: string) => void;
}): Promise<Cluster> {
  const { folder, log } = input;
  const programs = await findPostgresPrograms();
  const user = await findServerUser(join(folder, 'data'));
  await removeLeftovers(folder);
  if (!(await holdsCluster(folder))) {
    // What is there already is looked at where it cannot be started: each look costs a process or two.
    if (user !== null)
      await checkReach({ user, programs, folder: await findExistingFolder(dirname(folder)) });
    log(`First start: making a PostgreSQL database in ${folder}`);
    await createCluster({ folder, programs, user });
  }
  return { folder, programs, user, password: await readPassword(folder) };
}

// An empty folder in the cluster's place is replaced: its parent is what PostgreSQL has to enter.
async function findExistingFolder(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => null);
  return found !== null || dirname(folder) === folder ? folder : findExistingFolder(dirname(folder));
}

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
  if (user !== null) await checkReach({ user, programs, folder: await findReachFolder(folder) });
  await removeLeftovers(folder);
  if (!(await holdsCluster(folder))) {
    log(`First start: making a PostgreSQL database in ${folder}`);
    await createCluster({ folder, programs, user });
  }
  return { folder, programs, user, password: await readPassword(folder) };
}

// What PostgreSQL has to enter: the cluster, or the folder it will be made in. An empty folder in its place is replaced.
async function findReachFolder(folder: string): Promise<string> {
  return (await holdsCluster(folder)) ? folder : findExistingFolder(dirname(folder));
}

async function findExistingFolder(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => null);
  return found !== null || dirname(folder) === folder ? folder : findExistingFolder(dirname(folder));
}

// Finds the server that runs on a cluster's data, whoever started it.
import { randomUUID } from 'node:crypto';
import { readlink, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { type Cluster, formatDatabaseUrl } from './cluster.ts';
import { forgetServer, readServerNote } from './note.ts';
import { runProgram } from './programs.ts';
import { isAlive } from './system.ts';
import { handOver } from './system-user.ts';

/** A server that proved to run on the cluster. The caller ends `client`. */
export type RunningServer = { type: 'running'; client: pg.Client; port: number };
/** `busy`: it is ours, and starts up, shuts down or hangs. */
export type FoundServer = RunningServer | { type: 'busy'; pid: number } | { type: 'none' };

/** Looks for the server that runs on the cluster's data, whoever started it. Clears away what a crash left behind. */
export async function findServer(cluster: Cluster): Promise<FoundServer> {
  const note = await readServerNote(cluster);
  if (note === null || !isAlive(note.pid)) return { type: 'none' };
  const where = await findWorkingFolder(note.pid);
  const isOurs = where.type === 'known' && (await isSameFolder(where.folder, join(cluster.folder, 'data')));
  if (!isOurs && where.type !== 'unknown') {
    forgetServer(cluster, note.text);
    return { type: 'none' };
  }
  const client = note.port === null ? null : await connect(cluster, note.port);
  if (client !== null && note.port !== null) {
    if (await runsOn(cluster, client)) return { type: 'running', client, port: note.port };
    void client.end();
  }
  // Where the system does not tell whose process it is, PostgreSQL looks itself before it starts.
  return isOurs ? { type: 'busy', pid: note.pid } : { type: 'none' };
}

async function connect(cluster: Cluster, port: number): Promise<pg.Client | null> {
  const connectionString = formatDatabaseUrl({ cluster, port, database: 'postgres' });
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 });
  // Without a listener, a lost connection would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch {
    return null;
  }
}

// A copied folder carries the same password and the same postmaster.pid as its original, and the port may be the
// original's. So the server has to read back what was just written into this folder.
async function runsOn(cluster: Cluster, client: pg.Client): Promise<boolean> {
  const proof = randomUUID();
  const file = join(cluster.folder, `proof-${proof}`);
  await writeFile(file, proof, { mode: 0o600 });
  await handOver(file, cluster.user);
  try {
    const { rows } = await client.query('SELECT pg_read_file($1, true) AS proof', [`../proof-${proof}`]);
    return rows[0]?.proof === proof;
  } catch {
    return false;
  } finally {
    await rm(file, { force: true });
  }
}

type WorkingFolder = { type: 'known'; folder: string } | { type: 'none' } | { type: 'unknown' };

// Every PostgreSQL process works in its data folder. This tells ours from a stranger that got its pid after a reboot,
// another PostgreSQL included. `none`: it ended, and its parent did not notice (as in containers without an init).
async function findWorkingFolder(pid: number): Promise<WorkingFolder> {
  if (process.platform === 'linux') {
    return readlink(`/proc/${pid}/cwd`).then(
      () => ({ type: 'known', folder: `/proc/${pid}/cwd` }),
      (error: NodeJS.ErrnoException) => ({ type: error.code === 'ENOENT' ? 'none' : 'unknown' }),
    );
  }
  if (process.platform !== 'darwin') return { type: 'unknown' };
  const args = ['-a', '-p', String(pid), '-d', 'cwd', '-Fn'];
  const listed = await runProgram({ program: '/usr/sbin/lsof', args, folder: '/', user: null }).catch(
    () => null,
  );
  const folder = listed?.output.match(/^n(.+)$/m)?.[1];
  return folder === undefined ? { type: 'unknown' } : { type: 'known', folder };
}

async function isSameFolder(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map((path) => stat(path).catch(() => null)));
  return a != null && b != null && a.dev === b.dev && a.ino === b.ino;
}

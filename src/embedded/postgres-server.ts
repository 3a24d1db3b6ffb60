// The server process on a cluster: finding the one that runs, starting one, stopping it.
import { randomUUID } from 'node:crypto';
import { readFileSync, unlinkSync } from 'node:fs';
import { open, readFile, readlink, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { type Cluster, handOver, isAlive, ROLE } from './postgres-cluster.ts';
import { runProgram } from './postgres-programs.ts';

/** A server that proved to run on the cluster. The caller ends `client`. */
export type RunningServer = { type: 'running'; client: pg.Client; port: number };
/** `busy`: it is ours, and starts up, shuts down or hangs. */
export type FoundServer = RunningServer | { type: 'busy'; pid: number } | { type: 'none' };

/** The address of one of the cluster's databases. */
export function formatDatabaseUrl(input: { cluster: Cluster; port: number; database: string }): string {
  // Said outright, lest PGSSLMODE in somebody's environment asks a loopback server for TLS.
  return `postgresql://${ROLE}:${input.cluster.password}@127.0.0.1:${input.port}/${input.database}?sslmode=disable`;
}

/** Looks for the server that runs on the cluster's data, whoever started it. Clears away what a crash left behind. */
export async function findServer(cluster: Cluster): Promise<FoundServer> {
  const note = await readServerNote(cluster);
  if (note === null) return { type: 'none' };
  const client = note.port === null ? null : await connect(cluster, note.port);
  if (client !== null && note.port !== null) {
    if (await runsOn(cluster, client)) return { type: 'running', client, port: note.port };
    await client.end().catch(() => {});
  }
  if (!isAlive(note.pid)) return { type: 'none' };
  const where = await findWorkingFolder(note.pid);
  // Where the system does not tell, PostgreSQL looks itself before it starts.
  if (where.type === 'unknown') return { type: 'none' };
  if (where.type === 'known' && (await isSameFolder(where.folder, join(cluster.folder, 'data')))) {
    return { type: 'busy', pid: note.pid };
  }
  forgetServer(cluster, note.text);
  return { type: 'none' };
}

type ServerNote = { text: string; pid: number; port: number | null };

// postmaster.pid: line 1 is the process, line 4 the port (missing while it starts).
async function readServerNote(cluster: Cluster): Promise<ServerNote | null> {
  const text = await readFile(noteFile(cluster), 'utf8').catch(() => null);
  if (text === null) return null;
  const lines = text.split('\n');
  const pid = Number.parseInt(lines[0] ?? '', 10);
  const port = Number.parseInt(lines[3] ?? '', 10);
  return Number.isNaN(pid) ? null : { text, pid, port: Number.isNaN(port) ? null : port };
}

const noteFile = (cluster: Cluster) => join(cluster.folder, 'data', 'postmaster.pid');

async function connect(cluster: Cluster, port: number): Promise<pg.Client | null> {
  const connectionString = formatDatabaseUrl({ cluster, port, database: 'postgres' });
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 });
  // Without a listener, a lost connection would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch {
    await client.end().catch(() => {});
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

// In one breath: another start must not have put a new note there in between.
function forgetServer(cluster: Cluster, seenText: string): void {
  if (readFileSync(noteFile(cluster), 'utf8') === seenText) unlinkSync(noteFile(cluster));
}

// For a small machine. Durability stays on.
const SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '64MB',
  min_wal_size: '64MB',
  max_wal_size: '512MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  io_method: 'sync',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
};

/** What came of a start: `failed` tells the reason from the server's log. */
export type StartOutcome = { type: 'started' } | { type: 'failed'; reason: string };

/** Starts a server in a process group of its own, so that Ctrl-C in a terminal does not reach it. Port 0: any free one. */
export async function startServer(cluster: Cluster, wantedPort: number): Promise<StartOutcome> {
  const port = wantedPort === 0 ? await findFreePort() : wantedPort;
  const options = Object.entries({ port: String(port), ...SETTINGS }).map(
    ([name, value]) => `-c ${name}=${value}`,
  );
  const logStart = await rotateLog(cluster);
  const args = ['start', '-D', 'data', '-l', 'postgres.log', '-w', '-t', '60', '-o', options.join(' ')];
  const { code, output } = await runPgCtl(cluster, args);
  if (code === 0) return { type: 'started' };
  return { type: 'failed', reason: (await readReason(cluster, logStart)) ?? output };
}

/** Stops the server at once (open transactions are rolled back) and waits for its end. Null, or why it did not. */
export async function stopServer(cluster: Cluster): Promise<string | null> {
  const { code, output } = await runPgCtl(cluster, ['stop', '-D', 'data', '-m', 'fast', '-w', '-t', '60']);
  return code === 0 ? null : output;
}

function runPgCtl(cluster: Cluster, args: string[]) {
  // Relative paths: pg_ctl goes through a shell, and a folder's name may hold a `$` or a quote.
  return runProgram({ program: cluster.programs.pgCtl, args, folder: cluster.folder, user: cluster.user });
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = address !== null && typeof address === 'object' ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

const LOG_LIMIT_BYTES = 1_000_000;

const logFile = (cluster: Cluster) => join(cluster.folder, 'postgres.log');

// Answers where in the log the coming start will write.
async function rotateLog(cluster: Cluster): Promise<number> {
  const found = await stat(logFile(cluster)).catch(() => null);
  if (found === null || found.size < LOG_LIMIT_BYTES) return found?.size ?? 0;
  await rename(logFile(cluster), `${logFile(cluster)}.1`);
  return 0;
}

async function readReason(cluster: Cluster, from: number): Promise<string | null> {
  const log = await open(logFile(cluster)).catch(() => null);
  if (log === null) return null;
  try {
    const { size } = await log.stat();
    const { buffer, bytesRead } = await log.read(Buffer.alloc(Math.max(0, size - from)), 0, null, from);
    const lines = buffer.subarray(0, bytesRead).toString().split('\n');
    const told = lines.filter((line) => /(FATAL|PANIC|DETAIL|HINT):/.test(line));
    const last = told.length > 0 ? told : lines.filter((line) => line !== '').slice(-2);
    return last.map((line) => line.replace(/^.*? (?=[A-Z]+: )/, '')).join(' ') || null;
  } finally {
    await log.close();
  }
}

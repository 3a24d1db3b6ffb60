// Starts and stops the server process on a cluster.
import { open, rename, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Cluster } from './cluster.ts';
import { readServerNote } from './note.ts';
import { runProgram } from './programs.ts';
import { checkReach } from './system-user.ts';

const stopPatienceMs = 60_000;

// For a small machine. Durability stays on.
const settings: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '128MB',
  min_wal_size: '64MB',
  // So that planning a million readers does not wait for checkpoints.
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  // A page is logged whole when it is changed first after a checkpoint, and readers lie in no order: half of what a mail costs.
  wal_compression: 'on',
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
  const options = Object.entries({ port: String(port), ...settings }).map(
    ([name, value]) => `-c ${name}=${value}`,
  );
  const logStart = await rotateLog(cluster);
  const args = ['start', '-D', 'data', '-l', 'postgres.log', '-w', '-t', '60', '-o', options.join(' ')];
  // Where its user may not enter, not even pg_ctl starts.
  const { code, output } = await runPgCtl(cluster, args).catch(async (error: Error) => {
    await explainReach(cluster);
    throw error;
  });
  if (code === 0) return { type: 'started' };
  await explainReach(cluster);
  return { type: 'failed', reason: (await readReason(cluster, logStart)) ?? output };
}

/** Throws ConfigError where the server's user cannot get at what it needs. */
async function explainReach({ user, programs, folder }: Cluster): Promise<void> {
  if (user !== null) await checkReach({ user, programs, folder });
}

/** Stops the server at once (open transactions are rolled back) and waits for its end. Null, or why it did not. */
export async function stopServer(cluster: Cluster): Promise<string | null> {
  const pid = (await readServerNote(cluster))?.pid;
  const { code, output } = await runPgCtl(cluster, ['stop', '-D', 'data', '-m', 'fast', '-W']);
  if (code !== 0) return output;
  // pg_ctl would take the server that the next process starts for this one, and wait for that to end.
  const deadline = Date.now() + stopPatienceMs;
  while ((await readServerNote(cluster))?.pid === pid) {
    if (Date.now() > deadline) return `it still runs ${stopPatienceMs / 1000} s after it was told to`;
    await setTimeout(20);
  }
  return null;
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

const logLimitBytes = 1_000_000;

const logFile = (cluster: Cluster) => join(cluster.folder, 'postgres.log');

// Answers where in the log the coming start will write.
async function rotateLog(cluster: Cluster): Promise<number> {
  const found = await stat(logFile(cluster)).catch(() => null);
  if (found === null || found.size < logLimitBytes) return found?.size ?? 0;
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

// A data folder of the program's own kind, in the system's temporary folder, and the PostgreSQL that runs in it.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from './wait-for.ts';

export type DataFolder = {
  path: string;
  /** Of its PostgreSQL. */
  cluster: string;
  /** The process and the port of its PostgreSQL; null when none is noted there. */
  findServer(): { pid: number; port: number } | null;
  databaseUrl(): string;
  /** As a power cut would: the note of the process stays behind. */
  crashServer(): Promise<void>;
  /** Stops what still runs in it. */
  remove(): Promise<void>;
};

export function makeDataFolder(): DataFolder {
  const parent = mkdtempSync(join(tmpdir(), 'paperround-service-'));
  // Under root, another user runs PostgreSQL, and has to get in.
  chmodSync(parent, 0o755);
  const path = join(parent, 'data');
  const cluster = join(path, 'postgres');

  const findServer = () => {
    const [pid, , , port] = readText(join(cluster, 'data', 'postmaster.pid'))
      .split('\n')
      .map(Number);
    return pid && port ? { pid, port } : null;
  };
  const end = async (signal: NodeJS.Signals) => {
    const server = findServer();
    if (server === null || !isRunning(server.pid)) return;
    process.kill(server.pid, signal);
    await waitFor('PostgreSQL to end', () => !isRunning(server.pid));
  };

  return {
    path,
    cluster,
    findServer,
    databaseUrl: () =>
      `postgresql://paperround:${readText(join(cluster, 'password'))}@127.0.0.1:${findServer()?.port}/paperround`,
    crashServer: () => end('SIGKILL'),
    async remove() {
      await end('SIGQUIT');
      rmSync(parent, { recursive: true, force: true });
    },
  };
}

/** Asks ps: where nobody reaps orphans, signal 0 also reaches what has long ended. */
export function isRunning(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return /^[^Z]/.test(stdout.trim());
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

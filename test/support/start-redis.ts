// One Redis for the whole test run, on a free loopback port, that keeps nothing.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Each `createTestRedis()` takes one of them. */
const databaseCount = 1_000;

export type RedisServer = {
  url: string;
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  stop: () => Promise<void>;
};

type Options = {
  /** Any free one where it is left out. */
  port?: number;
  /** For its command line, after and above ours. */
  options?: string[];
};

/** Starts the given redis-server program; it also ends with this process, however that ends. */
export async function startRedis(
  program: string,
  { port: wantedPort, options: more = [] }: Options = {},
): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'paperround-redis-'));
  const port = wantedPort ?? (await findFreePort());
  const options = ['--save', '', '--appendonly', 'no', '--databases', String(databaseCount), '--dir', folder];
  const server = spawn(program, ['--port', String(port), '--bind', '127.0.0.1', ...options, ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = () => {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', kill);
  const ended = new Promise((resolve) => server.once('exit', resolve));
  await waitUntilReady(server);
  return {
    url: `redis://127.0.0.1:${port}`,
    signal: (signal) => server.kill(signal),
    stop: async () => {
      process.off('exit', kill);
      kill();
      await ended;
    },
  };
}

function waitUntilReady(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    server.stdout?.on('data', (chunk) => {
      output += String(chunk);
      if (output.includes('Ready to accept connections')) resolve();
    });
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`redis-server ended with code ${code}:\n${output}`)));
  });
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address !== null
          ? resolve(address.port)
          : reject(new Error('no port')),
      );
    });
  });
}

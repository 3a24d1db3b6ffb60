// The service as its operator runs it: started, looked into, interrupted, killed.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepareCluster } from './cluster.ts';
import { type DataFolder, makeDataFolder } from './data-folder.ts';
import { findFreePort } from './free-port.ts';
import type { Host } from './network.ts';
import {
  type Env,
  type Finished,
  fewTopics,
  type Launcher,
  launch,
  runCommand,
  signalGroup,
} from './program.ts';

export type Role = 'all' | 'web' | 'worker';

export type Service = {
  /** Of npm, where npm started it. */
  pid: number;
  stdout(): string;
  stderr(): string;
  ended: Promise<number | NodeJS.Signals>;
  /** Ctrl-C in its terminal: a signal to the whole group. Resolves with the exit code. */
  interrupt(): Promise<number | NodeJS.Signals>;
  /** kill -9 of the whole group. The embedded PostgreSQL is in another one. */
  kill(): Promise<void>;
};

/** One installation: a data folder and two ports, on which services come and go. */
export type Installation = {
  data: DataFolder;
  env: Env;
  siteUrl: string;
  inboxUrl: string;
  /** Resolves once it says that it is running; rejects with its last words if it ends before. */
  start(options?: { role?: Role; launcher?: Launcher; env?: Env }): Promise<Service>;
  run(args: string[], options?: { stdin?: string | Buffer; env?: Env }): Promise<Finished>;
  /** Interrupts what still runs. */
  stop(): Promise<void>;
  /** Kills what still runs, and removes the data. */
  remove(): Promise<void>;
};

/** Of a few topics, unless it is set otherwise. `isNew`: its PostgreSQL is made by the first start, as an operator's is. */
export async function makeInstallation(settings: Env = {}, { isNew = false } = {}): Promise<Installation> {
  const data = makeDataFolder();
  if (!isNew && settings.DATABASE_URL === undefined) await prepareCluster(data.cluster);
  const [port, inboxPort] = [await findFreePort(), await findFreePort()];
  const env: Env = {
    DATA_DIR: data.path,
    PORT: String(port),
    INBOX_PORT: String(inboxPort),
    TOPICS_FILE: fewTopics,
    ...settings,
  };
  const services: Service[] = [];
  return {
    data,
    env,
    siteUrl: env.BASE_URL ?? `http://localhost:${port}`,
    get inboxUrl() {
      return `http://localhost:${inboxPort}/${readInboxKey(join(data.path, 'inbox'))}`;
    },
    async start({ role = 'all', launcher = 'node', env: more = {} } = {}) {
      const args = role === 'all' ? ['start'] : ['start', '--role', role];
      const service = await startService(args, { env: { ...env, ...more }, launcher });
      services.push(service);
      await untilRunning(service);
      return service;
    },
    run: (args, { stdin, env: more = {} } = {}) =>
      runCommand(args, { env: { ...env, ...more }, ...(stdin === undefined ? {} : { stdin }) }),
    async stop() {
      for (const service of services) await service.interrupt();
    },
    async remove() {
      for (const service of services) await service.kill();
      await data.remove();
    },
  };
}

/** Made here where the service has not been started yet: it takes the one that is there. */
function readInboxKey(folder: string): string {
  const path = join(folder, 'key');
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(path, randomBytes(32).toString('hex'), { mode: 0o600 });
  }
  return readFileSync(path, 'utf8').trim();
}

/** Resolves when it is started, which is before it is running. */
export async function startService(
  args: string[],
  options: { env: Env; launcher: Launcher; on?: Host['on'] },
): Promise<Service> {
  const { child, stdout, stderr, ended } = await launch(args, options);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${options.launcher} could not be started`);
  return {
    pid,
    stdout,
    stderr,
    ended,
    interrupt() {
      signalGroup(pid, 'SIGINT');
      return ended;
    },
    async kill() {
      signalGroup(pid, 'SIGKILL');
      await ended;
    },
  };
}

/** Asks its output rather than a port: a worker has none. */
export async function untilRunning({ stdout, stderr, ended }: Service): Promise<void> {
  let isOver = false;
  const end = ended.then((exit) => {
    isOver = true;
    throw new Error(`the service ended (${exit}) before it was running:\n${stdout()}${stderr()}`);
  });
  const running = (async () => {
    while (!isOver && !stdout().includes('Paperround is running'))
      await new Promise((resolve) => setTimeout(resolve, 30));
  })();
  await Promise.race([running, end]);
  end.catch(() => {});
}

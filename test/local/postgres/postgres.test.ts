// The embedded PostgreSQL on real files and processes: starts, crashes, company.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../../src/local/postgres/postgres.ts';
import { forkScript } from '../../support/build.ts';
import { copyCluster, prepareCluster } from '../../support/cluster.ts';
import { runSql } from '../../support/sql.ts';
import { undoAll } from '../../support/undo-all.ts';

// Everything here writes tens of megabytes to the disk, which a busy machine takes its time for.
vi.setConfig({ testTimeout: 180_000 });

/** Where a test's own database goes. */
let parent: string;
let folder: string;
const started: { stop: () => Promise<void> }[] = [];

beforeEach(async () => {
  parent = await makeParent();
  folder = join(parent, 'postgres');
});

afterEach(async () => {
  const removeParent = () => rm(parent, { recursive: true, force: true });
  const stops = started.splice(0).reverse();
  await undoAll([removeParent, ...stops.map(({ stop }) => stop)]);
});

async function makeParent(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'paperround-embedded-'));
  // Under root, another user runs PostgreSQL, and has to get in.
  await chmod(path, 0o755);
  return path;
}

async function start(where: string): Promise<EmbeddedPostgres & { messages: string[] }> {
  const messages: string[] = [];
  const postgres = await startEmbeddedPostgres({ folder: where, log: (message) => messages.push(message) });
  started.push(postgres);
  return { ...postgres, messages };
}

/** Most tests start with a finished database. */
const useFinished = () => prepareCluster(folder);

/** Another process that uses `folder`. It ends with the test at the latest. */
async function startHolder(options: { detached: boolean } = { detached: false }) {
  const child = await forkScript('test/local/postgres/holder.ts', [folder], options);
  started.push({ stop: () => end(child, 'SIGKILL') });
  const [databaseUrl] = await once(child, 'message');
  return {
    child,
    databaseUrl: String(databaseUrl),
    leave: async () => {
      child.send('leave');
      await once(child, 'exit');
    },
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}

const readNote = () => readFile(join(folder, 'data/postmaster.pid'), 'utf8');

const readServerPid = async () => Number.parseInt(await readNote(), 10);

const readPort = (databaseUrl: string) => Number(new URL(databaseUrl).port);

// Asking ps: where nobody reaps orphans, signal 0 also reaches what has long ended.
const isRunning = (pid: number) =>
  /^[^Z]/.test(spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim());

async function waitUntil(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Ends the server as a power cut would. */
async function crashServer(): Promise<void> {
  const pid = await readServerPid();
  process.kill(pid, 'SIGKILL');
  await waitUntil(() => !isRunning(pid));
}

describe('starting', () => {
  test('the first start makes a database that only this user and this machine reach', async () => {
    const postgres = await start(folder);
    expect(postgres.messages).toEqual([`First start: making a PostgreSQL database in ${folder}`]);
    const settings = [
      'server_encoding',
      'listen_addresses',
      'unix_socket_directories',
      'fsync',
      'max_connections',
    ];
    const shown = await Promise.all(settings.map((name) => runSql(postgres.databaseUrl, `SHOW ${name}`)));
    expect(shown.map(([row]) => Object.values(row ?? {})[0])).toEqual(['UTF8', '127.0.0.1', '', 'on', '200']);
    expect((await stat(join(folder, 'password'))).mode & 0o777).toBe(0o600);
    const wrong = new URL(postgres.databaseUrl);
    wrong.password = 'wrong';
    await expect(runSql(wrong.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
  });

  test('an empty folder in the place of the database is no hindrance', async () => {
    await mkdir(folder, { mode: 0o700 });
    const postgres = await start(folder);
    expect(await runSql(postgres.databaseUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('a second start keeps the data', async () => {
    await useFinished();
    const first = await start(folder);
    await runSql(first.databaseUrl, 'CREATE TABLE kept (a int)', 'INSERT INTO kept VALUES (7)');
    const pid = await readServerPid();
    await first.stop();
    await waitUntil(() => !isRunning(pid));
    const second = await start(folder);
    expect(second.messages).toEqual([]);
    expect(await runSql(second.databaseUrl, 'SELECT a FROM kept')).toEqual([{ a: 7 }]);
  });

  test('a folder whose name needs quoting works', async () => {
    folder = join(parent, `it's a $HOME "folder"`);
    await useFinished();
    const postgres = await start(folder);
    expect(await runSql(postgres.databaseUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

describe('after a crash', () => {
  test('the server of a process that was killed with -9 is found, used and at last stopped', async () => {
    await useFinished();
    const holder = await startHolder();
    await runSql(holder.databaseUrl, 'CREATE TABLE kept (a int)');
    const pid = await readServerPid();
    await end(holder.child, 'SIGKILL');

    const next = await start(folder);
    expect(next.databaseUrl).toBe(holder.databaseUrl);
    expect(await runSql(next.databaseUrl, 'SELECT a FROM kept')).toEqual([]);
    await next.stop();
    await waitUntil(() => !isRunning(pid));
  });

  test('the port of the last server may be taken by someone else', async () => {
    await useFinished();
    const holder = await startHolder();
    await end(holder.child, 'SIGKILL');
    await crashServer();
    const port = readPort(holder.databaseUrl);
    const stranger = createServer((socket) => socket.end('220 not a database\r\n')).listen(port, '127.0.0.1');
    await once(stranger, 'listening');

    const next = await start(folder);
    expect(readPort(next.databaseUrl)).not.toBe(port);
    expect(await runSql(next.databaseUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    stranger.close();
  });

  test('a pid that was given to a stranger after a reboot does not block the start', async () => {
    await useFinished();
    const holder = await startHolder();
    await end(holder.child, 'SIGKILL');
    const note = await readNote();
    await crashServer();
    const { uid, gid } = await stat(folder);
    const stranger = spawn('sleep', ['60'], { cwd: '/', uid, gid });
    started.push({ stop: () => end(stranger, 'SIGKILL') });
    await writeFile(join(folder, 'data/postmaster.pid'), note.replace(/^\d+/, String(stranger.pid)));

    const next = await start(folder);
    expect(await runSql(next.databaseUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(isRunning(stranger.pid ?? 0)).toBe(true);
  });

  test('a first start that was killed half-way is done again, and its rest cleared away', async () => {
    const child = await forkScript('test/local/postgres/holder.ts', [folder]);
    const isInTheMiddle = async () => {
      const [draft] = await readdir(parent);
      return draft !== undefined && (await readdir(join(parent, draft, 'data')).catch(() => [])).length > 3;
    };
    await waitUntil(isInTheMiddle);
    await end(child, 'SIGKILL');

    const postgres = await start(folder);
    expect(await runSql(postgres.databaseUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await readdir(parent)).toEqual(['postgres']);
  });

  test('a server that dies while it is used comes back under the same address', async () => {
    await useFinished();
    const postgres = await start(folder);
    await runSql(postgres.databaseUrl, 'CREATE TABLE kept (a int)');
    await crashServer();
    await waitUntil(() =>
      runSql(postgres.databaseUrl, 'SELECT a FROM kept').then(
        () => true,
        () => false,
      ),
    );
    expect(postgres.messages).toEqual([`The PostgreSQL in ${folder} went away: starting it again`]);
  });
});

describe('company', () => {
  test('who joins does not stop the server when leaving', async () => {
    await useFinished();
    const holder = await startHolder();
    const pid = await readServerPid();
    const guest = await start(folder);
    expect(guest.databaseUrl).toBe(holder.databaseUrl);
    await guest.stop();
    expect(await runSql(holder.databaseUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await holder.leave();
    await waitUntil(() => !isRunning(pid));
  });

  test('who started the server does not stop it under others, and the last one does', async () => {
    await useFinished();
    const holder = await startHolder();
    const pid = await readServerPid();
    const guest = await start(folder);
    await holder.leave();
    expect(await runSql(guest.databaseUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await guest.stop();
    await waitUntil(() => !isRunning(pid));
  });

  test('first starts at once share one server, and leaving at once stops it', async () => {
    const both = await Promise.all([startHolder(), startHolder()]);
    expect(both[0].databaseUrl).toBe(both[1].databaseUrl);
    const pid = await readServerPid();
    await Promise.all(both.map(({ leave }) => leave()));
    await waitUntil(() => !isRunning(pid));
    expect(await readdir(parent)).toEqual(['postgres']);
  });

  test('who comes while the last one leaves gets a running server', async () => {
    await useFinished();
    for (let round = 0; round < 3; round++) {
      const first = await start(folder);
      const [next] = await Promise.all([start(folder), first.stop()]);
      expect(await runSql(next.databaseUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      await next.stop();
    }
  });

  test('a copy of a folder in use is a database of its own', async () => {
    await useFinished();
    const original = await start(folder);
    await runSql(original.databaseUrl, 'CHECKPOINT');
    await copyCluster(folder, join(parent, 'copy'));
    const copy = await start(join(parent, 'copy'));
    await runSql(copy.databaseUrl, 'CREATE TABLE only_in_copy ()');
    const [there] = await runSql(original.databaseUrl, "SELECT to_regclass('only_in_copy') AS found");
    expect(there).toEqual({ found: null });
  });

  test('Ctrl-C reaches the program, which finishes its work with the database before that stops', async () => {
    await useFinished();
    const holder = await startHolder({ detached: true });
    const pid = await readServerPid();
    const ended = once(holder.child, 'exit');
    process.kill(-(holder.child.pid ?? 0), 'SIGINT');
    expect(await ended).toEqual([0, null]);
    await waitUntil(() => !isRunning(pid));
    const next = await start(folder);
    expect(await runSql(next.databaseUrl, "SELECT to_regclass('drained')::text AS found")).toEqual([
      { found: 'drained' },
    ]);
  });
});

describe('refusing', () => {
  test.runIf(process.getuid?.() === 0)(
    'root is told which folder keeps PostgreSQL out, and nothing is made there',
    async () => {
      await chmod(parent, 0o700);
      await expect(start(folder)).rejects.toThrow(
        `cannot enter ${parent} (mode 0700): start Paperround as an ordinary`,
      );
      expect(await readdir(parent)).toEqual([]);
    },
  );

  test.runIf(process.getuid?.() === 0)('so is root whose database was there before', async () => {
    await useFinished();
    await chmod(parent, 0o700);
    await expect(start(folder)).rejects.toThrow(
      `user "postgres", who runs it instead, cannot enter ${parent} (mode 0700)`,
    );
  });

  test('a folder that holds something else is left as it is', async () => {
    await mkdir(folder);
    await writeFile(join(folder, 'thesis.tex'), 'years of work');
    await expect(start(folder)).rejects.toThrow(/holds something else: move that away/);
    expect(await readFile(join(folder, 'thesis.tex'), 'utf8')).toBe('years of work');
    expect(await readdir(parent)).toEqual(['postgres']);
  });

  test('a server that does not start is reported with its own reason', async () => {
    await useFinished();
    await rm(join(folder, 'data/global/pg_control'));
    await expect(start(folder)).rejects.toThrow(/did not start: .*could not open file .*pg_control/);
  });

  test('a lost password is named, and the data are kept', async () => {
    await useFinished();
    await rm(join(folder, 'password'));
    await expect(start(folder)).rejects.toThrow(/password is missing/);
    expect(await readdir(join(folder, 'data'))).toContain('PG_VERSION');
  });
});

// The lines with which docs/operate.md has an operator make a database, typed as they stand there: at a PostgreSQL as Debian sets it up,
// by its superuser, who needs no password on the machine itself, while everybody else does.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { packageFolder } from '../src/config/config.ts';
import { findServerUser } from '../src/local/postgres/system-user.ts';
import { findFreePort } from './support/free-port.ts';
import { describeWith } from './support/needs.ts';
import { runCommand } from './support/program.ts';
import { runSql } from './support/sql.ts';
import { waitFor } from './support/wait-for.ts';

const run = promisify(execFile);
const password = 'p@ss:/w%rd';

describeWith('postgres', 'a database of one’s own', () => {
  let server: Server;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server?.stop());

  test('role and database are made by the two lines, and nothing else is to be made in it', async () => {
    const page = readFileSync(join(packageFolder, 'docs/operate.md'), 'utf8');
    const lines = [...page.matchAll(/`(create(?:user|db) [^`]+)`/g)].map(([, line = '']) => line);
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['createuser', 'createdb']);
    await server.type(lines.join('\n'), `${password}\n${password}\n`);

    const url = (word: string) =>
      `postgresql://paperround:${encodeURIComponent(word)}@127.0.0.1:${server.port}/paperround`;
    await expect(runSql(url('another'), 'SELECT 1')).rejects.toThrow('password authentication failed');
    expect(
      await runSql(url(password), 'SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user'),
    ).toEqual([{ rolsuper: false, rolcreatedb: false }]);

    const env = {
      DATABASE_URL: url(password),
      SMTP_URL: 'smtp://127.0.0.1:9',
      BASE_URL: 'https://papers.example.org',
      SECRET_KEY: 'a secret for tests that is long enough',
    };
    const migrated = await runCommand(['migrate', '--json'], { env });
    expect(migrated).toMatchObject({ exit: 0 });
    const { stdout } = await runCommand(['doctor', '--json'], { env });
    const said: { area: string; state: string; what: string }[] = JSON.parse(stdout).findings;
    expect(said.filter(({ area, state }) => area === 'database' && state !== 'ok')).toEqual([]);
  });
});

type Server = { port: number; type(script: string, answers: string): Promise<void>; stop(): Promise<void> };

async function startServer(): Promise<Server> {
  const bin = dirname(realpathSync(inject('externalPrograms').postgres ?? ''));
  const folder = mkdtempSync(join(tmpdir(), 'paperround-own-'));
  chmodSync(folder, 0o755);
  const user = await findServerUser(folder);
  const data = join(folder, 'data');
  mkdirSync(data);
  if (user !== null) for (const path of [folder, data]) chownSync(path, user.uid, user.gid);
  const port = await findFreePort();
  const auth = ['--auth-local=trust', '--auth-host=scram-sha-256'];
  await run(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '-E', 'UTF8', '--no-sync', ...auth], {
    ...user,
    cwd: '/',
  });
  const settings = { listen_addresses: '127.0.0.1', port, unix_socket_directories: folder, fsync: 'off' };
  const given = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(join(bin, 'postgres'), ['-D', data, ...given], { ...user, stdio: 'ignore', cwd: '/' });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const admin = `postgresql:///postgres?host=${folder}&port=${port}&user=postgres`;
  await waitFor('PostgreSQL', () => runSql(admin, 'SELECT 1').catch(() => null));
  return {
    port,
    async type(script, answers) {
      const env = { PATH: `${bin}${delimiter}${process.env.PATH}`, PGHOST: folder, PGPORT: String(port) };
      const typing = run('bash', ['-euc', script], { env: { ...env, PGUSER: 'postgres' }, cwd: '/' });
      typing.child.stdin?.end(answers);
      await typing;
    },
    async stop() {
      process.off('exit', kill);
      const ended = once(child, 'exit');
      child.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

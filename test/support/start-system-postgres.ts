// The PostgreSQL of this machine, as its packages bring it: another version than the embedded one, with settings of its own.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { findServerUser } from '../../src/local/postgres/system-user.ts';
import { findFreePort } from './free-port.ts';
import { runSql } from './sql.ts';
import { waitFor } from './wait-for.ts';

export type SystemPostgres = {
  /** Its socket is there; whoever comes by it needs no password, as Debian has it for the superuser. */
  folder: string;
  port: number;
  /** Of the superuser `postgres`. */
  adminUrl: string;
  stop(): Promise<void>;
};

/** `postgres` is the program's path. Over TCP everybody needs a password. It ends with this process, kill -9 excepted. */
export async function startSystemPostgres(postgres: string): Promise<SystemPostgres> {
  const bin = findPrograms(postgres);
  const folder = mkdtempSync(join(tmpdir(), 'paperround-system-'));
  chmodSync(folder, 0o755);
  const user = await findServerUser(folder);
  const data = join(folder, 'data');
  mkdirSync(data);
  if (user !== null) for (const path of [folder, data]) chownSync(path, user.uid, user.gid);
  const port = await findFreePort();
  const auth = ['--auth-local=trust', '--auth-host=scram-sha-256'];
  await promisify(execFile)(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '-E', 'UTF8', '--no-sync', ...auth],
    { ...user, cwd: '/' },
  );
  const settings = { listen_addresses: '127.0.0.1', port, unix_socket_directories: folder, fsync: 'off' };
  const given = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(join(bin, 'postgres'), ['-D', data, ...given], { ...user, stdio: 'ignore', cwd: '/' });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const adminUrl = `postgresql:///postgres?host=${folder}&port=${port}&user=postgres`;
  await waitFor('PostgreSQL', () => runSql(adminUrl, 'SELECT 1').catch(() => null));
  return {
    folder,
    port,
    adminUrl,
    async stop() {
      process.off('exit', kill);
      const ended = once(child, 'exit');
      child.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

/** Where `initdb`, `createuser` and the like are. */
export const findPrograms = (postgres: string): string => dirname(realpathSync(postgres));

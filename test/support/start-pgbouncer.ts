// A PgBouncer in front of the run's PostgreSQL.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { findFreePort } from './free-port.ts';
import { askMadeOnce } from './made-once.ts';
import { runSql } from './sql.ts';
import { waitFor } from './wait-for.ts';

export type PgBouncer = {
  /** The same database through the pooler. */
  urlOf(databaseUrl: string): string;
  stop(): Promise<void>;
};

/** In transaction mode all clients share one server connection: what one leaves behind there, the next one gets. */
export async function startPgBouncer(poolMode: 'session' | 'transaction'): Promise<PgBouncer> {
  const server = new URL((await askMadeOnce('postgres')).adminUrl);
  const port = await findFreePort();
  const folder = await mkdtemp(join(tmpdir(), 'paperround-pgbouncer-'));
  await chmod(folder, 0o755);
  const settings = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    auth_type: 'any',
    pool_mode: poolMode,
    default_pool_size: poolMode === 'session' ? 20 : 1,
    // It does not run as root.
    ...(process.getuid?.() === 0 ? { user: 'nobody' } : {}),
  };
  const lines = [
    '[databases]',
    `* = host=${server.hostname} port=${server.port} user=${server.username} password=${server.password}`,
    '[pgbouncer]',
    ...Object.entries(settings).map(([name, value]) => `${name} = ${value}`),
  ];
  await writeFile(join(folder, 'pgbouncer.ini'), `${lines.join('\n')}\n`, { mode: 0o644 });
  const program = inject('externalPrograms').pgbouncer ?? 'pgbouncer';
  const child = spawn(program, [join(folder, 'pgbouncer.ini')], { stdio: 'ignore' });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const urlOf = (databaseUrl: string) =>
    Object.assign(new URL(databaseUrl), { hostname: '127.0.0.1', port: String(port) }).href;
  await waitFor('PgBouncer', () =>
    runSql(urlOf(server.href), 'SELECT 1').then(
      () => true,
      () => false,
    ),
  );
  return {
    urlOf,
    async stop() {
      process.off('exit', kill);
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

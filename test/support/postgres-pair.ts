// A PostgreSQL with a standby that has all the other one confirmed, on two hosts under one address: as an operator sets them up.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chmodSync, chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inject } from 'vitest';
import { findServerUser } from '../../src/local/postgres/system-user.ts';
import type { Host, Network } from './network.ts';
import { runSql } from './sql.ts';
import { waitFor } from './wait-for.ts';

export type PostgresPair = {
  /** Leads to whichever is the primary. */
  databaseUrl: string;
  primary(): Host;
  standby(): Host;
  /** The standby takes over, alone until it is given a standby itself. What was the primary is not asked. */
  failOver(): Promise<void>;
  /** The host that was the primary, on the network again, begins anew as the standby of the one that took over. */
  restoreStandby(): Promise<void>;
  stop(): Promise<void>;
};

const role = 'paperround';
/** Nothing waits for a disk: no machine loses its power here. */
const settings = {
  listen_addresses: '*',
  unix_socket_directories: '',
  fsync: 'off',
  shared_buffers: '64MB',
  wal_retrieve_retry_interval: '200ms',
};

export async function startPostgresPair(
  network: Network,
  hosts: readonly [Host, Host],
): Promise<PostgresPair> {
  const bin = dirname(realpathSync(inject('externalPrograms').postgres ?? ''));
  const parent = mkdtempSync(join(tmpdir(), 'paperround-pair-'));
  chmodSync(parent, 0o755);
  const user = (await findServerUser(parent)) ?? {
    uid: process.getuid?.() ?? 0,
    gid: process.getgid?.() ?? 0,
  };
  const folderOf = (host: Host) => join(parent, host.name);
  const runOn = async (host: Host, program: string, args: string[]) => {
    const [code] = await once(
      spawn(...host.on(join(bin, program), args, user), { stdio: 'ignore', cwd: '/' }),
      'exit',
    );
    if (code !== 0) throw new Error(`${program} ended with code ${code} on ${host.name}`);
  };
  const urlOf = (address: string, database = role) => `postgresql://${role}@${address}/${database}`;
  const ask = (host: Host, sql: string) => runSql(urlOf(host.address, 'postgres'), sql);

  const servers = new Map<Host, ChildProcess>();
  const end = async (host: Host) => {
    const server = servers.get(host);
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    host.kill();
    await ended;
  };
  const killAll = () => {
    for (const host of servers.keys()) host.kill();
    rmSync(parent, { recursive: true, force: true });
  };
  process.once('exit', killAll);
  const start = async (host: Host) => {
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    servers.set(
      host,
      spawn(...host.on(join(bin, 'postgres'), ['-D', folderOf(host), ...args], user), {
        stdio: 'ignore',
        cwd: '/',
      }),
    );
    await waitFor(`PostgreSQL on ${host.name}`, () => ask(host, 'SELECT 1').catch(() => null));
  };

  /** It confirms nothing from then on that the other one has not written down as well. */
  const follow = async (standby: Host, primary: Host) => {
    rmSync(folderOf(standby), { recursive: true, force: true });
    const from = `host=${primary.address} user=${role} application_name=${standby.name}`;
    // A host that was cut off finds no way to others for a moment after it has joined them again.
    await waitFor(`${primary.name} to be reached from ${standby.name}`, () =>
      runOn(standby, 'pg_isready', ['-d', from]).then(
        () => true,
        () => false,
      ),
    );
    await runOn(standby, 'pg_basebackup', [
      '-D',
      folderOf(standby),
      '-d',
      from,
      '-R',
      '-X',
      'stream',
      '-c',
      'fast',
      '--no-sync',
    ]);
    await start(standby);
    await ask(primary, `ALTER SYSTEM SET synchronous_standby_names = '${standby.name}'`);
    await ask(primary, 'SELECT pg_reload_conf()');
    await waitFor('the standby to be waited for', async () => {
      const [row] = await ask(primary, "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'");
      return row;
    });
  };

  let [primary, standby] = hosts;
  mkdirSync(folderOf(primary));
  chownSync(parent, user.uid, user.gid);
  chownSync(folderOf(primary), user.uid, user.gid);
  await runOn(primary, 'initdb', [
    '-D',
    folderOf(primary),
    '-U',
    role,
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C',
    '--no-sync',
  ]);
  appendFileSync(
    join(folderOf(primary), 'pg_hba.conf'),
    'host all all samenet trust\nhost replication all samenet trust\n',
  );
  await start(primary);
  const databaseUrl = urlOf(network.leadTo(primary));
  await ask(primary, `CREATE DATABASE ${role}`);
  await follow(standby, primary);

  return {
    databaseUrl,
    primary: () => primary,
    standby: () => standby,
    async failOver() {
      await ask(standby, 'SELECT pg_promote()');
      network.leadTo(standby);
      [primary, standby] = [standby, primary];
    },
    async restoreStandby() {
      await end(standby);
      await follow(standby, primary);
    },
    async stop() {
      process.off('exit', killAll);
      await Promise.all(hosts.map(end));
      rmSync(parent, { recursive: true, force: true });
    },
  };
}

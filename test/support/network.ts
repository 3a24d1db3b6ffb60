// Machines for tests: each a network namespace with an address of its own, all on one switch, from which any can be cut as if
// its cable were pulled: what is sent to it is lost, and nobody is told. Everything goes when the process that made it does,
// however that ends: each namespace lives as long as a `cat` that reads from us.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { waitFor } from './wait-for.ts';

export type Host = {
  name: string;
  address: string;
  /** What to spawn, to run a program there; as another user where one is given. */
  on(program: string, args: string[], user?: { uid: number; gid: number }): [string, string[]];
  /** Until `join`, nothing comes or goes. Its own programs go on, and its connections do not hear of it. */
  cut(): void;
  join(): void;
  /** kill -9 of all its programs. */
  kill(): void;
};

export type Network = {
  /** Where this process is reached by the hosts. */
  ownAddress: string;
  addHost(name: string): Promise<Host>;
  /** An address that moves: from whoever has it to `host`, which all others learn at once. Returns it. */
  leadTo(host: Host): string;
  close(): Promise<void>;
};

/** In one sentence; null where they may. */
export function whyNoNetwork(): string | null {
  const what =
    'hosts of a test are network namespaces, which need Linux and root (CAP_SYS_ADMIN and CAP_NET_ADMIN)';
  if (process.getuid?.() !== 0) return `${what}: this is not root`;
  const { status, stderr, error } = spawnSync(
    'unshare',
    ['--net', 'ip', 'link', 'add', 'switch', 'type', 'bridge'],
    {
      encoding: 'utf8',
    },
  );
  return status === 0 ? null : `${what}: ${error?.message ?? stderr.trim()}`;
}

/** Of the range that is kept for tests of networks (RFC 2544), so that no machine has them. */
const networkOf = (pid: number) => `198.${18 + ((pid >> 8) & 1)}.${pid & 255}`;
const sharedNumber = 200;

export async function openNetwork(): Promise<Network> {
  const network = networkOf(process.pid);
  const ownAddress = `${network}.1`;
  const shared = `${network}.${sharedNumber}`;
  const plug = `pr${process.pid}`;
  const hub = await makeNamespace();
  runIn(hub, ['link add switch type bridge', 'link set switch up']);
  runIp([
    `link add ${plug} type veth peer name own netns ${hub.pid}`,
    `addr add ${ownAddress}/24 dev ${plug}`,
    `link set ${plug} up`,
  ]);
  runIn(hub, ['link set own master switch', 'link set own up']);

  const namespaces = [hub];
  // A program goes on when its network is gone, and would when we are.
  const killAll = () => {
    for (const namespace of namespaces) killAllIn(namespace);
  };
  process.once('exit', killAll);
  const places = new Map<Host, ChildProcess>();
  let holder: Host | null = null;
  return {
    ownAddress,
    async addHost(name) {
      const namespace = await makeNamespace();
      namespaces.push(namespace);
      const address = `${network}.${namespaces.length}`;
      runIn(hub, [
        `link add ${name} type veth peer name eth0 netns ${namespace.pid}`,
        `link set ${name} master switch`,
        `link set ${name} up`,
      ]);
      runIn(namespace, ['link set lo up', `addr add ${address}/24 dev eth0`, 'link set eth0 up']);
      const host: Host = {
        name,
        address,
        on: (program, args, user) => [
          'nsenter',
          [
            `--net=${netOf(namespace)}`,
            ...(user === undefined ? [] : ['-S', `${user.uid}`, '-G', `${user.gid}`]),
            '--',
            program,
            ...args,
          ],
        ],
        cut: () => runIn(hub, [`link set ${name} down`]),
        join: () => runIn(hub, [`link set ${name} up`]),
        kill: () => killAllIn(namespace),
      };
      places.set(host, namespace);
      return host;
    },
    leadTo(host) {
      if (holder !== null) runIn(places.get(holder), [`addr del ${shared}/32 dev eth0`]);
      runIn(places.get(host), [`addr add ${shared}/32 dev eth0`]);
      holder = host;
      // What the new holder would tell everyone by a gratuitous ARP.
      for (const place of places.values()) runIn(place, [`neigh flush to ${shared}`]);
      runIp([`neigh flush to ${shared}`]);
      return shared;
    },
    async close() {
      process.off('exit', killAll);
      killAll();
      await Promise.all(
        namespaces.splice(0).map(async (namespace) => {
          const ended = once(namespace, 'exit');
          namespace.kill('SIGKILL');
          await ended;
        }),
      );
    },
  };
}

async function makeNamespace(): Promise<ChildProcess> {
  const child = spawn('unshare', ['--net', '--', 'cat'], { stdio: ['pipe', 'ignore', 'inherit'] });
  child.unref();
  const ours = readlinkSync('/proc/self/ns/net');
  await waitFor('a network namespace', () => {
    if (child.exitCode !== null) throw new Error(whyNoNetwork() ?? 'a network namespace ended by itself');
    return readlinkSync(netOf(child)) !== ours;
  });
  return child;
}

function killAllIn(namespace: ChildProcess): void {
  if (namespace.exitCode !== null || namespace.signalCode !== null) return;
  const net = readlinkSync(netOf(namespace));
  // Whatever went wrong with it: never this machine's own.
  if (net === readlinkSync('/proc/self/ns/net')) return;
  for (const pid of readdirSync('/proc').map(Number)) {
    if (Number.isNaN(pid) || pid === namespace.pid) continue;
    try {
      if (readlinkSync(netOf({ pid })) === net) process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
}

const netOf = ({ pid }: { pid?: number | undefined }) => `/proc/${pid}/ns/net`;

function runIn(namespace: ChildProcess | undefined, commands: string[]): void {
  if (namespace === undefined) throw new Error('no such host');
  run('nsenter', [`--net=${netOf(namespace)}`, '--', 'ip', '-batch', '-'], commands);
}

function runIp(commands: string[]): void {
  run('ip', ['-batch', '-'], commands);
}

function run(program: string, args: string[], commands: string[]): void {
  const { status, stderr, error } = spawnSync(program, args, {
    input: `${commands.join('\n')}\n`,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`ip ${commands.join('; ')}: ${error?.message ?? stderr}`);
}

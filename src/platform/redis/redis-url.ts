// What REDIS_URL says: one server, one of several as Sentinel says, or a cluster.

type Node = { host: string; port: number };
type Login = { username?: string; password?: string };

export type RedisPlace =
  | { type: 'single'; url: string }
  | {
      type: 'sentinel';
      nodes: Node[];
      login: Login;
      nodeLogin: Login;
      name: string;
      db: number;
      tls: boolean;
    }
  | { type: 'cluster'; nodes: Node[]; login: Login; tls: boolean };

const several = /^(rediss?)\+(sentinel|cluster):\/\/(?:([^@/]*)@)?([^@/?#]+)(?:\/([^?#]*))?(?:\?([^#]*))?$/i;
const usualPorts = { sentinel: 26_379, cluster: 6379 };

/**
 * `redis://user:password@host:6379/0`, `redis+sentinel://user:password@h1:26379,h2:26379/mymaster/0` (with
 * `?sentinelUsername=…&sentinelPassword=…` where the Sentinels want a login of their own) or
 * `redis+cluster://user:password@h1:6379,h2:6379`; with `rediss` in place of `redis`, over TLS. A string says what is wrong.
 */
export function readRedisUrl(text: string): RedisPlace | string {
  const parts = several.exec(text);
  if (parts === null) return readSingle(text);
  const [, scheme = '', kind = '', user, hosts = '', path = '', query = ''] = parts;
  const type = kind.toLowerCase() === 'cluster' ? 'cluster' : 'sentinel';
  const tls = scheme.toLowerCase() === 'rediss';
  const nodes: Node[] = [];
  for (const host of hosts.split(',')) {
    const node = readNode(host, usualPorts[type]);
    if (node === null) return `has “${host}” where a host and its port are to be`;
    nodes.push(node);
  }
  const login = readLogin(user);
  const [name = '', db = '0', ...more] = path.split('/').map(decode);
  if (login === null || more.length > 0) return 'is no URL';
  const options = new URLSearchParams(query);
  if (type === 'cluster') {
    if (path !== '' && path !== '0') return 'has a path: a cluster has one database only';
    return options.size === 0 ? { type, nodes, login, tls } : 'has options, which a cluster’s takes none of';
  }
  if (name === '') return 'does not say, after the hosts, under which name the Sentinels watch the server';
  if (!/^\d{1,5}$/.test(db)) return `has “${db}” for the number of a database`;
  const known = ['sentinelUsername', 'sentinelPassword'];
  const unknown = [...options.keys()].find((option) => !known.includes(option));
  if (unknown !== undefined) return `has the option “${unknown}”: there are ${known.join(' and ')}`;
  const [nodeUser, nodePassword] = known.map((option) => options.get(option));
  return { type, nodes, login, nodeLogin: toLogin(nodeUser, nodePassword), name, db: Number(db), tls };
}

function readSingle(text: string): RedisPlace | string {
  if (!URL.canParse(text)) return 'is no URL';
  const { protocol, hostname, pathname } = new URL(text);
  if (!/^rediss?:$/.test(protocol) || hostname === '') return 'is no URL of Redis';
  if (!/^\/?\d{0,5}$/.test(pathname)) return `has “${pathname.slice(1)}” for the number of a database`;
  return { type: 'single', url: text };
}

function readNode(host: string, usualPort: number): Node | null {
  const [, bracketed, plain, port] =
    /^(?:\[([0-9a-f:.]+)\]|([^\s:[\]]+))(?::(\d{1,5}))?$/i.exec(host.trim()) ?? [];
  const name = bracketed ?? plain;
  return name === undefined || Number(port ?? usualPort) > 65_535
    ? null
    : { host: name, port: Number(port ?? usualPort) };
}

function readLogin(user: string | undefined): Login | null {
  if (user === undefined) return {};
  const [name = '', ...password] = user.split(':');
  try {
    return toLogin(decodeURIComponent(name), decodeURIComponent(password.join(':')));
  } catch {
    return null;
  }
}

function toLogin(username: string | null | undefined, password: string | null | undefined): Login {
  return { ...(username ? { username } : {}), ...(password ? { password } : {}) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

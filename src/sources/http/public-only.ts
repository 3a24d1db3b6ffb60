// Keeps requests to addresses that anybody may write away from this machine and its networks. A name is looked up once, and
// what it leads to is judged before the connection is made: an answer that changes in between helps nobody.
import { type LookupAddress, lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import type { Agent, fetch } from 'undici';

/** https://www.iana.org/assignments/iana-ipv4-special-registry and its sister for IPv6; IPv4 in IPv6 is judged as IPv4. */
const inside = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  inside.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  inside.addSubnet(net, prefix, 'ipv6');

/** False for what is no address in numbers. */
export function isInside(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && inside.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/** An address that is written in numbers is never looked up: it is judged here. */
export function hasInsideHost(url: string): boolean {
  return isInside(new URL(url).hostname.replace(/^\[|\]$/g, ''));
}

const lookUpOutside: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error !== null) return callback(error, []);
    const outside = addresses.filter(({ address }) => !isInside(address));
    const [first] = outside;
    if (first === undefined)
      return callback(Object.assign(new Error('a private address'), { code: 'a private address' }), []);
    return options.all ? callback(null, outside) : callback(null, first.address, first.family);
  });
};

let publicOnly: Agent | undefined;

/** Of undici, which is loaded when the first request is made: most processes make none. */
export async function loadFetch(reach: 'public' | 'anywhere'): Promise<typeof fetch> {
  const undici = await import('undici');
  if (reach === 'anywhere') return undici.fetch;
  publicOnly ??= new undici.Agent({ connect: { lookup: lookUpOutside } });
  const dispatcher = publicOnly;
  return (url, init) => undici.fetch(url, { ...init, dispatcher });
}

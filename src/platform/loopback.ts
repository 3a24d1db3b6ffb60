// Whether a host is this machine: nobody stands between.
import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

/** By what it is called; nothing is looked up. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  if (isIP(bare) === 0) return /^(?:.*\.)?localhost\.?$/i.test(bare);
  return loopback.check(bare, isIP(bare) === 6 ? 'ipv6' : 'ipv4');
}

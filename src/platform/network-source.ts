// Who comes over the network, as far as a limit is concerned.
import ipaddr from 'ipaddr.js';

/** An IPv4 address, or the /64 of an IPv6 address, which is what one customer has at the least, with the /48 around it. */
export type NetworkSource = { address: string; network: string | null };

export function sourceOf(ip: string | undefined): NetworkSource {
  if (ip === undefined || !ipaddr.isValid(ip)) return { address: 'unknown', network: null };
  const parsed = ipaddr.process(ip);
  if (parsed.kind() === 'ipv4') return { address: parsed.toString(), network: null };
  const bytes = Buffer.from(parsed.toByteArray());
  return {
    address: `${bytes.toString('hex', 0, 8)}/64`,
    network: `${bytes.toString('hex', 0, 6)}/48`,
  };
}

// Mail addresses in letters that are not ASCII's: how they are kept, and how they are shown.
import { domainToASCII, domainToUnicode } from 'node:url';

/**
 * The domain as mail servers and DNS have it, in punycode: `ada@Exämple.org` and `ada@xn--exmple-cua.org` are one address.
 * A domain that is ASCII stays as it was typed, and so does what is no domain.
 */
export function toAsciiAddress(typed: string): string {
  const address = typed.normalize('NFC');
  const [name, domain] = splitAddress(address);
  if (domain === null || !needsConversion(domain)) return address;
  return `${name}@${domainToASCII(domain) || domain}`;
}

/** As people write it. For them only: two such may look alike. */
export function showAddress(address: string): string {
  const [name, domain] = splitAddress(address);
  if (domain === null || !/(?:^|\.)xn--/i.test(domain)) return address;
  return `${name}@${domainToUnicode(domain) || domain}`;
}

const longestDomain = 253;
const labelRule = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** A domain that addresses can have, in small letters and punycode; null for what is none: one word, an IP address, an address. */
export function readDomain(typed: string): string | null {
  const domain = domainToASCII(typed.trim().normalize('NFC')).toLowerCase();
  const labels = domain.split('.');
  const isOne =
    labels.length > 1 && labels.every((label) => labelRule.test(label)) && !/^\d+$/.test(labels.at(-1) ?? '');
  return isOne && domain.length <= longestDomain ? domain : null;
}

function splitAddress(address: string): [name: string, domain: string | null] {
  const at = address.lastIndexOf('@');
  return at < 0 ? [address, null] : [address.slice(0, at), address.slice(at + 1)];
}

function needsConversion(domain: string): boolean {
  return /[^\x20-\x7e]/.test(domain) || /(?:^|\.)xn--/i.test(domain);
}

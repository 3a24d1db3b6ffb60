// The domains of addresses.

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

/** Relaxed alignment (RFC 7489 section 3.1): the same domain, or one is a parent of the other. */
export function isSameOrganization(one: string, other: string): boolean {
  return one === other || one.endsWith(`.${other}`) || other.endsWith(`.${one}`);
}

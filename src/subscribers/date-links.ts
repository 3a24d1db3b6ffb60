// When the links of a mail count as issued: a part of their signature.
import type { Subscriber } from './subscriber.ts';

/**
 * When the mail was promised, so that every attempt carries the same links. A reader who moved since then gets it at the
 * new address, where older links would not work.
 */
export function dateLinks(
  { createdAt }: { createdAt: Date },
  { addressSince }: Pick<Subscriber, 'addressSince'>,
): Date {
  return addressSince !== null && addressSince > createdAt ? addressSince : createdAt;
}

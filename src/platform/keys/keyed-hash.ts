// Hashes with a key: two of the same text are the same, and nobody without the key can try out which text it was, as one
// could with a plain hash of an IPv4 address.
import { createHmac, hkdfSync } from 'node:crypto';

export type KeyedHash = (text: string) => string;

/** `purpose` keeps apart what is hashed for different ends. */
export function createKeyedHash(secret: string, purpose: string): KeyedHash {
  const key = Buffer.from(hkdfSync('sha256', secret, '', `paperround ${purpose}`, 32));
  return (text) => createHmac('sha256', key).update(text).digest('base64url').slice(0, 22);
}

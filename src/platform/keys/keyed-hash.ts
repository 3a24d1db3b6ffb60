// Hashes with a key: two of the same text are the same, and nobody without the key can try out which text it was, as one
// could with a plain hash of an IPv4 address.
import { createHmac } from 'node:crypto';
import { deriveKey } from './derive-key.ts';

export type KeyedHash = (text: string) => string;

/** `purpose` keeps apart what is hashed for different ends. */
export function createKeyedHash(secret: string, purpose: string): KeyedHash {
  const key = deriveKey(secret, purpose);
  return (text) => createHmac('sha256', key).update(text).digest('base64url').slice(0, 22);
}

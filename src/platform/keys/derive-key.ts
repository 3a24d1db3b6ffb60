// Keys for signatures, each made of SECRET_KEY for one purpose: what is signed for one is nothing to another.
import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/** For HMAC-SHA256. */
export function deriveKey(secret: string, purpose: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', `paperround ${purpose}`, 32)));
}

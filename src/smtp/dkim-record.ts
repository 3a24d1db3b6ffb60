// What is published of a DKIM key: the DNS record by which receivers check its signatures (RFC 6376 section 3.6.1; RFC 8463
// section 4 for Ed25519).
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { DkimKey } from '../config/config.ts';

export type KeyType = 'rsa' | 'ed25519';

export type DkimRecord = { name: string; keyType: KeyType; publicKey: string; text: string };

export function writeDkimRecord({ domainName, keySelector, privateKey }: DkimKey): DkimRecord {
  const key = createPublicKey(privateKey);
  const keyType = key.asymmetricKeyType === 'ed25519' ? 'ed25519' : 'rsa';
  const der = key.export({ type: 'spki', format: 'der' });
  // The 32 bytes themselves, which stand last in what says what they are.
  const publicKey = (keyType === 'ed25519' ? der.subarray(-32) : der).toString('base64');
  return {
    name: `${keySelector}._domainkey.${domainName}`,
    keyType,
    publicKey,
    text: `v=DKIM1; k=${keyType}; p=${publicKey}`,
  };
}

/** As name servers take a text: in quoted parts of 255 bytes at the most (RFC 1035 section 3.3.14). */
export function quoteTxt(text: string): string {
  return (text.match(/.{1,255}/g) ?? ['']).map((part) => `"${part.replace(/["\\]/g, '\\$&')}"`).join(' ');
}

/** A fresh private key, as PEM. */
export function generateDkimKey(keyType: KeyType): string {
  const { privateKey } =
    keyType === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ed25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

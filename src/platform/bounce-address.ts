// The envelope sender of each mail, `bounces+<token>@mail.example.org`: where receivers send what they could not deliver
// (variable envelope return paths). Whoever has no token of ours gets nothing in. A token names the delivery, so that what
// comes back is known for what it is about. Bytes: delivery id, day of signing; then a truncated HMAC-SHA256 over them.
// Nothing in it is about the reader. In hex: some mail servers change the case of an address.
import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import { deriveKey } from './keys/derive-key.ts';

export type BounceAddresses = {
  /** The address that the tokens are written into. */
  base: string;
  write(mail: { deliveryId: bigint; signedAt: Date }): string;
  read(address: string, now: Date): VerifiedBounceToken;
};

export function createBounceAddresses(base: string, tokens: BounceTokens): BounceAddresses {
  const at = base.lastIndexOf('@');
  const [name, domain] = [base.slice(0, at), base.slice(at + 1)];
  const start = `${name}+`.toLowerCase();
  const end = `@${domain}`.toLowerCase();
  return {
    base,
    write: (mail) => `${name}+${tokens.sign(mail)}@${domain}`,
    read(address, now) {
      const given = address.toLowerCase();
      if (!given.startsWith(start) || !given.endsWith(end)) return { type: 'invalid' };
      return tokens.verify(given.slice(start.length, -end.length), now);
    },
  };
}

export type BounceTokens = {
  sign(mail: { deliveryId: bigint; signedAt: Date }): string;
  verify(token: string, now: Date): VerifiedBounceToken;
};

export type VerifiedBounceToken = { type: 'valid' | 'expired'; deliveryId: bigint } | { type: 'invalid' };

/** Not that of the links: a token of one kind is never one of the other. */
const keyPurpose = 'bounce addresses';
const dayMs = 24 * 60 * 60 * 1000;
/** Servers try for five days (RFC 5321 section 4.5.4.1); readers report mails that they find weeks later. */
const maxAgeDays = 60;
const idLength = 6;
const payloadLength = idLength + 2;
/** 96 bits, as in HMAC-SHA-1-96 (RFC 2404): each guess costs an attacker an SMTP command. */
const macLength = 12;
/** Characters; all tokens are this long. */
export const bounceTokenLength = (payloadLength + macLength) * 2;
/** What RFC 5321 section 4.5.3.1.1 leaves of a local part when a plus and a token are written behind it. */
export const longestBounceName = 64 - 1 - bounceTokenLength;

/** `previousSecret` still verifies. */
export function createBounceTokens(secret: string, previousSecret: string | null): BounceTokens {
  const key = deriveKey(secret, keyPurpose);
  const keys = previousSecret === null ? [key] : [key, deriveKey(previousSecret, keyPurpose)];

  return {
    sign({ deliveryId, signedAt }) {
      const payload = Buffer.alloc(payloadLength);
      payload.writeUIntBE(Number(deliveryId), 0, idLength);
      payload.writeUInt16BE(toDayNumber(signedAt), idLength);
      return Buffer.concat([payload, computeMac(key, payload)]).toString('hex');
    },

    verify(token, now) {
      const bytes = /^[0-9a-f]*$/i.test(token) ? Buffer.from(token, 'hex') : Buffer.alloc(0);
      if (token.length !== bounceTokenLength || bytes.length !== payloadLength + macLength)
        return { type: 'invalid' };
      const payload = bytes.subarray(0, payloadLength);
      const mac = bytes.subarray(payloadLength);
      if (!keys.some((candidate) => timingSafeEqual(mac, computeMac(candidate, payload))))
        return { type: 'invalid' };
      const ageDays = toDayNumber(now) - payload.readUInt16BE(idLength);
      const deliveryId = BigInt(payload.readUIntBE(0, idLength));
      return { type: ageDays > maxAgeDays ? 'expired' : 'valid', deliveryId };
    },
  };
}

function toDayNumber(instant: Date): number {
  return Math.floor(instant.getTime() / dayMs);
}

function computeMac(key: KeyObject, payload: Buffer): Buffer {
  return createHmac('sha256', key).update(payload).digest().subarray(0, macLength);
}

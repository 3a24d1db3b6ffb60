// Signed tokens: what lets a link act for its reader without a password. Bytes: version, purpose, subscriber id,
// second of issue; then a truncated HMAC-SHA256 (RFC 2104 section 5 allows half its length) over them.
import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import { deriveKey } from './derive-key.ts';

/**
 * What a link is for: a token of one purpose opens no other door. Those about an address are about one change of it, by the
 * change's id, not about its subscriber; those to look at a digest and to vote are about its delivery; `no-mail` is about a
 * mailbox, by the UUID that its hash makes.
 */
export type TokenPurpose =
  | 'confirm'
  | 'preferences'
  | 'account'
  | 'view'
  | 'vote'
  | 'unsubscribe'
  | 'feed'
  | 'undo'
  | 'confirm-address'
  | 'keep-address'
  | 'no-mail';

export type VerifiedToken =
  | { type: 'valid'; subscriberId: string; issuedAt: Date }
  | { type: 'expired'; subscriberId: string }
  | { type: 'invalid' };

export type TokenSigner = {
  /** The same input gives the same token: a mail that is sent again carries the same links. */
  sign(input: { purpose: TokenPurpose; subscriberId: string; issuedAt: Date }): string;
  verify(input: { purpose: TokenPurpose; token: string; now: Date }): VerifiedToken;
};

const day = 24 * 60 * 60 * 1000;
const purposes: Record<TokenPurpose, { code: number; maxAgeMs: number }> = {
  confirm: { code: 1, maxAgeMs: 7 * day },
  preferences: { code: 2, maxAgeMs: 400 * day },
  // For what is dear: asked for by a link to the preferences, mailed, and used at once.
  account: { code: 9, maxAgeMs: day / 24 },
  // May be passed on: what it opens shows papers, and nothing of whose they are.
  view: { code: 7, maxAgeMs: 400 * day },
  vote: { code: 8, maxAgeMs: 400 * day },
  // A mail may be found again after years, and its reader must still get out.
  unsubscribe: { code: 3, maxAgeMs: Number.POSITIVE_INFINITY },
  // Kept in a feed reader, and good for reading one feed only.
  feed: { code: 10, maxAgeMs: Number.POSITIVE_INFINITY },
  undo: { code: 4, maxAgeMs: 30 * day },
  'confirm-address': { code: 5, maxAgeMs: 2 * day },
  // Longer: who did not ask for it must have time to find the note.
  'keep-address': { code: 6, maxAgeMs: 14 * day },
  // Whoever has had enough may say so by any mail they find.
  'no-mail': { code: 20, maxAgeMs: Number.POSITIVE_INFINITY },
};

const keyPurpose = 'link tokens';
const version = 1;
const payloadLength = 22;
const macLength = 16;
/** Characters; all tokens are this long. */
export const tokenLength = Math.ceil(((payloadLength + macLength) * 4) / 3);

/** `previousSecret` still verifies, so that a key can be changed without breaking the links in old mails. */
export function createTokenSigner(secret: string, previousSecret: string | null = null): TokenSigner {
  const key = deriveKey(secret, keyPurpose);
  const keys = previousSecret === null ? [key] : [key, deriveKey(previousSecret, keyPurpose)];

  return {
    sign({ purpose, subscriberId, issuedAt }) {
      const token = Buffer.alloc(payloadLength + macLength);
      token.writeUInt8(version, 0);
      token.writeUInt8(purposes[purpose].code, 1);
      token.write(subscriberId.replaceAll('-', ''), 2, 'hex');
      token.writeUInt32BE(Math.floor(issuedAt.getTime() / 1000), 18);
      token.set(computeMac(key, token.subarray(0, payloadLength)), payloadLength);
      return token.toString('base64url');
    },

    verify({ purpose, token, now }) {
      const bytes = token.length === tokenLength ? Buffer.from(token, 'base64url') : Buffer.alloc(0);
      // Re-encoding refuses the other spellings that a base64 decoder lets pass.
      if (bytes.length !== payloadLength + macLength || bytes.toString('base64url') !== token)
        return { type: 'invalid' };
      const payload = bytes.subarray(0, payloadLength);
      const mac = bytes.subarray(payloadLength);
      const isSigned = keys.some((candidate) => timingSafeEqual(mac, computeMac(candidate, payload)));
      if (!isSigned || payload[0] !== version || payload[1] !== purposes[purpose].code)
        return { type: 'invalid' };

      const subscriberId = formatUuid(payload.toString('hex', 2, 18));
      const issuedAt = new Date(payload.readUInt32BE(18) * 1000);
      const isExpired = now.getTime() - issuedAt.getTime() > purposes[purpose].maxAgeMs;
      return isExpired ? { type: 'expired', subscriberId } : { type: 'valid', subscriberId, issuedAt };
    },
  };
}

/** Tokens know no finer time than seconds: one of the same second is none from before. */
export function isIssuedBefore(issuedAt: Date, moment: Date | null): boolean {
  return moment !== null && Math.floor(issuedAt.getTime() / 1000) < Math.floor(moment.getTime() / 1000);
}

/** A number as the id that a token carries. */
export function toTokenId(number: bigint): string {
  return formatUuid(number.toString(16).padStart(32, '0'));
}

export function fromTokenId(id: string): bigint {
  return BigInt(`0x${id.replaceAll('-', '')}`);
}

function computeMac(key: KeyObject, payload: Buffer): Buffer {
  return createHmac('sha256', key).update(payload).digest().subarray(0, macLength);
}

/** Of 32 hex digits. */
export function formatUuid(hex: string): string {
  const [a, b, c, d] = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return `${a}-${b}-${c}-${d}-${hex.slice(20)}`;
}

// Challenges that cost a program a moment of processor, in the format of ALTCHA (https://altcha.org), which its clients and
// libraries know: find the number whose hash, behind the salt, is the challenge. Nothing is stored, and any process can check.
import { createHash, createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { deriveKey } from './derive-key.ts';

export type Challenge = {
  algorithm: 'SHA-256';
  /** Hex of SHA-256 over salt and number. */
  challenge: string;
  /** The number is not beyond it. */
  maxnumber: number;
  salt: string;
  /** Hex of HMAC-SHA-256 over the challenge. */
  signature: string;
};

export type CheckedProof =
  /** `id` names the challenge: whoever takes the proof sees to it that it counts once until then. */
  { type: 'solved'; id: string } | { type: 'expired' | 'invalid' };

export type Proofs = {
  issue(now: Date): Challenge;
  /** `payload`: base64 of the JSON that a client sends. */
  check(payload: string, now: Date): CheckedProof;
};

/** Half of that on average: some tenths of a second in a browser, while its reader fills in a form. */
const mostHashes = 100_000;

export const proofSeconds = 2 * 60 * 60;

const longestPayload = 1000;

export function createProofs(secret: string): Proofs {
  const key = deriveKey(secret, 'proofs of work');
  const sign = (challenge: string) => createHmac('sha256', key).update(challenge).digest('hex');
  return {
    issue(now) {
      const expires = Math.floor(now.getTime() / 1000) + proofSeconds;
      // Ends in a sign that no number has: else digits could move from the one to the other, and the time with them.
      const salt = `${randomBytes(12).toString('hex')}?expires=${expires}&`;
      const challenge = hashOf(salt, randomInt(mostHashes + 1));
      return { algorithm: 'SHA-256', challenge, maxnumber: mostHashes, salt, signature: sign(challenge) };
    },
    check(payload, now) {
      const proof = readPayload(payload);
      if (proof === null) return { type: 'invalid' };
      const { algorithm, challenge, number, salt, signature } = proof;
      if (algorithm !== 'SHA-256' || hashOf(salt, number) !== challenge) return { type: 'invalid' };
      if (!isEqual(signature, sign(challenge))) return { type: 'invalid' };
      const [, expires = ''] = /^[0-9a-f]{24}\?expires=(\d{1,12})&$/.exec(salt) ?? [];
      if (expires === '') return { type: 'invalid' };
      return now.getTime() < Number(expires) * 1000 ? { type: 'solved', id: challenge } : { type: 'expired' };
    },
  };
}

function hashOf(salt: string, number: number): string {
  return createHash('sha256').update(`${salt}${number}`).digest('hex');
}

type Payload = { algorithm: string; challenge: string; number: number; salt: string; signature: string };

function readPayload(payload: string): Payload | null {
  if (payload === '' || payload.length > longestPayload) return null;
  try {
    const { algorithm, challenge, number, salt, signature } = Object(
      JSON.parse(Buffer.from(payload, 'base64').toString('utf8')),
    );
    const texts: unknown[] = [algorithm, challenge, salt, signature];
    const isWhole = typeof number === 'number' && Number.isSafeInteger(number) && number >= 0;
    if (!isWhole || texts.some((text) => typeof text !== 'string')) return null;
    return { algorithm, challenge, number, salt, signature };
  } catch {
    return null;
  }
}

function isEqual(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}

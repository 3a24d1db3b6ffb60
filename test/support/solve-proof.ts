// What a client of ALTCHA does: finds the number, and says it.
import { createHash } from 'node:crypto';
import type { Challenge } from '../../src/platform/keys/proof-of-work.ts';

export function solve({ salt, challenge, maxnumber }: Challenge): number {
  for (let number = 0; number <= maxnumber; number++)
    if (createHash('sha256').update(`${salt}${number}`).digest('hex') === challenge) return number;
  throw new Error('the challenge has no solution');
}

export function toPayload(
  { algorithm, challenge, salt, signature }: Challenge,
  number: number,
  changed: object = {},
): string {
  return Buffer.from(JSON.stringify({ algorithm, challenge, number, salt, signature, ...changed })).toString(
    'base64',
  );
}

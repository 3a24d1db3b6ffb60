import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type Challenge, createProofs } from '../../../src/platform/keys/proof-of-work.ts';
import { solve, toPayload } from '../../support/solve-proof.ts';

const secret = 'a secret of the tests, 32 characters long';
const proofs = createProofs(secret);
const at = new Date('2026-03-02T09:00:00Z');
const later = (minutes: number) => new Date(at.getTime() + minutes * 60_000);
const challenge = proofs.issue(at);
const number = solve(challenge);
const check = (changed: Partial<Challenge & { number: unknown }>, now = at) =>
  proofs.check(toPayload(challenge, number, changed), now).type;

describe('a challenge', () => {
  test('has the standard form: a hash over salt and number, and a signature over that', () => {
    expect(challenge).toEqual({
      algorithm: 'SHA-256',
      challenge: createHash('sha256').update(`${challenge.salt}${number}`).digest('hex'),
      maxnumber: 100_000,
      salt: expect.stringMatching(/^[0-9a-f]{24}\?expires=\d+&$/),
      signature: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(number).toBeLessThanOrEqual(challenge.maxnumber);
  });

  test('that is solved counts in every process with the key, for two hours', () => {
    const payload = toPayload(challenge, number);
    expect(createProofs(secret).check(payload, later(119))).toEqual({
      type: 'solved',
      id: challenge.challenge,
    });
    expect(proofs.check(payload, later(120)).type).toBe('expired');
    expect(createProofs('another secret of 32 characters or so').check(payload, at).type).toBe('invalid');
  });
});

test.each<[string, Partial<Challenge & { number: unknown }>]>([
  ['another number', { number: number + 1 }],
  ['a number in words', { number: String(number) }],
  ['a fraction', { number: number + 0.5 }],
  ['another algorithm', { algorithm: 'SHA-1' as 'SHA-256' }],
  ['a signature cut short', { signature: challenge.signature.slice(0, 63) }],
  ['no signature', { signature: '' }],
  ['a later end', { salt: challenge.salt.replace('expires=', 'expires=9') }],
])('%s is no proof', (_, changed) => {
  expect(check(changed)).toBe('invalid');
});

test('an end that was moved, with all hashed anew, has no signature of ours', () => {
  const salt = challenge.salt.replace('expires=', 'expires=9');
  const forged = createHash('sha256').update(`${salt}1`).digest('hex');
  expect(check({ salt, number: 1, challenge: forged }, later(500))).toBe('invalid');
});

test('digits cannot move from the number to the time', () => {
  const salt = challenge.salt.slice(0, -1);
  const moved = { salt: `${salt}${String(number)[0]}`, number: Number(String(number).slice(1) || '0') };
  expect(check(moved, later(500))).toBe('invalid');
});

test.each([
  '',
  'no base64 at all',
  Buffer.from('null').toString('base64'),
  Buffer.from('[1]').toString('base64'),
  'A'.repeat(2000),
])('what is no payload is no proof: %s', (payload) => {
  expect(proofs.check(payload, at)).toEqual({ type: 'invalid' });
});

// The envelope sender of a mail: names its delivery, and cannot be made up.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createBounceAddresses,
  createBounceTokens,
  longestBounceName,
} from '../../src/platform/bounce-address.ts';

const secret = 'a secret for tests that is long enough';
const signedAt = new Date('2026-03-02T09:00:00Z');
const day = 24 * 60 * 60 * 1000;
const later = (days: number) => new Date(signedAt.getTime() + days * day);

const tokens = createBounceTokens(secret, null);
const addresses = createBounceAddresses('Bounces@mail.example.org', tokens);
const largestId = 2n ** 48n - 1n;

describe('an address that was written', () => {
  test.each([1n, 123_456_789n, largestId])('for delivery %d is read as that', (deliveryId) => {
    const address = addresses.write({ deliveryId, signedAt });
    expect(address).toMatch(/^Bounces\+[0-9a-f]{40}@mail\.example\.org$/);
    expect(addresses.read(address, later(5))).toEqual({ type: 'valid', deliveryId });
  });

  test('is that of earlier versions: what bounces of their mails is known', () => {
    expect(tokens.sign({ deliveryId: 123n, signedAt })).toBe('00000000007b50221a58d1972b97acc0194c59ba');
  });

  test('has a local part of 64 octets at most, whatever name is configured', () => {
    const longest = createBounceAddresses(`${'b'.repeat(longestBounceName)}@example.org`, tokens);
    const address = longest.write({ deliveryId: largestId, signedAt });
    expect(address.indexOf('@')).toBe(64);
    expect(longest.read(address, signedAt).type).toBe('valid');
  });

  test('is still known when a mail server has changed its case', () => {
    const address = addresses.write({ deliveryId: 7n, signedAt });
    for (const changed of [address.toLowerCase(), address.toUpperCase()])
      expect(addresses.read(changed, signedAt)).toEqual({ type: 'valid', deliveryId: 7n });
  });

  test('expires after two months', () => {
    const address = addresses.write({ deliveryId: 7n, signedAt });
    expect(addresses.read(address, later(60))).toEqual({ type: 'valid', deliveryId: 7n });
    expect(addresses.read(address, later(61))).toEqual({ type: 'expired', deliveryId: 7n });
  });

  test('outlives one change of the key', () => {
    const address = addresses.write({ deliveryId: 7n, signedAt });
    const withKeys = (now: string, previous: string | null) =>
      createBounceAddresses(addresses.base, createBounceTokens(now, previous));
    const another = 'another secret that is long enough too';
    expect(withKeys(another, secret).read(address, signedAt).type).toBe('valid');
    expect(withKeys(another, null).read(address, signedAt)).toEqual({ type: 'invalid' });
  });
});

describe('an address that was made up', () => {
  const token = tokens.sign({ deliveryId: 7n, signedAt });

  test.each([
    'bounces@mail.example.org',
    'bounces+@mail.example.org',
    `bounces+${token}@example.org`,
    `bounces+${token}@mail.example.org.evil.example`,
    `x-bounces+${token}@mail.example.org`,
    `bounces+${token}00@mail.example.org`,
    `bounces+${token.slice(2)}@mail.example.org`,
    `bounces+${token.replace(/.$/, 'g')}@mail.example.org`,
    token,
    '',
  ])('%s is nobody’s', (address) => {
    expect(addresses.read(address, signedAt)).toEqual({ type: 'invalid' });
  });

  test('by changing any one digit is nobody’s', () => {
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.integer({ min: 1, max: 15 }), (index, step) => {
        const digit = ((Number.parseInt(token[index] ?? '', 16) + step) % 16).toString(16);
        const forged = token.slice(0, index) + digit + token.slice(index + 1);
        expect(tokens.verify(forged, signedAt)).toEqual({ type: 'invalid' });
      }),
    );
  });

  test('out of anything at all is nobody’s, and no error', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        expect(addresses.read(`bounces+${text}@mail.example.org`, signedAt)).toEqual({ type: 'invalid' });
      }),
    );
  });
});

import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTokenSigner, type TokenPurpose } from '../../../src/platform/keys/tokens.ts';

const secret = 'the first secret, long enough for anyone';
const signer = createTokenSigner(secret);
const subscriberId = randomUUID();
const issuedAt = new Date('2026-03-02T09:00:00Z');
const day = 24 * 60 * 60 * 1000;
const later = (ms: number) => new Date(issuedAt.getTime() + ms);

const purposes: TokenPurpose[] = [
  'confirm',
  'preferences',
  'unsubscribe',
  'undo',
  'confirm-address',
  'keep-address',
  'no-mail',
];

describe('a signed token', () => {
  test('brings back whom it was made for', () => {
    fc.assert(
      fc.property(
        fc.uuid(),
        fc.constantFrom(...purposes),
        fc.date({ min: new Date('2020-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
        (id, purpose, at) => {
          const token = signer.sign({ purpose, subscriberId: id, issuedAt: at });
          const verified = signer.verify({ purpose, token, now: at });
          expect(verified).toMatchObject({ type: 'valid', subscriberId: id });
          expect(token).toMatch(/^[\w-]{51}$/);
        },
      ),
    );
  });

  test('is the same whenever it is made again, so that a retried mail has the same links', () => {
    const input = { purpose: 'unsubscribe', subscriberId, issuedAt } as const;
    expect(signer.sign(input)).toBe(signer.sign(input));
  });

  test('is that of the mails which earlier versions sent: their links stay good', () => {
    const signed = createTokenSigner('a secret for tests that is long enough').sign({
      purpose: 'unsubscribe',
      subscriberId: '0190a5f2-1111-7222-8333-444455556666',
      issuedAt,
    });
    expect(signed).toBe('AQMBkKXyERFyIoMzRERVVWZmaaVRkEPOaCDFXBoUZ8neDGpBH_0');
  });

  test('is refused with any one character changed, cut off or added', () => {
    const token = signer.sign({ purpose: 'preferences', subscriberId, issuedAt });
    for (let index = 0; index < token.length; index += 1) {
      const other = token[index] === 'A' ? 'B' : 'A';
      const forged = token.slice(0, index) + other + token.slice(index + 1);
      expect(signer.verify({ purpose: 'preferences', token: forged, now: issuedAt })).toEqual({
        type: 'invalid',
      });
    }
    for (const wrong of [token.slice(0, -1), `${token}A`, '', `${token.slice(0, -1)}=`]) {
      expect(signer.verify({ purpose: 'preferences', token: wrong, now: issuedAt })).toEqual({
        type: 'invalid',
      });
    }
  });

  test('is no good for another purpose', () => {
    for (const purpose of purposes) {
      const token = signer.sign({ purpose, subscriberId, issuedAt });
      const good = purposes.filter(
        (other) => signer.verify({ purpose: other, token, now: issuedAt }).type !== 'invalid',
      );
      expect(good).toEqual([purpose]);
    }
  });

  test('is no good under another key, and still good under the one before', () => {
    const token = signer.sign({ purpose: 'unsubscribe', subscriberId, issuedAt });
    const other = createTokenSigner('the second secret, long enough as well');
    const rotated = createTokenSigner('the second secret, long enough as well', secret);
    expect(other.verify({ purpose: 'unsubscribe', token, now: issuedAt })).toEqual({ type: 'invalid' });
    expect(rotated.verify({ purpose: 'unsubscribe', token, now: issuedAt })).toMatchObject({ type: 'valid' });
  });

  test('ends after a week for a confirmation, and never for unsubscribing', () => {
    const confirm = signer.sign({ purpose: 'confirm', subscriberId, issuedAt });
    expect(signer.verify({ purpose: 'confirm', token: confirm, now: later(7 * day) })).toMatchObject({
      type: 'valid',
    });
    expect(signer.verify({ purpose: 'confirm', token: confirm, now: later(7 * day + 1) })).toEqual({
      type: 'expired',
      subscriberId,
    });
    const out = signer.sign({ purpose: 'unsubscribe', subscriberId, issuedAt });
    expect(signer.verify({ purpose: 'unsubscribe', token: out, now: later(3650 * day) })).toMatchObject({
      type: 'valid',
    });
  });

  test('never makes the signer throw, whatever is sent instead', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200, unit: 'binary' }), (token) => {
        expect(signer.verify({ purpose: 'confirm', token, now: issuedAt })).toEqual({ type: 'invalid' });
      }),
    );
  });
});

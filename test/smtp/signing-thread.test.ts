// Signatures from another thread: each goes to who asked for it, and a thread that dies costs only what it had.
import { createVerify, generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { createSigningThread } from '../../src/smtp/dkim.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

const isSignatureOf = (text: string, signature: string) =>
  createVerify('sha256').update(text, 'latin1').verify(publicKey, signature, 'base64');

test('every text gets its own signature, also when many are asked for at once and others while those are made', async () => {
  const sign = createSigningThread(privateKey);
  const texts = Array.from({ length: 50 }, (_, index) => `mail ${index}`);
  const first = texts.map(sign);
  await new Promise((resolve) => setImmediate(resolve));
  const signatures = await Promise.all([...first, ...texts.map((text) => sign(`${text} again`))]);
  for (const [index, text] of [...texts, ...texts.map((text) => `${text} again`)].entries())
    expect(isSignatureOf(text, signatures[index] ?? '')).toBe(true);
});

test('a key that cannot sign is told to each who asks, now and later', async () => {
  const sign = createSigningThread('no key');
  const answers = await Promise.allSettled([sign('one'), sign('another')]);
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect(sign('a third')).rejects.toThrow();
});

// A certificate of our own making, and one that is renewed on disk.
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  type Certificate,
  makeCertificate,
  readCertificate,
  watchCertificate,
} from '../../../src/platform/keys/certificate.ts';
import { waitFor } from '../../support/wait-for.ts';

test.each([new Date('2026-03-02T09:00:00Z'), new Date('2048-01-01T00:00:00Z')])(
  'is valid for its name for ten years, and signed by itself (%s)',
  (now) => {
    const { cert } = makeCertificate('bounces.mail.example.org', now);
    const read = new X509Certificate(cert);
    expect(read.checkHost('bounces.mail.example.org')).toBe('bounces.mail.example.org');
    expect(read.checkHost('example.org')).toBeUndefined();
    expect(read.checkIssued(read)).toBe(true);
    expect(read.verify(read.publicKey)).toBe(true);
    expect(new Date(read.validFrom).getTime()).toBeLessThan(now.getTime());
    const lasts = new Date(read.validTo).getTime() - now.getTime();
    expect(lasts).toBe(3650 * 24 * 60 * 60 * 1000);
  },
);

test('of files is read when they change, and the one before is kept while they do not fit', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'paperround-certificate-'));
  const files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
  const write = ({ cert, key }: Certificate) =>
    Promise.all([writeFile(files.certFile, cert), writeFile(files.keyFile, key)]);
  const [first, second] = ['one.example', 'two.example'].map((name) => makeCertificate(name, new Date()));
  if (first === undefined || second === undefined) throw new Error('none was made');
  await write(first);
  expect(await readCertificate(files)).toEqual(first);

  const seen: Certificate[] = [];
  const problems: string[] = [];
  const stop = watchCertificate(files, {
    everyMs: 20,
    onChange: (certificate) => seen.push(certificate),
    onProblem: ({ message }) => problems.push(message),
  });
  await new Promise((resolve) => setTimeout(resolve, 60));
  await writeFile(files.certFile, second.cert);
  await waitFor('a complaint', () => problems.length > 0);
  // As it is found in the middle of its writing.
  await writeFile(files.keyFile, '');
  await waitFor('another', () => problems.length > 1);
  expect(seen).toEqual([]);
  await writeFile(files.keyFile, second.key);
  await waitFor('the new one', () => seen.length > 0);
  stop();
  expect(seen).toEqual([second]);
  await rm(folder, { recursive: true });
});

import { createPublicKey } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../support/program.ts';
import { runHere } from '../support/run-here.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paperround-dkim-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('keys are written for their owner only, with the records to publish, and never over others', async () => {
  const call = [
    'dkim',
    'generate',
    '--domain',
    'papers.example.org',
    '--selector',
    'pr1',
    '--folder',
    folder,
  ];
  const first = await runCommand(call);
  expect(first).toMatchObject({ exit: 0 });
  expect((await readdir(folder)).sort()).toEqual(['pr1.pem', 'pr1e.pem']);
  const pems = await Promise.all(['pr1.pem', 'pr1e.pem'].map((name) => readFile(join(folder, name), 'utf8')));
  expect(pems.map((pem) => createPublicKey(pem).asymmetricKeyType)).toEqual(['rsa', 'ed25519']);
  expect((await stat(join(folder, 'pr1.pem'))).mode & 0o777).toBe(0o600);
  expect(first.stdout).not.toContain('PRIVATE KEY-----');

  const parts = [...first.stdout.matchAll(/"([^"]*)"/g)].map(([, part = '']) => part);
  expect(parts.every((part) => part.length <= 255)).toBe(true);
  expect(first.stdout).toMatch(
    /^pr1\._domainkey\.papers\.example\.org\. IN TXT \( "v=DKIM1; k=rsa; p=[^"]+" "[^"]+" \)$/m,
  );
  expect(first.stdout).toMatch(
    /^pr1e\._domainkey\.papers\.example\.org\. IN TXT \( "v=DKIM1; k=ed25519; p=[^"]+" \)$/m,
  );

  const again = await runHere(call);
  expect(again).toMatchObject({ exit: 1, stdout: '' });
  expect(again.stderr).toContain('never overwritten');
  expect(await readFile(join(folder, 'pr1.pem'), 'utf8')).toBe(pems[0]);
});

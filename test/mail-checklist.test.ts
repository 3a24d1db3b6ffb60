// The page that names a test for each item of the checklist: complete, and leading to tests that are there.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageFolder } from '../src/config/config.ts';

const page = readFileSync(join(packageFolder, 'docs/mail-checklist.md'), 'utf8');

test('has every item once, and says of what is not held that it is not', () => {
  const count = { A: 17, B: 6, C: 12, D: 12 };
  const all = Object.entries(count).flatMap(([part, items]) =>
    Array.from({ length: items }, (_, index) => `${part}${index + 1}`),
  );
  const rows = page.split('\n').filter((line) => /^\| [A-D]\d/.test(line));
  expect(rows.flatMap((row) => row.split('|')[1]?.trim().split(', '))).toEqual(all);
  for (const row of rows) expect(row).toMatch(/\]\(\.\.\/test\/|\bno test\b/);
});

test('leads to tests that are there', () => {
  const files = [...page.matchAll(/\]\(\.\.\/(test\/[^)]+)\)/g)].map(([, file = '']) => file);
  expect(files.length).toBeGreaterThan(50);
  expect(files.filter((file) => !existsSync(join(packageFolder, file)))).toEqual([]);
});

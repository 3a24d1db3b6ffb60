// Where a run writes: in memory, or where the system has its temporary files.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeTemporaryFolder, type TemporaryFolder } from './temporary-folder.ts';

let memory: string;
let made: TemporaryFolder | null = null;
beforeEach(() => {
  memory = mkdtempSync(join(tmpdir(), 'paperround-memory-'));
});
afterEach(() => {
  made?.remove();
  made = null;
  rmSync(memory, { recursive: true });
});

test('where there is room in memory a run writes there, everyone may, and nothing of it stays', () => {
  made = makeTemporaryFolder({}, { memory, roomNeeded: 1 });
  expect(dirname(made.path)).toBe(memory);
  expect(statSync(made.path).mode & 0o7777).toBe(0o1777);
  writeFileSync(join(made.path, 'file'), 'words');
  made.remove();
  expect(readdirSync(memory)).toEqual([]);
});

test('what one left that had the same number is in nobody’s way', () => {
  const left = makeTemporaryFolder({}, { memory, roomNeeded: 1 });
  made = makeTemporaryFolder({}, { memory, roomNeeded: 1 });
  expect(readdirSync(memory)).toHaveLength(2);
  left.remove();
  expect(existsSync(made.path)).toBe(true);
});

test.each([
  ['there is too little', {}, { roomNeeded: 2 ** 60 }],
  ['there is none', {}, { memory: '/nowhere' }],
  ['another place was asked for', { TMPDIR: tmpdir() }, {}],
])('where %s it writes where the system has its temporary files', (_, env, place) => {
  made = makeTemporaryFolder(env, { memory, roomNeeded: 1, ...place });
  expect(dirname(made.path)).toBe(tmpdir());
  expect(readdirSync(memory)).toEqual([]);
});

test('what a run left that was killed goes, what one has that still runs does not', () => {
  const left = join(memory, 'paperround-tests-999999999-a1b2c3');
  const others = [`paperround-tests-${process.ppid}-a1b2c3`, 'somebody-else-999999999'];
  for (const path of [left, ...others.map((name) => join(memory, name))]) mkdirSync(path);
  made = makeTemporaryFolder({}, { memory, roomNeeded: 1 });
  expect(existsSync(left)).toBe(false);
  expect(readdirSync(memory)).toEqual(expect.arrayContaining(others));
});

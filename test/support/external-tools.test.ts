import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { describeHowToGet, externalTools, findExternalTool, findExternalTools } from './external-tools.ts';

function folderWith(...programs: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'paperround-tools-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const program of programs) {
    writeFileSync(join(folder, program), '#!/bin/sh\n');
    chmodSync(join(folder, program), 0o755);
  }
  return folder;
}

test('a tool is found on the PATH, under the first of its names that is there', () => {
  const [valkey, both] = [folderWith('valkey-server'), folderWith('valkey-server', 'redis-server')];
  expect(findExternalTool('redis-server', valkey)).toBe(join(valkey, 'valkey-server'));
  expect(findExternalTool('redis-server', [valkey, both].join(delimiter))).toBe(join(both, 'redis-server'));
});

test('what is not executable is no program, and a missing one is null', () => {
  const folder = folderWith('chromium');
  chmodSync(join(folder, 'chromium'), 0o644);
  expect(findExternalTool('chromium', folder)).toBeNull();
  expect(findExternalTool('chromium', '')).toBeNull();
});

test('every tool has an answer, and says how to get it', () => {
  expect(Object.keys(findExternalTools())).toEqual(externalTools);
  for (const tool of externalTools) expect(describeHowToGet(tool)).toMatch(/^`apt-get install [a-z\d-]+`/);
});

// `npm run build`, which `npm start` and `npm run paperround` ask for each time, in a program of three files.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectFolder } from './support/program.ts';

const sources = {
  'package-lock.json': '{}',
  'package.json': '{ "type": "module" }',
  'src/cli.ts': `#!/usr/bin/env node
import { greeting } from './greeting.ts';
import { readFileSync } from 'node:fs';
const templates: string = readFileSync(new URL('./mails/mail-sources.json', import.meta.url), 'utf8');
console.log(greeting, templates);`,
  'src/greeting.ts': `export const greeting: string = 'Good morning';`,
  'src/mails/mail-sources.ts': `import { readFile, writeFile } from 'node:fs/promises';
export async function storeMailSources(folder: string, file: string): Promise<void> {
  const template = await readFile(folder + '/digest.mjml', 'utf8');
  if (template === '') throw new Error('digest.mjml is empty');
  await writeFile(file, template);
}`,
  'templates/digest.mjml': 'reader',
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'paperround-built-'));
  for (const name of ['.build.mjs', 'tsconfig.json', 'src/tsconfig.json'])
    cpSync(join(projectFolder, name), join(folder, name), { recursive: true });
  symlinkSync(join(projectFolder, 'node_modules'), join(folder, 'node_modules'));
  for (const [name, text] of Object.entries(sources)) write(name, text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

function build(...to: string[]): { status: number | null; stderr: string } {
  const args = ['.build.mjs', ...to];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  return { status, stderr };
}

const done = { status: 0, stderr: '' };
const run = () => execFileSync(join(folder, 'dist/cli.js'), { encoding: 'utf8' });
const findFile = () => statSync(join(folder, 'dist/cli.js')).ino;

test('what changed is made anew, and nothing where nothing did', () => {
  expect(build()).toEqual(done);
  expect(run()).toBe('Good morning reader\n');
  const made = findFile();
  expect(build()).toEqual(done);
  expect(findFile()).toBe(made);
  write('src/greeting.ts', `export const greeting: string = 'Good evening';`);
  expect(build()).toEqual(done);
  expect(run()).toBe('Good evening reader\n');
  write('templates/digest.mjml', 'dear reader');
  expect(build()).toEqual(done);
  expect(run()).toBe('Good evening dear reader\n');
});

test('what cannot be made is told, and tried again', () => {
  write('templates/digest.mjml', '');
  for (const _time of [1, 2]) expect(build()).toEqual({ status: 1, stderr: 'digest.mjml is empty\n' });
  write('templates/digest.mjml', 'reader');
  expect(build()).toEqual(done);
  // Of what was broken off nothing is kept, where all is as it was before it, either.
  write('src/greeting.ts', `export const greeting: string = 'Good night';`);
  write('templates/digest.mjml', '');
  expect(build().status).toBe(1);
  write('src/greeting.ts', `export const greeting: string = 'Good evening';`);
  write('templates/digest.mjml', 'reader');
  expect(build()).toEqual(done);
  expect(run()).toBe('Good evening reader\n');
  writeFileSync(join(folder, 'nowhere'), '');
  expect(build('nowhere')).toEqual({ status: 1, stderr: expect.stringMatching(/^ENOTDIR: .*\n$/) });
  write('src/greeting.ts', 'export const greeting = ;');
  expect(build()).toMatchObject({ status: 1, stderr: expect.stringContaining('Command failed') });
});

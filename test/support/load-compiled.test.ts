import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { modulesFile, modulesFunction } from './load-compiled.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paperround-compiled-'));
  const module = `{ name: __filename, url: urlHere, load: () => importHere('node:path') }`;
  const code = `module.exports = { 'src/one.ts': () => (${module}) };`;
  await writeFile(join(folder, modulesFile), `${modulesFunction.start}${code}${modulesFunction.end}`);
});
afterEach(() => rm(folder, { recursive: true }));

const ownFile = fileURLToPath(new URL('./load-compiled.ts', import.meta.url));

/** A script that loads the module, and lives long enough to keep what it compiled. Returns what it said. */
async function run(command: string, keepsCompiled = true): Promise<string> {
  const build = JSON.stringify({ folder, keepsCompiled });
  const script = `import { loadCompiled } from ${JSON.stringify(pathToFileURL(ownFile).href)};
    const { name, url, load } = loadCompiled(${build}, 'src/one.ts', 'src/one.ts');
    const { posix } = await load();
    console.log(posix.basename(name), posix.basename(url));
    setTimeout(() => {}, 450);`;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script, 'one.js', command];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return stdout.trim();
}

const listKept = async () => (await readdir(folder)).filter((name) => name !== modulesFile).sort();

test('what a process compiled is taken by those of the same command after it', async () => {
  expect(await run('start')).toBe(`${modulesFile} ${modulesFile}`);
  const [kept = ''] = await listKept();
  const { ino } = await stat(join(folder, kept));
  expect(await run('start')).toBe(`${modulesFile} ${modulesFile}`);
  // What is refused is made anew.
  expect((await stat(join(folder, kept))).ino).toBe(ino);
  await run('stop');
  expect(await listKept()).toHaveLength(2);
});

test('what is spoilt hinders nobody, and is made anew', async () => {
  await run('start');
  const [kept = ''] = await listKept();
  await writeFile(join(folder, kept), 'spoilt');
  expect(await run('start')).toBe(`${modulesFile} ${modulesFile}`);
  expect((await stat(join(folder, kept))).size).toBeGreaterThan(100);
  expect(await listKept()).toHaveLength(1);
});

test('what is to be measured keeps nothing', async () => {
  await run('start', false);
  expect(await listKept()).toEqual([]);
});

// The program and the scripts that tests start, translated once per run: tsx would do that again in every process, which
// takes three quarters of a command's time.
import { type ChildProcess, type ForkOptions, fork } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformFile } from '@swc/core';
import { storeMailSources } from '../../src/mails/mail-sources.ts';
import { askMadeOnce, isMadeOnce } from './made-once.ts';

const projectFolder = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What the program reads beside its own code. */
const neighbours = ['node_modules', 'package.json', 'prisma', 'seeds', 'templates'];

const options = {
  configFile: false,
  swcrc: false,
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022', rewriteRelativeImportExtensions: true },
  module: { type: 'es6' },
} as const;

/** Laid out as the project is, with .js for .ts: `src/cli.js`, `test/support/worker-process.js`. */
export async function buildProgram(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'paperround-build-'));
  const tests = (await listFiles('test')).filter((file) => !file.endsWith('.test.ts'));
  await Promise.all([...(await listFiles('src')), ...tests].map((file) => buildFile(file, folder)));
  await storeMailSources(join(projectFolder, 'templates'), join(folder, 'src/mails/mail-sources.json'));
  for (const name of neighbours) await symlink(join(projectFolder, name), join(folder, name));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

async function listFiles(folder: string): Promise<string[]> {
  const names = await readdir(join(projectFolder, folder), { recursive: true });
  return names.filter((name) => /\.(?:ts|json)$/.test(name)).map((name) => join(folder, name));
}

async function buildFile(file: string, folder: string): Promise<void> {
  const from = join(projectFolder, file);
  const to = join(folder, file);
  await mkdir(dirname(to), { recursive: true });
  if (file.endsWith('.json')) return copyFile(from, to);
  const { code } = await transformFile(from, options);
  await writeFile(to.replace(/\.ts$/, '.js'), code);
}

/** How node runs a script of the project, given as `src/cli.ts`: built, or translated by tsx where no test asks. */
export async function findScript(script: string): Promise<{ path: string; execArgv: string[] }> {
  if (!isMadeOnce()) return { path: join(projectFolder, script), execArgv: ['--import', 'tsx'] };
  const { folder } = await askMadeOnce('build');
  return { path: join(folder, script.replace(/\.ts$/, '.js')), execArgv: [] };
}

/** Starts a script of the tests' own in a process to which one can talk. */
export async function forkScript(
  script: string,
  args: string[] = [],
  options: ForkOptions = {},
): Promise<ChildProcess> {
  const { path, execArgv } = await findScript(script);
  return fork(path, args, { ...options, execArgv });
}

// The real program as a child process: a command that runs to its end, with what it said.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { variables } from '../../src/config/config.ts';
import { findScript } from './build.ts';
import type { Host } from './network.ts';

export const projectFolder = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** For `TOPICS_FILE`, where a test is not about the topics. */
export const fewTopics = join(projectFolder, 'test/support/few-topics.yaml');

export type Env = Record<string, string>;

/** `npm` starts it as README says, `node` the run's own build of it; `built` what `npm run build` made. */
export type Launcher = 'node' | 'npm' | 'built';

export type Program = {
  child: ChildProcessByStdio<Writable, Readable, Readable>;
  stdout(): string;
  stderr(): string;
  /** With the signal's name where one ended it. */
  ended: Promise<number | NodeJS.Signals>;
};

export type Finished = { exit: number | NodeJS.Signals; stdout: string; stderr: string };

const launchers: Record<Launcher, (args: string[]) => Promise<[string, string[]]>> = {
  async node(args) {
    const { path, execArgv } = await findScript('src/cli.ts');
    return [process.execPath, [...execArgv, path, ...args]];
  },
  built: async (args) => [process.execPath, ['dist/cli.js', ...args]],
  npm: async (args) => ['npm', args[0] === 'start' ? args : ['run', '--silent', 'paperround', '--', ...args]],
};

/** In a process group of its own, as a terminal would start it; with no settings but those in `env`. */
export async function launch(
  args: string[],
  {
    env,
    launcher,
    folder = projectFolder,
    on = (program, args) => [program, args],
  }: { env: Env; launcher: Launcher; folder?: string; on?: Host['on'] },
): Promise<Program> {
  const [command, commandArgs] = on(...(await launchers[launcher](args)));
  const child = spawn(command, commandArgs, {
    cwd: folder,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...inheritedEnv(), ...env },
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    output.stderr += text;
  });
  // A program that ends without reading its input is none of a test's business.
  child.stdin.on('error', () => {});
  const killGroup = () => signalGroup(child.pid, 'SIGKILL');
  process.once('exit', killGroup);
  const ended = once(child, 'close').then(([code, signal]) => {
    process.off('exit', killGroup);
    return code ?? signal;
  });
  return { child, stdout: () => output.stdout, stderr: () => output.stderr, ended };
}

/** Runs a command to its end. */
export async function runCommand(
  args: string[],
  options: { env?: Env; stdin?: string | Buffer; launcher?: Launcher; folder?: string } = {},
): Promise<Finished> {
  const { env = {}, stdin = '', launcher = 'node', folder = projectFolder } = options;
  const program = await launch(args, { env, launcher, folder });
  program.child.stdin.end(stdin);
  const exit = await program.ended;
  return { exit, stdout: program.stdout(), stderr: program.stderr() };
}

/** To everything that the program started and that stayed in its group. A group that has ended is none. */
export function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It has ended.
  }
}

/** What the shell of somebody who configured nothing has. */
export function inheritedEnv(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(
    ([name]) => !(name in variables) && !/^(?:npm_|VITEST|NODE_ENV$|NODE_OPTIONS$|INIT_CWD$)/.test(name),
  );
  return Object.fromEntries(entries);
}

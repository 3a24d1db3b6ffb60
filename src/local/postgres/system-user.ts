// PostgreSQL refuses to run as root: who runs it then, and whether that user can reach the files.
import { chown, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ConfigError } from '../../platform/errors.ts';
import { type PostgresPrograms, runProgram, type SystemUser } from './programs.ts';

/** A folder on the way to a file, as the file system tells it. */
export type PathStep = { path: string; mode: number; uid: number; gid: number };

const waysOut =
  'start Paperround as an ordinary user, or move it to a folder that every user can enter (such as /opt/paperround), ' +
  'or set DATABASE_URL to a PostgreSQL of your own';

/**
 * The user PostgreSQL has to run as: null (ourselves) unless we are root; then the owner of `dataFolder` when there
 * is one, else `postgres`, who is created when missing. Throws ConfigError.
 */
export async function findServerUser(dataFolder: string): Promise<SystemUser | null> {
  if (process.getuid?.() !== 0) return null;
  const data = await stat(dataFolder).catch(() => null);
  // PostgreSQL opens nobody's data but the owner's.
  if (data !== null && data.uid !== 0) return { uid: data.uid, gid: data.gid };
  return (await findSystemUser('postgres')) ?? (await createPostgresUser());
}

async function findSystemUser(name: string): Promise<SystemUser | null> {
  const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, name])));
  if (uid?.code !== 0 || gid?.code !== 0) return null;
  return { uid: Number(uid.output), gid: Number(gid.output) };
}

async function findUserName(uid: number): Promise<string> {
  const { code, output } = await run('id', ['-un', String(uid)]);
  return code === 0 ? output : String(uid);
}

async function createPostgresUser(): Promise<SystemUser> {
  const flags = ['--system', '--user-group', '--home-dir', '/nonexistent', '--no-create-home'];
  const created = await run('useradd', [...flags, '--shell', '/usr/sbin/nologin', 'postgres']);
  const user = await findSystemUser('postgres');
  if (user !== null) return user;
  throw new ConfigError(
    `PostgreSQL does not run as root, and a user "postgres" for it could not be created (${created.output}): ` +
      'start Paperround as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own',
  );
}

function run(program: string, args: string[]) {
  return runProgram({ program, args, folder: '/', user: null }).catch((error: Error) => ({
    code: 127,
    output: error.message,
  }));
}

/** Throws ConfigError if `user` cannot run the programs or cannot enter `folder` (which exists). */
export async function checkReach(input: {
  user: SystemUser;
  programs: PostgresPrograms;
  folder: string;
}): Promise<void> {
  const { user, programs, folder } = input;
  // Trying is the only proof: access lists and mount options do not show in a folder's mode.
  const mayRun = await runAs(user, programs.initdb, ['--version']);
  const mayEnter = await runAs(user, '/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder]);
  if (mayRun && mayEnter) return;
  const steps = await Promise.all([programs.initdb, folder].flatMap(listFoldersTo).map(readStep));
  throw new ConfigError(describeBarrier({ user, userName: await findUserName(user.uid), steps, folder }));
}

const runAs = (user: SystemUser, program: string, args: string[]): Promise<boolean> =>
  runProgram({ program, args, folder: '/', user }).then(
    ({ code }) => code === 0,
    () => false,
  );

/** Gives a file that root made to the user PostgreSQL runs as. */
export async function handOver(path: string, user: SystemUser | null): Promise<void> {
  if (user !== null) await chown(path, user.uid, user.gid);
}

/** One sentence on what keeps `user` from `folder`, and the ways out. */
export function describeBarrier(input: {
  user: SystemUser;
  userName: string;
  steps: PathStep[];
  folder: string;
}): string {
  const barrier = findBarrier(input);
  const where = barrier === null ? input.folder : barrier.path;
  const mode = barrier === null ? '' : ` (mode ${(barrier.mode & 0o7777).toString(8).padStart(4, '0')})`;
  return (
    `PostgreSQL does not run as root, and user "${input.userName}", who runs it instead, cannot enter ` +
    `${where}${mode}: ${waysOut}`
  );
}

/** The first step that the user may not pass by its mode, null if there is none. */
export function findBarrier(input: { user: SystemUser; steps: PathStep[] }): PathStep | null {
  return input.steps.find((step) => !isPassable(step, input.user)) ?? null;
}

function isPassable(step: PathStep, user: SystemUser): boolean {
  if (step.uid === user.uid) return (step.mode & 0o100) !== 0;
  if (step.gid === user.gid) return (step.mode & 0o010) !== 0;
  return (step.mode & 0o001) !== 0;
}

async function readStep(path: string): Promise<PathStep> {
  const { mode, uid, gid } = await stat(path);
  return { path, mode, uid, gid };
}

function listFoldersTo(path: string): string[] {
  const parent = dirname(resolve(path));
  return parent === resolve(path) ? [parent] : [...listFoldersTo(parent), resolve(path)];
}

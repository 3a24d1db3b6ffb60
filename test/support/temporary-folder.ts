// Where a run of the tests writes: thousands of files of databases, profiles and builds, made and removed again. In memory where there is
// room, since ext4 looks at all that was removed in the last seconds before it makes another: a twelfth of the run's processor.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type TemporaryFolder = { path: string; remove: () => void };

/** Of these bytes a run takes a small part. */
const defaults = { memory: '/dev/shm', roomNeeded: 4 * 2 ** 30 };
const prefix = 'paperround-tests-';

/** Of this process. A `TMPDIR` that is set is kept to. */
export function makeTemporaryFolder(
  env: NodeJS.ProcessEnv,
  { memory, roomNeeded } = defaults,
): TemporaryFolder {
  const isInMemory = env.TMPDIR === undefined && hasRoom(memory, roomNeeded);
  if (isInMemory) removeLeftOver(memory);
  // A process before this one, or of another container, may have had the same number.
  const path = mkdtempSync(join(isInMemory ? memory : tmpdir(), `${prefix}${process.pid}-`));
  // As /tmp is: when root runs the tests, PostgreSQL and others run as users of their own.
  chmodSync(path, 0o1777);
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Containers often have little there, and let nothing be run from it. */
function hasRoom(folder: string, bytes: number): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= bytes && runsPrograms(folder);
  } catch {
    return false;
  }
}

function runsPrograms(folder: string): boolean {
  const script = join(folder, `${prefix}${process.pid}.sh`);
  try {
    writeFileSync(script, '#!/bin/sh\n', { mode: 0o700 });
    return spawnSync(script).status === 0;
  } finally {
    rmSync(script, { force: true });
  }
}

/** Of runs that were killed: what stays in memory is missed there. */
function removeLeftOver(memory: string): void {
  for (const name of readdirSync(memory)) {
    const pid = new RegExp(`^${prefix}(\\d+)`).exec(name)?.[1];
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue;
    try {
      rmSync(join(memory, name), { recursive: true, force: true });
    } catch {
      // Somebody else's.
    }
  }
}

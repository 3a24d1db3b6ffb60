// Backups of the whole database in a file, and back.
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { freeClaims, markUnknown, restoredGaps } from '../ledger/after-restore.ts';
import { type BackupHead, dumpDatabase } from '../platform/backup/dump.ts';
import { listConnected, readHead, restoreDatabase } from '../platform/backup/restore.ts';
import { ConfigError } from '../platform/errors.ts';

/**
 * For nobody else to read: it has every address. It has its name once it is whole and on the disk; until then a file that is there
 * stays, and without `overwrites` for good. Throws ConfigError.
 */
export async function writeBackup(
  databaseUrl: string,
  {
    path,
    overwrites = false,
    onBytes = () => {},
  }: { path: string; overwrites?: boolean; onBytes?: (written: number) => void },
): Promise<void> {
  if (!overwrites && existsSync(path))
    throw new ConfigError(`${path} is there already: take another name, or replace it with --overwrite`);
  // Two may be written at once, as by a timer and by hand.
  const unfinished = `${path}.${process.pid}.unfinished`;
  try {
    await pipeline(
      tellBytes(dumpDatabase(databaseUrl), onBytes),
      createGzip({ level: 4 }),
      createWriteStream(unfinished, { mode: 0o600, flush: true }),
    );
    await rename(unfinished, path);
    await flushFolder(dirname(path));
  } catch (error) {
    if (!isOfFile(error)) throw error;
    throw new ConfigError(`${path} cannot be written: ${error.message}`, { cause: error });
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function* tellBytes(
  pieces: AsyncIterable<Buffer>,
  onBytes: (written: number) => void,
): AsyncGenerator<Buffer> {
  let written = 0;
  for await (const piece of pieces) {
    written += piece.length;
    onBytes(written);
    yield piece;
  }
}

/** A name is as good as what its folder has on the disk. Windows opens no folders. */
async function flushFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path);
  await folder.sync().finally(() => folder.close());
}

/** Of the file or its disk, and not of the database. */
function isOfFile(error: unknown): error is Error {
  const ofFile = /^E(?:NOENT|NOTDIR|ISDIR|ACCES|PERM|ROFS|NOSPC|DQUOT|FBIG|IO)$/;
  return error instanceof Error && 'code' in error && ofFile.test(String(error.code));
}

/** PostgreSQL has noticed by then that somebody who was just stopped is gone. */
const leavesWithinMs = 2000;
const askAgainMs = 200;

/** What others do while a database is replaced would be half in the old one and half in the new. Throws ConfigError. */
export async function refuseWhileInUse(databaseUrl: string): Promise<void> {
  const giveUpAt = performance.now() + leavesWithinMs;
  let connected = await listConnected(databaseUrl);
  while (connected.length > 0 && performance.now() < giveUpAt) {
    await sleep(askAgainMs);
    connected = await listConnected(databaseUrl);
  }
  if (connected.length === 0) return;
  throw new ConfigError(
    `Paperround is connected to this database (${connected.join(', ')}), and nothing is changed: stop its web servers, workers and ` +
      'commands, and restore then. Behind a pooler its connections stay for some minutes; --force restores all the same',
  );
}

export type Restored = {
  madeAt: string;
  rows: number;
  /** Mails that may have left after the backup. */
  unknown: number;
};

/** `sinceThen`: whether mail may have left after the backup was made. */
export async function restoreBackup(
  databaseUrl: string,
  {
    path,
    sinceThen,
    now,
    onLines = () => {},
  }: {
    path: string;
    sinceThen: 'mail-may-have-left' | 'nothing-left';
    now: Date;
    onLines?: (read: number) => void;
  },
): Promise<Restored> {
  let unknown = 0;
  const { head, rows } = await restoreDatabase(databaseUrl, {
    lines: readBackupLines(path),
    onLines,
    gaps: restoredGaps,
    afterwards: async (client) => {
      if (sinceThen === 'nothing-left') await freeClaims(client);
      else unknown = await markUnknown(client, now);
    },
  });
  return { madeAt: head.madeAt, rows, unknown };
}

/** What is in a backup, by its first line. */
export async function readBackupHead(path: string): Promise<BackupHead> {
  for await (const line of readBackupLines(path)) return readHead(line);
  throw new ConfigError(`${path} is empty`);
}

async function* readBackupLines(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  const text = file.pipe(createGunzip());
  file.on('error', (error) => text.destroy(error));
  try {
    yield* createInterface({ input: text, crlfDelay: 0, terminal: false });
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    const isOfGzip = code?.startsWith('Z_') === true;
    const what = isOfGzip ? 'is no backup that `backup` has written, or not whole' : 'cannot be read';
    throw new ConfigError(`${path} ${what}: ${message}`, { cause: error });
  } finally {
    file.destroy();
  }
}

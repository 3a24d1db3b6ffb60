// Backups of the whole database in a file, and back.
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { freeClaims, markUnknown, restoredGaps } from '../ledger/after-restore.ts';
import { type BackupHead, dumpDatabase } from '../platform/backup/dump.ts';
import { readHead, restoreDatabase } from '../platform/backup/restore.ts';
import { ConfigError } from '../platform/errors.ts';

/** For nobody else to read: it has every address. A file that is there stays until the new one is whole. */
export async function writeBackup(databaseUrl: string, path: string): Promise<void> {
  const unfinished = `${path}.unfinished`;
  try {
    await pipeline(
      dumpDatabase(databaseUrl),
      createGzip({ level: 4 }),
      createWriteStream(unfinished, { mode: 0o600 }),
    );
    await rename(unfinished, path);
  } catch (error) {
    if (!isOfFile(error)) throw error;
    throw new ConfigError(`${path} cannot be written: ${error.message}`, { cause: error });
  } finally {
    await rm(unfinished, { force: true });
  }
}

/** Of the file or its disk, and not of the database. */
function isOfFile(error: unknown): error is Error {
  const ofFile = /^E(?:NOENT|NOTDIR|ISDIR|ACCES|PERM|ROFS|NOSPC|DQUOT|FBIG|IO)$/;
  return error instanceof Error && 'code' in error && ofFile.test(String(error.code));
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
  { path, sinceThen, now }: { path: string; sinceThen: 'mail-may-have-left' | 'nothing-left'; now: Date },
): Promise<Restored> {
  let unknown = 0;
  const { head, rows } = await restoreDatabase(databaseUrl, {
    lines: readBackupLines(path),
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

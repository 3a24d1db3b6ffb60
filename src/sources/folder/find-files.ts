// Which files of a watched folder are complete. Links, subfolders, devices and what is still being written are left alone.
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export type FoundFile = { name: string; path: string; size: number };

export type Patience = {
  /** A file that was changed within this time may not be complete. */
  quietMs: number;
  /** Between two looks at a file: in between nothing may have changed. */
  lookMs: number;
};

/** Names that programs give to what they are still writing: hidden, or with such an ending. */
const unfinished = /^\.|~$|\.(?:part|partial|tmp|temp|crdownload|download|filepart|swp)$/i;

/** In the order of their names. Throws when the folder cannot be read. */
export async function findCompleteFiles(
  folder: string,
  { patience, now }: { patience: Patience; now: Date },
): Promise<FoundFile[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile() && !unfinished.test(entry.name))
    .map(({ name }) => name);
  const first = await lookAt(folder, names);
  const quiet = first.filter(({ changedAt }) => {
    const age = now.getTime() - changedAt;
    // A file system whose clock is ahead must not hide files for ever: then the second look decides.
    return age >= patience.quietMs || age < -patience.quietMs;
  });
  if (quiet.length === 0) return [];
  await sleep(patience.lookMs);
  const before = new Map(quiet.map((file) => [file.name, file.print]));
  const second = await lookAt(folder, [...before.keys()]);
  return second
    .filter(({ name, print }) => before.get(name) === print)
    .map(({ name, path, size }) => ({ name, path, size }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** `print` differs after any change of the file. What vanished in between is not there. */
async function lookAt(folder: string, names: string[]) {
  const looks = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const stats = await lstat(path).catch(() => null);
      if (stats === null || !stats.isFile()) return [];
      const { ino, size, mtimeMs, ctimeMs } = stats;
      return [
        { name, path, size, changedAt: Math.max(mtimeMs, 0), print: [ino, size, mtimeMs, ctimeMs].join() },
      ];
    }),
  );
  return looks.flat();
}

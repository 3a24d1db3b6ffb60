// Has the data folder room, and may we write there.
import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describeError, fail, ok, type Told, warn } from './finding.ts';

const gigabyte = 1024 ** 3;
const [fewBytes, tooFewBytes] = [gigabyte, gigabyte / 10];

type Statfs = (path: string) => Promise<{ bavail: number; bsize: number; ffree: number; files: number }>;

export async function examineDisk({
  dataFolder,
  readSpace = statfs,
}: {
  dataFolder: string;
  readSpace?: Statfs;
}): Promise<Told[]> {
  const folder = await findExisting(dataFolder);
  const remedy = `Make room there, or set DATA_DIR to a folder on another disk`;
  try {
    const { bavail, bsize, ffree, files } = await readSpace(folder);
    const free = bavail * bsize;
    const what = `${(free / gigabyte).toFixed(1)} GB are free for ${dataFolder}`;
    return [
      free < tooFewBytes ? fail(what, remedy) : free < fewBytes ? warn(what, remedy) : ok(what),
      // Some file systems count none.
      ...(files > 0 && ffree < 1000
        ? [fail(`only ${ffree} more files fit beside ${dataFolder}`, remedy)]
        : []),
      ...(await judgeWriting(folder, dataFolder)),
    ];
  } catch (error) {
    return [fail(`${dataFolder} cannot be looked at: ${describeError(error)}`, remedy)];
  }
}

async function judgeWriting(folder: string, dataFolder: string): Promise<Told[]> {
  const mayWrite = await access(folder, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (mayWrite) return [];
  return [
    fail(
      `nothing can be written to ${dataFolder}`,
      `chown it to the user that runs Paperround, or set DATA_DIR`,
    ),
  ];
}

/** The folder is made when it is first needed. */
async function findExisting(path: string): Promise<string> {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  return exists || dirname(path) === path ? path : findExisting(dirname(path));
}

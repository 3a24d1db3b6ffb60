// Where files of a watched folder go when they are done: imported/ or refused/ in that folder, and nowhere else.
import { access, constants, lstat, mkdir, rename, writeFile } from 'node:fs/promises';
import { join, parse } from 'node:path';

export type Shelf = 'imported' | 'refused';

/** Makes the folder and its shelves. Null, or one sentence about why files could not be put away. */
export async function openShelves(folder: string): Promise<string | null> {
  try {
    await mkdir(folder, { recursive: true });
    for (const shelf of ['imported', 'refused'] satisfies Shelf[]) {
      const path = join(folder, shelf);
      await mkdir(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
      if (!(await lstat(path)).isDirectory()) {
        return `${path} is no folder: files that are done are to be moved there. Move it away`;
      }
      await access(path, constants.W_OK | constants.X_OK);
    }
    await access(folder, constants.W_OK | constants.R_OK | constants.X_OK);
    return null;
  } catch (error) {
    return `${folder} cannot be used (${(error as NodeJS.ErrnoException).code}): make it a folder that may be read and written`;
  }
}

/** Under its own name, or a new one beside a file that has it. A refused file gets its reason as a text beside it. */
export async function putAway(
  folder: string,
  { name, shelf, reason }: { name: string; shelf: Shelf; reason: string | null },
): Promise<void> {
  const target = await findFreeName(join(folder, shelf), name);
  if (reason !== null) await writeFile(`${target}.why.txt`, `${reason}\n`);
  await rename(join(folder, name), target);
}

async function findFreeName(folder: string, name: string): Promise<string> {
  const { name: stem, ext } = parse(name);
  for (let number = 1; ; number += 1) {
    const path = join(folder, number === 1 ? name : `${stem}-${number}${ext}`);
    const isTaken = await lstat(path).then(
      () => true,
      () => false,
    );
    if (!isTaken) return path;
  }
}

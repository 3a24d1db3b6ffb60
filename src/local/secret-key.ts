// The key that signs links, for whoever configured none: made once, readable by its owner only.
import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../platform/errors.ts';

/** The key in `dataFolder`, made when there is none. Two processes that start at once get the same. */
export async function readSecretKey(dataFolder: string): Promise<string> {
  const path = join(dataFolder, 'secret-key');
  return (await readKey(path)) ?? makeKey(path, dataFolder);
}

async function readKey(path: string): Promise<string | null> {
  try {
    const key = (await readFile(path, 'utf8')).trim();
    if (key.length >= 32) return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  throw new ConfigError(
    `${path} holds no key: restore it, or delete it and accept that the links in old mails end`,
  );
}

/** Written aside and then linked, so that a key is never seen half written, and the first one wins. */
async function makeKey(path: string, dataFolder: string): Promise<string> {
  await mkdir(dataFolder, { recursive: true });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flush: true });
  try {
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const key = await readKey(path);
  if (key === null) throw new ConfigError(`${path} vanished while it was read`);
  return key;
}

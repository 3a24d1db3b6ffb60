// Keys that nobody configured, such as the one that signs links: made once, readable by their owner only.
import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConfigError } from '../platform/errors.ts';

/** The key in `dataFolder`, made when there is none. Two processes that start at once get the same. */
export async function readSecretKey(dataFolder: string): Promise<string> {
  const loss = 'that the links in old mails end';
  return readOrMakeKey({ path: join(dataFolder, 'secret-key'), loss });
}

/** `loss`: what whoever deletes the file has to accept. */
export async function readOrMakeKey({ path, loss }: { path: string; loss: string }): Promise<string> {
  return (await readKey(path, loss)) ?? makeKey(path, loss);
}

async function readKey(path: string, loss: string): Promise<string | null> {
  try {
    const key = (await readFile(path, 'utf8')).trim();
    if (key.length >= 32) return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  throw new ConfigError(`${path} holds no key: restore it, or delete it and accept ${loss}`);
}

/** Written aside and then linked, so that a key is never seen half written, and the first one wins. */
async function makeKey(path: string, loss: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flush: true });
  try {
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const key = await readKey(path, loss);
  if (key === null) throw new ConfigError(`${path} vanished while it was read`);
  return key;
}

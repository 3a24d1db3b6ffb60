// Does the server at an address serve this very folder? It has to read back what was just written there, so neither a
// stale note nor a copied folder is ever believed. And the note: where the folder's page was last served.
import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** `silent`: nobody answered in time, as when a server is just going. */
export type WhoAnswers = 'ours' | 'stranger' | 'silent';

const patienceMs = 2_000;

export const proofRoute = '/api/proof/';

export async function askWhoAnswers(input: { folder: string; url: string }): Promise<WhoAnswers> {
  const name = randomUUID();
  const proof = randomUUID();
  const file = proofFile(input.folder, name);
  await writeFile(file, proof, { mode: 0o600 });
  try {
    const response = await fetch(`${input.url}${proofRoute}${name}`, {
      redirect: 'error',
      signal: AbortSignal.timeout(patienceMs),
    });
    return (await response.text()) === proof ? 'ours' : 'stranger';
  } catch (error) {
    // A refused or broken connection; anything else that is not HTTP belongs to somebody.
    return isLost(error) ? 'silent' : 'stranger';
  } finally {
    await rm(file, { force: true });
  }
}

/** What a server answers to be believed. Null: there is no such proof. */
export async function readProof(folder: string, name: string): Promise<string | null> {
  if (!/^[0-9a-f-]{36}$/.test(name)) return null;
  return readFile(proofFile(folder, name), 'utf8').catch(() => null);
}

const proofFile = (folder: string, name: string) => join(folder, `${name}.proof`);

function isLost(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : null;
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  return code === 'ECONNREFUSED' || code === 'ECONNRESET' || code === 'UND_ERR_SOCKET';
}

/** Where the folder's page is served right now, whoever does; null when nobody does. */
export async function findPageUrl(folder: string): Promise<string | null> {
  const url = await readFile(noteFile(folder), 'utf8').catch(() => '');
  if (!/^http:\/\/localhost:\d{1,5}$/.test(url)) return null;
  return (await askWhoAnswers({ folder, url })) === 'ours' ? url : null;
}

export async function notePageUrl(folder: string, url: string): Promise<void> {
  const draft = join(folder, `${randomUUID()}.part`);
  await writeFile(draft, url, { mode: 0o600 });
  await rename(draft, noteFile(folder));
}

export async function forgetPageUrl(folder: string, url: string): Promise<void> {
  const noted = await readFile(noteFile(folder), 'utf8').catch(() => '');
  if (noted === url) await rm(noteFile(folder), { force: true });
}

const noteFile = (folder: string) => join(folder, 'page-url');

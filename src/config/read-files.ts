// The files that variables name, and where those are that come with the program.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Brand, readBrand } from '../brand/brand.ts';
import { readDisposableDomains } from './disposable-domains.ts';
import type { Complain, Variables } from './read-env.ts';

/** Where templates/, seeds/ and prisma/ are; the same seen from src/ and from dist/. */
export const packageFolder = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export function readDomainsFile(
  { DISPOSABLE_DOMAINS_FILE: path }: Variables,
  complain: Complain,
): ReadonlySet<string> {
  if (path === undefined) return new Set();
  try {
    return readDisposableDomains(readFileSync(path, 'utf8'));
  } catch (error) {
    complain('DISPOSABLE_DOMAINS_FILE', `is not a readable file (${(error as Error).message})`);
    return new Set();
  }
}

/** From where the program was started, or else one that comes with it. What is in it is told when it is read. */
export function findTopicsFile(
  path: string | undefined,
  workingFolder: string,
  complain: Complain,
): string | null {
  if (path === undefined) return null;
  const found = [workingFolder, packageFolder].map((folder) => resolve(folder, path)).find(existsSync);
  if (found === undefined) complain('TOPICS_FILE', `is not a file: there is no ${path}`);
  return found ?? null;
}

/** Each problem on its own. */
export function findBrand(
  given: string | undefined,
  workingFolder: string,
  complain: Complain,
): Brand | null {
  if (given === undefined) return null;
  const { brand, problems } = readBrand(resolve(workingFolder, given));
  for (const problem of problems) complain('BRAND_DIR', `${given}: ${problem}`);
  return brand;
}

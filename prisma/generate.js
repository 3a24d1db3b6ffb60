// Generates the Prisma client after an install. `prisma generate` needs no schema engine, yet the CLI insists on
// downloading one; pointing it at any existing file spares that download.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const folder = dirname(fileURLToPath(import.meta.url));

/** @returns {string | null} null where the development dependencies were left out: the image is built before that. */
function findPrismaCli() {
  try {
    return require.resolve('prisma/build/index.js');
  } catch {
    return null;
  }
}

const cli = findPrismaCli();
if (cli !== null && existsSync(join(folder, 'schema.prisma'))) {
  const { status } = spawnSync(
    process.execPath,
    [cli, 'generate', '--schema', join(folder, 'schema.prisma'), '--no-hints'],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1' },
    },
  );
  process.exitCode = status ?? 1;
}

// Writes a new migration: the difference between what the migrations lead to and schema.prisma.
//   npx tsx prisma/diff.ts <name>      for example: npx tsx prisma/diff.ts subscriber_language
// makes prisma/migrations/<time>_<name>/migration.sql, to be read and completed by hand (checks, partial indexes, a default
// for existing rows). What the migrations lead to is kept in prisma/migrations/schema.prisma, where the next difference
// starts: a migrated database could not tell which of its indexes were written by hand. Needs no database.
// One that only expands is named so, <time>_expand_<name>: versions from before can go on beside it.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/local/postgres/postgres.ts';
import { listContractions } from './expanding.ts';
import { diffSchemas } from './schema-engine.ts';

const prismaFolder = fileURLToPath(new URL('.', import.meta.url));
const migrationsFolder = join(prismaFolder, 'migrations');

const name = process.argv[2];
if (name === undefined || !/^[a-z0-9_]+$/.test(name)) {
  console.error(
    'What is the migration to be called? In small letters: npx tsx prisma/diff.ts subscriber_language',
  );
  process.exit(1);
}

const migratedSchema = join(migrationsFolder, 'schema.prisma');
const from = await readFile(migratedSchema, 'utf8');
const to = await readFile(join(prismaFolder, 'schema.prisma'), 'utf8');
const sql = await compare(from, to);
if (sql === '') {
  console.log('schema.prisma and the migrations agree: there is nothing to write.');
} else {
  const folder = join(
    migrationsFolder,
    `${formatTime(new Date())}_${listContractions(sql).length === 0 ? 'expand_' : ''}${name}`,
  );
  await mkdir(folder);
  await writeFile(join(folder, 'migration.sql'), sql);
  await writeFile(migratedSchema, to);
  console.log(`${folder}/migration.sql is written: read it, and add what schema.prisma cannot say.`);
}
// The engine leaves timers of many seconds behind.
process.exit();

// The engine asks a database for its version before it compares anything.
async function compare(before: string, after: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'paperround-diff-'));
  const postgres = await startEmbeddedPostgres({ folder, log: () => {} });
  const client = new pg.Client({ connectionString: postgres.databaseUrl });
  try {
    await client.connect();
    return await diffSchemas({ client, from: before, to: after });
  } finally {
    await client.end();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** As Prisma names its migrations: YYYYMMDDhhmmss, in UTC. */
function formatTime(time: Date): string {
  return time.toISOString().replace(/\D/g, '').slice(0, 14);
}

// A checkout of the version after this one, as far as an upgrade goes: its migration expands two tables, its Prisma client knows the
// new columns and asks for them, and its ledger writes one.
import { execFileSync, type ForkOptions, fork } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectFolder } from './program.ts';

export const nextMigration = '20990101000000_expand_recorded_by';
const expansion = `
  CREATE TABLE "mood" ("id" BIGINT NOT NULL, CONSTRAINT "mood_pkey" PRIMARY KEY ("id"));
  ALTER TABLE "delivery" ADD COLUMN "recorded_by" TEXT, ADD COLUMN "tries" INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE "subscriber" ADD COLUMN "mood" TEXT;
  CREATE INDEX "subscriber_mood_idx" ON "subscriber"("mood");`;

export type NextVersion = {
  /** Its migrations, ours before them. */
  migrations: string;
  /** A process of it that runs a script of ours. */
  fork(script: string, options: ForkOptions): ReturnType<typeof fork>;
  remove(): Promise<void>;
};

export async function makeNextVersion(): Promise<NextVersion> {
  const folder = await mkdtemp(join(tmpdir(), 'paperround-next-'));
  const isOurs = (path: string) => !path.includes('/src/generated');
  await mkdir(join(folder, 'test'));
  for (const part of ['src', 'prisma', 'templates', 'test/support', 'package.json', 'tsconfig.json'])
    await cp(join(projectFolder, part), join(folder, part), { recursive: true, filter: isOurs });
  await symlink(join(projectFolder, 'node_modules'), join(folder, 'node_modules'));
  await mkdir(join(folder, 'prisma/migrations', nextMigration));
  await writeFile(join(folder, 'prisma/migrations', nextMigration, 'migration.sql'), expansion);
  await change(join(folder, 'prisma/schema.prisma'), [
    [
      'model Delivery {',
      'model Delivery {\n  recordedBy String? @map("recorded_by")\n  tries Int @default(0)\n',
    ],
    ['model Subscriber {', 'model Subscriber {\n  mood String?\n'],
  ]);
  await change(join(folder, 'src/ledger/outcomes.ts'), [
    [
      'UPDATE delivery SET state = given.state,',
      "UPDATE delivery SET state = given.state, recorded_by = 'next', tries = tries + 1,",
    ],
  ]);
  execFileSync(process.execPath, ['prisma/generate.js'], { cwd: folder });
  return {
    migrations: join(folder, 'prisma/migrations'),
    fork: (script, options) =>
      fork(join(folder, script), { ...options, cwd: folder, execArgv: ['--import', 'tsx'] }),
    remove: () => rm(folder, { recursive: true }),
  };
}

async function change(path: string, changes: [string, string][]): Promise<void> {
  let text = await readFile(path, 'utf8');
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`${path} has no “${from}” any more`);
    text = text.replace(from, to);
  }
  await writeFile(path, text);
}

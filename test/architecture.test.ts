// Keeps the design's import rules true: who may import whom, who may know which library, how long a file may be.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  findBrokenImportRules,
  findEnvironmentReaders,
  findFolderCycles,
  findLongFiles,
  listImports,
  type SourceFile,
} from './support/architecture.ts';

const sourceFolder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'src');

/** Files that may pass 250 lines, each with its reason. */
const longFiles: Record<string, string> = {};

const files: SourceFile[] = readdirSync(sourceFolder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => join(entry.parentPath, entry.name))
  .map((path) => ({ path: relative(sourceFolder, path), text: readFileSync(path, 'utf8') }))
  .filter(({ path }) => !path.startsWith('generated/'));

const file = (path: string, text: string): SourceFile => ({ path, text });

describe('the source', () => {
  test('every import keeps to the rules', () => {
    expect(findBrokenImportRules(files)).toEqual([]);
  });

  test('no domain folders import each other in a circle', () => {
    expect(findFolderCycles(files)).toEqual([]);
  });

  test('only config.ts reads the environment', () => {
    expect(findEnvironmentReaders(files)).toEqual([]);
  });

  test('no file is longer than 250 lines without a reason', () => {
    expect(findLongFiles(files, Object.keys(longFiles))).toEqual([]);
  });

  test('no exception outlives its reason', () => {
    const stillLong = findLongFiles(files, []);
    expect(Object.keys(longFiles).filter((path) => !stillLong.some((line) => line.startsWith(path)))).toEqual(
      [],
    );
  });
});

describe('reading imports', () => {
  test('every way to import is seen', () => {
    const text = `
      import express, { type Request } from 'express';
      import type { Queue } from "bullmq";
      import {
        one, // not from 'here'
        two,
      } from './several-lines.ts';
      import './for-its-effect.ts';
      export { three } from './again.ts';
      export * from './everything.ts';
      const later = await import('./later.ts');
      type Late = import('./late-type.ts').Late;
      const old = require('old');
    `;
    expect(listImports(text)).toEqual([
      'express',
      'bullmq',
      './several-lines.ts',
      './for-its-effect.ts',
      './again.ts',
      './everything.ts',
      './later.ts',
      './late-type.ts',
      'old',
    ]);
  });

  test('comments and texts are not imports', () => {
    const text = `
      // import a from 'a';
      /* import b from 'b'; */
      const message = "import c from 'c'";
      const page = \`import d from 'd'; \${name}\`;
      const url = 'https://example.org'; // import('e')
      const pattern = /['"]/;
      export const from = 'f';
      export const { name } = thing;
    `;
    expect(listImports(text)).toEqual([]);
  });
});

describe('bad examples are found', () => {
  test.each([
    ['digests/compose.ts', "import { send } from '../delivery/send.ts';"],
    ['papers/page.ts', "import { layout } from '../web/layout.ts';"],
    ['matching/job.ts', "import type { Job } from '../workers/job.ts';"],
    ['papers/list.ts', "import { PrismaClient } from '../generated/prisma/client.ts';"],
    ['papers/list.ts', "import type { Paper } from '../generated/prisma/client.ts';"],
    ['delivery/send.ts', "import { PrismaPg } from '@prisma/adapter-pg';"],
    ['store.ts', "import { Prisma } from './generated/prisma/client.ts';"],
    ['papers/route.ts', "import type { Request } from 'express';"],
    ['digests/limit.ts', "import { rateLimit } from 'express-rate-limit';"],
    ['subscribers/queue.ts', "import { Queue } from 'bullmq';"],
    ['web/app.ts', "import type { Job } from 'bullmq/dist/esm/index.js';"],
    ['subscribers/mail.ts', "import { createTransport } from 'nodemailer';"],
    ['web/app.ts', "import { run } from '../main.ts';"],
    ['main.ts', "import { run } from './cli.ts';"],
    ['workers/plan.ts', "import { preview } from '../commands/digest-commands.ts';"],
    ['web/app.ts', "const { run } = await import('../cli.ts');"],
    ['embedded/start.ts', "import { createTestDatabase } from '../../test/support/postgres.ts';"],
  ])('%s: %s', (path, text) => {
    expect(findBrokenImportRules([file(path, text)])).toHaveLength(1);
  });

  test('two folders that import each other', () => {
    const circle = [
      file('papers/a.ts', "import { b } from '../sources/b.ts';"),
      file('sources/b.ts', "import { c } from '../matching/c.ts';"),
      file('matching/c.ts', "import type { a } from '../papers/a.ts';"),
    ];
    expect(findFolderCycles(circle)).toEqual(['matching -> papers -> sources -> matching']);
    expect(findFolderCycles(circle.slice(0, 2))).toEqual([]);
  });

  test.each([
    'const url = process.env.DATABASE_URL;',
    "const url = process['env'].DATABASE_URL;",
    "import { env } from 'node:process';",
    'const { env } = process;',
  ])('%s', (text) => {
    expect(findEnvironmentReaders([file('db.ts', text)])).toHaveLength(1);
    expect(findEnvironmentReaders([file('config.ts', text)])).toEqual([]);
  });

  test('handing the environment on to a child process is not reading it', () => {
    const text = "spawn(program, { env: { ...process.env, LC_ALL: 'C' } });";
    expect(findEnvironmentReaders([file('embedded/run.ts', text)])).toEqual([]);
  });

  test('251 lines', () => {
    expect(findLongFiles([file('long.ts', 'x\n'.repeat(251))], [])).toEqual(['long.ts has 251 lines']);
    expect(findLongFiles([file('long.ts', 'x\n'.repeat(251))], ['long.ts'])).toEqual([]);
    expect(findLongFiles([file('right.ts', 'x\n'.repeat(250))], [])).toEqual([]);
  });
});

describe('good examples pass', () => {
  test.each([
    ['delivery/send.ts', "import { compose } from '../digests/compose.ts';"],
    ['delivery/smtp.ts', "import { createTransport } from 'nodemailer';"],
    ['mailer.ts', "import SMTPTransport from 'nodemailer/lib/smtp-transport/index.js';"],
    ['papers/store.ts', "import type { Paper } from '../generated/prisma/client.ts';"],
    ['delivery/claim-store.ts', "import { Prisma } from '../generated/prisma/client.ts';"],
    ['db.ts', "import { PrismaPg } from '@prisma/adapter-pg';"],
    ['queue.ts', "import { Queue } from 'bullmq';"],
    ['workers/plan.ts', "import type { Job } from 'bullmq'; import { plan } from '../delivery/plan.ts';"],
    ['web/app.ts', "import express from 'express';"],
    ['cli.ts', "import { run } from './main.ts';"],
    ['commands/start.ts', "import { run } from '../main.ts';"],
  ])('%s: %s', (path, text) => {
    expect(findBrokenImportRules([file(path, text)])).toEqual([]);
  });
});

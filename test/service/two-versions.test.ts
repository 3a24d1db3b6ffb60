// An upgrade while everything goes on: the version of now works on a database that a newer one has expanded, beside that one.
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { packageFolder, readConfig } from '../../src/config/config.ts';
import { deliverDue } from '../../src/delivery/deliver.ts';
import { planDigests } from '../../src/ledger/plan.ts';
import { applyMigrations } from '../../src/platform/postgres/migrate.ts';
import { createCloser } from '../../src/service/closer.ts';
import { checkDatabase, migrateDatabase, openDatabase } from '../../src/service/open-database.ts';
import { listBrokenPromises } from '../support/broken-promises.ts';
import { openPostOffice, type PostOffice } from '../support/post-office.ts';
import { createEmptyDatabase } from '../support/postgres.ts';
import { waitFor } from '../support/wait-for.ts';
import { wireDelivery } from '../support/wire-delivery.ts';
import { expertPaper } from '../support/world.ts';

const shippedFolder = join(packageFolder, 'prisma/migrations');
const next = '20990101000000_expand_mood';
const expansion = `
  CREATE TABLE "mood" ("id" BIGINT NOT NULL, CONSTRAINT "mood_pkey" PRIMARY KEY ("id"));
  ALTER TABLE "delivery" ADD COLUMN "mood" TEXT, ADD COLUMN "tries" INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE "subscriber" ADD COLUMN "mood" TEXT;
  CREATE INDEX "delivery_mood_idx" ON "delivery"("mood");`;

const closer = createCloser();
const said: { msg: string; ahead?: string[] }[] = [];
const log = pino({ level: 'warn' }, { write: (line: string) => said.push(JSON.parse(line)) });

const configFor = (databaseUrl: string, more: Record<string, string> = {}) =>
  readConfig({
    DATABASE_URL: databaseUrl,
    SMTP_URL: 'smtp://127.0.0.1:9',
    BASE_URL: 'https://papers.example.org',
    SECRET_KEY: 'for this test alone, and 32 characters long',
    ...more,
  });

/** What the next version brings its database to. */
async function expand(databaseUrl: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'paperround-next-'));
  await cp(shippedFolder, folder, { recursive: true });
  await mkdir(join(folder, next));
  await writeFile(join(folder, next, 'migration.sql'), expansion);
  expect(await applyMigrations({ databaseUrl, folder })).toMatchObject({ applied: [next] });
  await rm(folder, { recursive: true });
}

let post: PostOffice;
beforeEach(async () => {
  said.length = 0;
  post = await openPostOffice();
});
afterEach(async () => {
  await closer.close();
  await post.close();
});

test('a worker from before the migration and one from after it share two editions, and everyone has each once', async () => {
  const { databaseUrl, smtp, clock, now, tokens } = post;
  await post.list('2026-03-02', [expertPaper('translation')]);
  const readers = Array.from({ length: 40 }, (_, number) => `reader${number}@example.org`);
  for (const email of readers) await post.subscribe(email);
  await post.db.delivery.deleteMany({ where: { kind: 'confirmation' } });

  const older = deliverDue(post.deps);
  await waitFor('the first mails', () => smtp.mails.length > 2);
  await expand(databaseUrl);
  // What starts now starts on a database that is newer than it is: as after a roll-back, or on another machine.
  const { db } = await openDatabase({ config: configFor(databaseUrl, { MIGRATE: 'off' }), log }, closer);
  expect(said).toMatchObject([{ ahead: [next], msg: expect.stringMatching(/^the database is newer/) }]);
  const mailSources = inject('mailSources');
  const { deps: newer } = await wireDelivery({ db, mailSources, smtpUrl: smtp.smtpUrl, now, tokens });
  closer.add(() => newer.mailer.close());
  await Promise.all([older, deliverDue(newer)]);

  clock.now = new Date('2026-03-03T09:00:00Z');
  await post.list('2026-03-03', [expertPaper('speech')]);
  await Promise.all([planDigests({ db: post.db, now: now() }), planDigests({ db, now: now() })]);
  await Promise.all([deliverDue(post.deps), deliverDue(newer)]);

  expect(await listBrokenPromises(db, smtp.mails)).toEqual([]);
  const received = smtp.mails.map(({ to }) => to).toSorted();
  expect(received).toEqual([...readers, ...readers].toSorted());
});

test('with MIGRATE=off nothing is opened before it is migrated, and the migration and the remedy are named', async () => {
  const empty = await createEmptyDatabase();
  closer.add(empty.drop);
  const opening = { config: configFor(empty.databaseUrl, { MIGRATE: 'off' }), log };
  await expect(openDatabase(opening, closer)).rejects.toThrow(
    /^Migration 20261123000000_init and \d+ after it is not applied .* run `paperround migrate`/,
  );
  const { pending } = await checkDatabase(opening, closer);
  expect(await migrateDatabase(opening, closer)).toMatchObject({ applied: pending });
  await expect(openDatabase(opening, closer)).resolves.toMatchObject({ databaseUrl: empty.databaseUrl });
});

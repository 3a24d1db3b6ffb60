// What a migration may do beside an older version of the program.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listContractions } from '../../prisma/expanding.ts';
import { packageFolder } from '../../src/config/config.ts';
import { isExpanding } from '../../src/platform/postgres/migration-history.ts';

const folder = join(packageFolder, 'prisma/migrations');

test.each([
  ['CREATE TABLE "mood" ("id" int NOT NULL, CONSTRAINT "mood_pkey" PRIMARY KEY ("id"));', 0],
  [
    'CREATE TABLE "mood" ("id" int); CREATE UNIQUE INDEX "m" ON "mood"("id"); CREATE INDEX "d" ON "delivery"("id");',
    0,
  ],
  [
    'CREATE TABLE mood (a uuid); ALTER TABLE mood ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES subscriber(id) ON DELETE CASCADE ON UPDATE CASCADE;',
    0,
  ],
  [
    "-- AlterTable\nALTER TABLE delivery ADD COLUMN mood text, ADD COLUMN n numeric(3, 2) NOT NULL DEFAULT 1; COMMENT ON COLUMN delivery.mood IS 'DROP; it';",
    0,
  ],
  ['ALTER TABLE delivery ADD COLUMN mood text NOT NULL;', 1],
  ['ALTER TABLE delivery ADD COLUMN mood text, DROP COLUMN detail;', 1],
  ['ALTER TABLE delivery ADD COLUMN mood text UNIQUE;', 1],
  ['CREATE UNIQUE INDEX m ON delivery(id);', 1],
  ['CREATE TABLE mood (a uuid REFERENCES subscriber(id));', 1],
  [
    'CREATE TABLE mood (a uuid); ALTER TABLE mood ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES subscriber(id) ON DELETE RESTRICT;',
    1,
  ],
  ["ALTER TYPE mail_kind ADD VALUE 'postcard';", 1],
  ['ALTER TABLE delivery RENAME COLUMN detail TO details; DROP TABLE paper;', 2],
  ['ALTER TABLE delivery ADD CONSTRAINT c CHECK (id > 0);', 1],
  [
    'ALTER TABLE "delivery" ADD COLUMN "n" int NOT NULL DEFAULT 3; ALTER TABLE delivery ADD CONSTRAINT c CHECK (n BETWEEN 1 AND 10);',
    0,
  ],
  [
    "ALTER TABLE delivery ADD COLUMN mood text; ALTER TABLE delivery ADD CONSTRAINT c CHECK (char_length(mood) < 5 AND mood <> 'bad'::text);",
    0,
  ],
  ['ALTER TABLE delivery ADD COLUMN n int; ALTER TABLE delivery ADD CONSTRAINT c CHECK (n > attempts);', 1],
  ['ALTER TABLE delivery ADD COLUMN n int; ALTER TABLE delivery ADD CONSTRAINT c CHECK (n IS NOT NULL);', 1],
  ['ALTER TABLE delivery ADD COLUMN n int; ALTER TABLE subscriber ADD CONSTRAINT c CHECK (n > 1);', 1],
  ['UPDATE delivery SET detail = NULL;', 1],
  [
    'CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN; END $$; CREATE TRIGGER t BEFORE INSERT ON delivery EXECUTE FUNCTION f();',
    2,
  ],
])('%s has as many statements that are in an older version’s way: %i', (sql, count) => {
  expect(listContractions(sql)).toHaveLength(count);
});

test('a migration whose name says that it only expands does nothing else', async () => {
  for (const name of (await readdir(folder)).filter(isExpanding)) {
    const sql = await readFile(join(folder, name, 'migration.sql'), 'utf8');
    expect(listContractions(sql), name).toEqual([]);
  }
});

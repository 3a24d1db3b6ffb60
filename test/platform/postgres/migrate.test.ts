// Migrations on real databases: what is applied, by whom, and what a database refuses afterwards.
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { diffSchemas, noFilters, withSchemaEngine } from '../../../prisma/schema-engine.ts';
import { listPicks, storeReasons } from '../../../src/papers/pick-store.ts';
import { ConfigError } from '../../../src/platform/errors.ts';
import { createDb } from '../../../src/platform/postgres/db.ts';
import { applyMigrations, checkMigrations } from '../../../src/platform/postgres/migrate.ts';
import { prismaFolder } from '../../support/cluster.ts';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { runSql } from '../../support/sql.ts';

const init = '20261123000000_init';
const shipped = (await readdir(join(prismaFolder, 'migrations'))).filter((name) => /^\d/.test(name)).sort();

let database: TestDatabase;
/** A copy of prisma/migrations that a test may add to. */
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paperround-migrations-'));
  await cp(join(prismaFolder, 'migrations'), folder, { recursive: true });
});

afterEach(async () => {
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

const readSchema = () => readFile(join(prismaFolder, 'schema.prisma'), 'utf8');

const migrate = () => applyMigrations({ databaseUrl: database.databaseUrl, folder });

async function takeEmpty(): Promise<void> {
  database = await createEmptyDatabase();
}

/** With everything applied, which takes a second to do. */
async function takeMigrated(): Promise<void> {
  database = await createTestDatabase();
}

async function addMigration(name: string, sql: string): Promise<void> {
  await mkdir(join(folder, name));
  await writeFile(join(folder, name, 'migration.sql'), sql);
}

const query = (...statements: string[]) => runSql(database.databaseUrl, ...statements);

const listApplied = async () =>
  (await query('SELECT migration_name FROM _prisma_migrations ORDER BY 1')).map((row) => row.migration_name);

describe('applying', () => {
  test('a new database gets every migration, and a second run has nothing to do', async () => {
    await takeEmpty();
    expect(await migrate()).toMatchObject({ applied: shipped, ahead: [] });
    expect(await migrate()).toMatchObject({ applied: [], ahead: [] });
    expect(
      await query(
        'SELECT migration_name, finished_at IS NOT NULL AS done FROM _prisma_migrations ORDER BY 1',
      ),
    ).toEqual(shipped.map((name) => ({ migration_name: name, done: true })));
  });

  test('of three processes that start at once, each migration is applied by one', async () => {
    await takeEmpty();
    const answers = await Promise.all([migrate(), migrate(), migrate()]);
    expect(answers.flatMap(({ applied }) => applied).toSorted()).toEqual(shipped);
    expect(await listApplied()).toEqual(shipped);
  });

  test('who waits for another process says so, does what is left, and gives up with a way out', async () => {
    await takeEmpty();
    const client = new pg.Client({ connectionString: database.databaseUrl });
    await client.connect();
    const said: string[] = [];
    const waitFor = (giveUpAfterMs: number) =>
      applyMigrations({
        databaseUrl: database.databaseUrl,
        folder,
        say: (message) => said.push(message),
        waiting: { tellAfterMs: 300, giveUpAfterMs },
      });
    try {
      await client.query('BEGIN; SELECT pg_advisory_xact_lock(7203100)');
      await expect(waitFor(700)).rejects.toThrow(
        /^Another process has been changing the database .* 7203100/,
      );
      expect(said).toEqual(['waiting for another process that brings the database up to date']);
      const waiting = waitFor(60_000);
      while (said.length < 2) await setTimeout(50);
      await client.query('COMMIT');
      expect(await waiting).toMatchObject({ applied: shipped });
    } finally {
      await client.end();
    }
  });

  test('a later version adds only what is new', async () => {
    await takeMigrated();
    await addMigration('20270101000000_mood', "ALTER TYPE mail_kind ADD VALUE 'postcard';");
    await addMigration('20270102000000_use', "SELECT 'postcard'::mail_kind;");
    expect(await migrate()).toMatchObject({ applied: ['20270101000000_mood', '20270102000000_use'] });
  });

  test('a migration may hold semicolons in texts, comments and function bodies', async () => {
    await takeMigrated();
    await addMigration(
      '20270101000000_function',
      "-- one; two\nCREATE FUNCTION say() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN 'a;b'; END $$;",
    );
    await migrate();
    expect(await query('SELECT say() AS said')).toEqual([{ said: 'a;b' }]);
  });
});

describe('what is stored', () => {
  test('the picks of old deliveries name reasons, each kept once, with nothing lost', async () => {
    await takeEmpty();
    for (const name of shipped.filter((one) => one >= '20261125200033_pick_reasons'))
      await rm(join(folder, name), { recursive: true });
    await migrate();
    const moe = { topic: 'mixture-of-experts', words: ['experts', 'ein "Wort"; zwei'] };
    const graph = { query: 'graph', words: ['graph'] };
    const held = [
      [
        { seq: 9, because: [moe, graph] },
        { seq: 2, because: [graph] },
      ],
      [
        { seq: 2, because: [graph] },
        { seq: 9, because: [graph, moe] },
      ],
      [
        { seq: 9, because: [] },
        { seq: 2, because: [] },
      ],
    ];
    await query("INSERT INTO subscriber (email, email_key) VALUES ('ada@example.org', 'ada@example.org')");
    for (const picks of [...held, null])
      await query(
        `INSERT INTO delivery (subscriber_id, kind, picks)
         SELECT id, 'confirmation', ${picks === null ? 'NULL' : pg.escapeLiteral(JSON.stringify(picks))} FROM subscriber`,
      );
    await cp(join(prismaFolder, 'migrations'), folder, { recursive: true });
    await migrate();

    const db = createDb(database.databaseUrl, 1);
    try {
      const rows = await db.delivery.findMany({ orderBy: { id: 'asc' } });
      expect(
        await listPicks(
          db,
          rows.map(({ picks }) => picks),
        ),
      ).toEqual([...held, []]);
      expect(await db.pickReason.count()).toBe(5);
      const reasons = [moe, graph, null].map((reason) => ({ seq: 9, reason }));
      expect(await storeReasons(db, reasons)).toHaveLength(3);
      expect(await db.pickReason.count()).toBe(5);
    } finally {
      await db.$disconnect();
    }
  });

  test('a ledger that said its reasons in one text has them in columns', async () => {
    await takeEmpty();
    const name = shipped.find((migration) => migration.endsWith('_outcome_codes')) ?? '';
    const later = shipped.filter((migration) => migration >= name);
    for (const migration of later) await rm(join(folder, migration), { recursive: true });
    await migrate();
    await query("INSERT INTO subscriber (email, email_key) VALUES ('ada@example.org', 'ada@example.org')");
    const rows: [state: string, reason: string, becomes: string][] = [
      ['accepted', '250 2.0.0 queued as 1', ' 250  |250 2.0.0 queued as 1|'],
      [
        'rejected',
        'RCPT TO: 550-5.1.1 no\n550 5.1.1 such user',
        'unclear 550 5.1.1 recipient|550-5.1.1 no\n550 5.1.1 such user|',
      ],
      [
        'rejected',
        'given up after a day: DATA: 451 later',
        'unclear 451  content|451 later|given up after a day',
      ],
      ['rejected', 'the message is too large', 'cannot_be_sent   ||the message is too large'],
      ['deferred', 'AUTH PLAIN: 535 5.7.8 no', 'unclear 535 5.7.8 login|535 5.7.8 no|'],
      ['deferred', 'connect ECONNREFUSED', 'no_connection   ||connect ECONNREFUSED'],
      ['deferred', 'not written: a bug', 'not_written   ||a bug'],
      ['unknown', 'the worker ended before the server answered', 'worker_ended   ||'],
      ['unknown', 'the line broke', 'no_answer   ||the line broke'],
      ['nothing', 'no new paper matched', 'no_match   ||'],
      ['cancelled', 'carried into a later digest', 'carried   ||'],
      ['cancelled', 'the subscriber is pending', 'other_status   ||'],
    ];
    for (const [state, reason] of rows)
      await query(
        `INSERT INTO delivery (subscriber_id, kind, state, reason, finished_at)
         SELECT id, 'confirmation', '${state}', ${pg.escapeLiteral(reason)},
           CASE WHEN '${state}' <> 'deferred' THEN now() END FROM subscriber`,
      );
    await cp(join(prismaFolder, 'migrations'), folder, { recursive: true });
    await migrate();
    const carried = await query(`
      SELECT concat_ws(' ', COALESCE(reason_code, ''), COALESCE(reply_code::text, ''), COALESCE(reply_status, ''),
        COALESCE(smtp_stage::text, '')) || '|' || COALESCE(reply_text, '') || '|' || COALESCE(detail, '') AS row
      FROM delivery ORDER BY id`);
    expect(carried.map(({ row }) => row)).toEqual(rows.map(([, , becomes]) => becomes));
  });
});

describe('what is pending, and what a newer version did', () => {
  test('is told without changing anything', async () => {
    await takeEmpty();
    const check = () => checkMigrations({ databaseUrl: database.databaseUrl, folder });
    expect(await check()).toEqual({ pending: shipped, ahead: [] });
    expect(await query("SELECT to_regclass('_prisma_migrations') AS history")).toEqual([{ history: null }]);
    await database.drop();
    await takeMigrated();
    await addMigration('20270101000000_expand_mood', 'ALTER TABLE delivery ADD COLUMN mood text;');
    await migrate();
    await rm(join(folder, '20270101000000_expand_mood'), { recursive: true });
    expect(await check()).toEqual({ pending: [], ahead: ['20270101000000_expand_mood'] });
    expect(await migrate()).toEqual({ applied: [], ahead: ['20270101000000_expand_mood'] });
  });
});

describe('refusing', () => {
  test('a migration that fails is named with the reason, leaves nothing behind, and can be tried again', async () => {
    await takeMigrated();
    await addMigration('20270101000000_broken', 'CREATE TABLE half (a int); SELECT 1 / 0;');
    await expect(migrate()).rejects.toThrow(
      new ConfigError(
        'Migration 20270101000000_broken could not be applied, and nothing of it was: division by zero',
      ),
    );
    expect(await listApplied()).toEqual(shipped);
    expect(await query("SELECT to_regclass('half') AS half")).toEqual([{ half: null }]);

    await writeFile(join(folder, '20270101000000_broken/migration.sql'), 'CREATE TABLE half (a int);');
    expect(await migrate()).toMatchObject({ applied: ['20270101000000_broken'] });
  });

  test('a migration that was changed after it had been applied is named', async () => {
    await takeMigrated();
    await writeFile(join(folder, init, 'migration.sql'), 'SELECT 1;');
    await expect(migrate()).rejects.toThrow(/^Migration 20261123000000_init was changed after/);
  });

  test('a database of a newer version is left alone, even where some of what that did is in nobody’s way', async () => {
    await takeMigrated();
    await addMigration('20270101000000_expand_far', 'CREATE TABLE far (a int);');
    await addMigration('20270101000000_future', 'CREATE TABLE future (a int);');
    await migrate();
    await rm(join(folder, '20270101000000_future'), { recursive: true });
    await rm(join(folder, '20270101000000_expand_far'), { recursive: true });
    await expect(migrate()).rejects.toThrow(/has applied 20270101000000_future, which this version/);
  });

  test('a database with migrations of another line of versions is left alone', async () => {
    await takeMigrated();
    await addMigration('20270101000000_expand_theirs', 'CREATE TABLE theirs (a int);');
    await migrate();
    await rm(join(folder, '20270101000000_expand_theirs'), { recursive: true });
    await addMigration('20270102000000_expand_ours', 'CREATE TABLE ours (a int);');
    await expect(migrate()).rejects.toThrow(/has applied 20270101000000_expand_theirs, which this version/);
    expect(await query("SELECT to_regclass('ours') AS ours")).toEqual([{ ours: null }]);
  });

  test('a migration that another tool left unfinished is named', async () => {
    await takeMigrated();
    await query('UPDATE _prisma_migrations SET finished_at = NULL');
    await expect(migrate()).rejects.toThrow(/^Migration 20261123000000_init was begun .* and not finished/);
  });

  test("a database with somebody else's tables is left alone", async () => {
    await takeEmpty();
    await query('CREATE TABLE theirs (a int)');
    await expect(migrate()).rejects.toThrow(
      /^The database "\w+" on \S+ is not empty \(it has a table "theirs"\)/,
    );
    expect(await query("SELECT to_regclass('subscriber') AS ours")).toEqual([{ ours: null }]);
  });

  test('a role that may not create tables is told how to let it', async () => {
    await takeEmpty();
    await query('REVOKE CREATE ON SCHEMA public FROM PUBLIC');
    const role = `reader_${database.databaseUrl.slice(-6)}`;
    await query(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'`);
    const url = Object.assign(new URL(database.databaseUrl), { username: role, password: 'secret' });
    try {
      await expect(applyMigrations({ databaseUrl: url.href, folder })).rejects.toThrow(
        /could not be applied, and nothing of it was: permission denied .* GRANT CREATE ON SCHEMA public/,
      );
    } finally {
      await query(`DROP ROLE ${role}`);
    }
  });

  test('a database that does not answer is named without its password', async () => {
    const databaseUrl = 'postgresql://ada:secret-word@127.0.0.1:1/papers';
    const failure = await applyMigrations({ databaseUrl, folder }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConfigError);
    expect(String(failure)).toMatch(/The database "papers" on 127\.0\.0\.1:1 cannot be used .*ECONNREFUSED/);
    expect(String(failure)).not.toContain('secret-word');
  });
});

describe("Prisma's own engine", () => {
  test('finds its records of what was applied as it keeps them itself, and nothing left to do', async () => {
    await takeEmpty();
    await migrate();
    const ours = await describeRecords();
    const left = await askEngine((engine, migrationsList) =>
      engine.applyMigrations({ migrationsList, filters: noFilters }),
    );
    expect(left.appliedMigrationNames).toEqual([]);
    const seen = await askEngine((engine, migrationsList) =>
      engine.diagnoseMigrationHistory({ migrationsList, optInToShadowDatabase: false, filters: noFilters }),
    );
    expect(seen).toMatchObject({ history: null, failedMigrationNames: [], editedMigrationNames: [] });

    await query('DROP SCHEMA public CASCADE', 'CREATE SCHEMA public');
    await askEngine((engine, migrationsList) =>
      engine.applyMigrations({ migrationsList, filters: noFilters }),
    );
    expect(ours).toEqual(await describeRecords());
    expect(await migrate()).toMatchObject({ applied: [] });
  });

  async function describeRecords() {
    const columns = await query(
      `SELECT column_name, data_type, character_maximum_length, is_nullable, column_default
       FROM information_schema.columns WHERE table_name = '_prisma_migrations' ORDER BY ordinal_position`,
    );
    const rows = await query(
      `SELECT migration_name, checksum, applied_steps_count, logs, rolled_back_at, length(id) AS id,
         finished_at >= started_at AND started_at > now() - interval '1 hour' AS is_timed
       FROM _prisma_migrations ORDER BY started_at`,
    );
    return { columns, rows };
  }

  async function askEngine<Answer>(
    ask: (engine: SchemaEngine, migrationsList: MigrationList) => Promise<Answer>,
  ): Promise<Answer> {
    // It reads times as ISO 8601 only, and does not ask for them.
    const client = new pg.Client({ connectionString: database.databaseUrl, options: '-c datestyle=ISO' });
    await client.connect();
    const content = (name: string) => readFile(join(folder, name, 'migration.sql'), 'utf8');
    const migrationsList: MigrationList = {
      baseDir: folder,
      lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
      shadowDbInitScript: '',
      migrationDirectories: await Promise.all(
        shipped.map(async (path) => ({
          path,
          migrationFile: {
            path: 'migration.sql',
            content: { tag: 'ok' as const, value: await content(path) },
          },
        })),
      ),
    };
    const schema = await readSchema();
    return withSchemaEngine({ client, schema }, (engine) => ask(engine, migrationsList)).finally(() =>
      client.end(),
    );
  }
});

// Rows that describe a schema, one string each. Two databases with equal lists have the same schema. Prisma knows nothing of
// partitions: a table is described without them.
const catalog = `
  SELECT format('column %s.%s %s %s default %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
      a.attnotnull, pg_get_expr(d.adbin, d.adrelid)) AS line
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL SELECT format('index %s', replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ')) FROM pg_index i
    JOIN pg_class c ON c.oid = i.indrelid WHERE c.relnamespace = 'public'::regnamespace AND NOT c.relispartition
  UNION ALL SELECT format('constraint %s %s %s', conname, conrelid::regclass, pg_get_constraintdef(oid)) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
      AND conrelid NOT IN (SELECT oid FROM pg_class WHERE relispartition)
  UNION ALL SELECT format('enum %s %s', enumtypid::regtype, string_agg(enumlabel, ',' ORDER BY enumsortorder)) FROM pg_enum
    GROUP BY enumtypid
  ORDER BY 1`;

async function diff(from: string | null, to: string): Promise<string> {
  const client = new pg.Client({ connectionString: database.databaseUrl });
  await client.connect();
  return diffSchemas({ client, from, to }).finally(() => client.end());
}

describe('schema.prisma and the migrations', () => {
  test('the migrations lead to this schema.prisma (else: npx tsx prisma/diff.ts <name>)', async () => {
    await takeEmpty();
    expect(await diff(await readFile(join(folder, 'schema.prisma'), 'utf8'), await readSchema())).toBe('');
  });

  test('a migrated database is what schema.prisma says, and beyond it only rules and indexes written by hand', async () => {
    await takeMigrated();
    await query('DROP TABLE _prisma_migrations');
    const migrated = (await query(catalog)).map((row) => String(row.line));

    await query('DROP SCHEMA public CASCADE', await diff(null, await readSchema()));
    const said = (await query(catalog)).map((row) => String(row.line));

    expect(said.filter((line) => !migrated.includes(line))).toEqual([]);
    const byHand = migrated.filter((line) => !said.includes(line));
    expect(
      byHand.filter((line) => !/^constraint .* CHECK |^index CREATE (?:UNIQUE )?INDEX /.test(line)),
    ).toEqual([]);
    expect(byHand.length).toBeGreaterThan(10);
  });
});

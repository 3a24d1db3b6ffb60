// An upgrade while everything goes on: this version works on a database that the next one has expanded, beside that one.
import type { ChildProcess } from 'node:child_process';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { applyMigrations } from '../../src/platform/postgres/migrate.ts';
import { createCloser } from '../../src/service/closer.ts';
import { checkDatabase, migrateDatabase, openDatabase } from '../../src/service/open-database.ts';
import { utcDay } from '../../src/text/days.ts';
import { listBrokenPromises } from '../support/broken-promises.ts';
import { forkScript } from '../support/build.ts';
import { subscribeAll, subscribeCrowd } from '../support/crowd.ts';
import { faultSize } from '../support/fault-sizes.ts';
import { makeNextVersion, nextMigration } from '../support/next-version.ts';
import { createEmptyDatabase } from '../support/postgres.ts';
import { startSmtpCatcher } from '../support/smtp-catcher.ts';
import { runSql } from '../support/sql.ts';
import { waitFor } from '../support/wait-for.ts';
import { boot, end } from '../support/worker-crew.ts';
import type { WorkerSettings } from '../support/worker-process.ts';
import { createWorld, expertPaper } from '../support/world.ts';

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

beforeEach(() => {
  said.length = 0;
});
afterEach(() => closer.close());

const mails = faultSize('MAILS');
const late = 60;
const timeoutMs = 180_000 + mails * 20;

/** In a process of its own; what it says is kept. */
async function startWorker(
  settings: WorkerSettings,
  fork: (script: string) => ChildProcess | Promise<ChildProcess>,
): Promise<{ words: () => string; freeze: () => void; goOn: () => void }> {
  let words = '';
  const worker = await boot(settings, async (script) => {
    const child = await fork(script);
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text) => {
        words += text;
      });
    return child;
  });
  closer.add(() => end(worker));
  worker.once('exit', (code) => {
    words += `ended with ${code}`;
  });
  worker.send('begin');
  return {
    words: () => words,
    freeze: () => worker.kill('SIGSTOP'),
    goOn: () => worker.kill('SIGCONT'),
  };
}

test(
  `in the middle of ${mails} mails the next version migrates and a worker of it joins ours: everyone has one, nothing is lost, no error is logged`,
  async () => {
    const world = await createWorld();
    closer.add(world.close);
    const smtp = await startSmtpCatcher({ keptBytes: 4000 });
    closer.add(() => smtp.close());
    const { databaseUrl, db } = world;
    await world.list(utcDay(new Date()), [expertPaper('translation'), expertPaper('speech')]);
    await subscribeCrowd(databaseUrl, mails);
    const next = await makeNextVersion();
    closer.add(next.remove);
    // From then on the server waits until both are at work, so that neither is done before.
    let bothWork = () => {};
    const until = new Promise<void>((resolve) => {
      bothWork = resolve;
    });
    smtp.behave((stage) => {
      if (stage !== 'end') return null;
      return smtp.mails.length > mails / 3 ? { type: 'hold', until } : { type: 'wait', ms: 2 };
    });
    const countBy = async () => {
      const [by] = await runSql(
        databaseUrl,
        `SELECT count(*) FILTER (WHERE recorded_by = 'next')::int AS next,
           count(*) FILTER (WHERE recorded_by IS NULL AND state = 'accepted')::int AS ours FROM delivery`,
      );
      return by as { next: number; ours: number };
    };
    const settings: WorkerSettings = {
      databaseUrl,
      mailSources: inject('mailSources'),
      smtpUrl: smtp.smtpUrl,
      connections: 4,
      leases: { claimedMs: 15_000, dataStartedMs: 300_000 },
      unknownPolicy: 'leave',
    };
    const older = await startWorker(settings, (script) => forkScript(script, [], { silent: true }));
    await waitFor('the middle of the run', () => smtp.mails.length > mails / 3, timeoutMs);
    expect(await applyMigrations({ databaseUrl, folder: next.migrations })).toEqual({
      applied: [nextMigration],
      ahead: [],
    });
    const newer = await startWorker(settings, (script) => next.fork(script, { silent: true }));
    // Ours stands still for a while with mails in hand: whichever is faster here, both have their share.
    older.freeze();
    bothWork();
    smtp.behave(() => null);
    const isWellUnderWay = async () => (await countBy()).next > 100;
    await waitFor('the next version to send', isWellUnderWay, timeoutMs);
    older.goOn();
    // These are planned, written and sent by whichever comes first.
    await subscribeAll(
      databaseUrl,
      Array.from({ length: late }, (_, number) => `late${number}@example.org`),
    );
    const isOver = async () => {
      const [row] = await runSql(
        databaseUrl,
        'SELECT count(*)::int AS planned, count(finished_at)::int AS finished FROM delivery',
      );
      return row?.planned === mails + late && row.finished === mails + late;
    };
    await waitFor('all to come to rest', isOver, timeoutMs);

    expect(await listBrokenPromises(db, smtp.mails)).toEqual([]);
    expect(new Set(smtp.mails.map(({ to }) => to)).size).toBe(mails + late);
    expect(smtp.mails).toHaveLength(mails + late);
    const by = await countBy();
    console.info(`${by.ours} of ${mails + late} were sent by this version, ${by.next} by the next`);
    expect(by.ours).toBeGreaterThan(mails / 3);
    expect([older.words(), newer.words()]).toEqual(['', '']);

    // One that starts now, as after a roll-back, finds the database newer than it is, says so and works.
    await openDatabase({ config: configFor(databaseUrl, { MIGRATE: 'off' }), log }, closer);
    expect(said).toMatchObject([
      { ahead: [nextMigration], msg: expect.stringMatching(/^the database is newer/) },
    ]);
    // What is more than an expansion does not let an older version start.
    await runSql(
      databaseUrl,
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', 'x', '20990102000000_less', now())`,
    );
    await expect(openDatabase({ config: configFor(databaseUrl), log }, closer)).rejects.toThrow(
      /^The database has applied 20990102000000_less, which this version of Paperround does not have and cannot work beside/,
    );
  },
  timeoutMs,
);

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

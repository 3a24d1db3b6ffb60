// A database that is lost in the middle of a run, and brought back from a backup of some minutes before.
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { deliverDue } from '../../src/delivery/deliver.ts';
import { planDigests } from '../../src/ledger/plan.ts';
import { settleUnknown } from '../../src/ledger/retry.ts';
import { createDb } from '../../src/platform/postgres/db.ts';
import { refuseWhileInUse, restoreBackup, writeBackup } from '../../src/service/backups.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { type SmtpCatcher, startSmtpCatcher } from '../support/smtp-catcher.ts';
import { waitFor } from '../support/wait-for.ts';
import { wireDelivery } from '../support/wire-delivery.ts';
import { ada, alan, createWorld, expertPaper, grace, type World } from '../support/world.ts';

let world: World;
let catcher: SmtpCatcher;
let folder: string;
let path: string;
beforeAll(async () => {
  world = await createWorld();
  catcher = await startSmtpCatcher();
  folder = await mkdtemp(join(tmpdir(), 'paperround-backup-'));
  path = join(folder, 'a.backup');
});
afterAll(async () => {
  await catcher?.close();
  await world?.close();
  await rm(folder, { recursive: true });
});

const dayMs = 24 * 60 * 60_000;

async function send() {
  const { db, now } = world;
  const { smtpUrl } = catcher;
  const { deps } = await wireDelivery({ db, mailSources: inject('mailSources'), smtpUrl, now });
  return deliverDue(deps).finally(() => deps.mailer.close());
}

const restore = (sinceThen: 'mail-may-have-left' | 'nothing-left') =>
  restoreBackup(world.databaseUrl, { path, sinceThen, now: world.now() });
const readEverything = async () => {
  const { db } = world;
  return {
    subscribers: await db.subscriber.findMany({ orderBy: { id: 'asc' } }),
    signUps: await db.signUp.findMany({ orderBy: { id: 'asc' } }),
    papers: await db.paper.findMany({ orderBy: { seq: 'asc' } }),
    keywords: await db.subscriberKeyword.findMany(),
    sent: await db.delivery.findMany({ where: { state: 'accepted' }, orderBy: { id: 'asc' } }),
  };
};

test('brings all of it back; no digest is sent twice, and what may have left is unknown until it is settled', {
  timeout: 120_000,
}, async () => {
  const { db } = world;
  await world.list('2026-03-02', [expertPaper('back\\slashes,\ttabs\nand “quotes”')]);
  await world.subscribe(ada);
  await send();
  await world.subscribe(grace, { keywords: ['"kv cache"'], organizations: ['Example, Inc.', 'Ünï\\'] });
  await world.signUp(alan);
  await db.delivery.deleteMany({ where: { kind: { not: 'digest' } } });
  const before = await readEverything();
  await writeBackup(world.databaseUrl, { path });
  expect((await stat(path)).mode & 0o777).toBe(0o600);

  // Grace's first digest leaves after the backup, and so do all of the next day.
  expect(await send()).toMatchObject({ accepted: 1 });
  world.clock.now = new Date(world.now().getTime() + dayMs);
  await world.list('2026-03-03', [expertPaper('tomorrow')]);
  expect(await planDigests({ db, now: world.now() })).toBe(2);
  await send();
  const left = catcher.mails.length;
  await db.subscriber.deleteMany();
  await db.paper.deleteMany();

  expect(await restore('mail-may-have-left')).toMatchObject({ unknown: 3 });
  const { subscribers, ...after } = await readEverything();
  // What is due next is decided anew; all else is as it was.
  const plain = (rows: typeof subscribers) => rows.map(({ nextDigestAt: _, ...row }) => row);
  const { subscribers: readersBefore, ...restBefore } = before;
  expect(after).toEqual(restBefore);
  expect(plain(subscribers)).toEqual(plain(readersBefore));

  await planDigests({ db, now: world.now() });
  await send();
  expect(catcher.mails).toHaveLength(left);
  const unknown = await db.delivery.findMany({ where: { state: 'unknown' } });
  expect(unknown.map(({ reasonCode }) => reasonCode)).toEqual(['restored', 'restored', 'restored']);
  expect(await settleUnknown(db, { filter: { edition: '2026-03-02' }, as: 'sent', now: world.now() })).toBe(
    1,
  );
  expect(await settleUnknown(db, { filter: { edition: '2026-03-03' }, as: 'sent', now: world.now() })).toBe(
    2,
  );

  world.clock.now = new Date(world.now().getTime() + dayMs);
  await world.list('2026-03-04', [expertPaper('the day after')]);
  await planDigests({ db, now: world.now() });
  expect(await send()).toMatchObject({ accepted: 2 });
  // What comes back for a mail of between is not taken for one of now.
  const [last] = await db.delivery.findMany({ orderBy: { id: 'desc' }, take: 1 });
  expect(last?.id).toBeGreaterThan(10_000_000n);
});

test('sends what was to be sent when nothing has left since', async () => {
  const left = catcher.mails.length;
  expect(await restore('nothing-left')).toMatchObject({ unknown: 0 });
  expect(await send()).toMatchObject({ accepted: 1 });
  expect(catcher.mails.at(-1)?.to).toBe(grace);
  expect(catcher.mails).toHaveLength(left + 1);
});

test('changes nothing when the file is none, is cut off, or is of another version', async () => {
  const { db, databaseUrl } = world;
  const before = await readEverything();
  const none = join(folder, 'none');
  const attempt = () =>
    restoreBackup(databaseUrl, { path: none, sinceThen: 'mail-may-have-left', now: world.now() });
  await writeFile(none, 'text');
  await expect(attempt()).rejects.toThrow('is no backup that `backup` has written');
  await writeFile(none, gzipSync('{"hello":1}\n'));
  await expect(attempt()).rejects.toThrow('This is no backup');
  const migrations = (
    await db.$queryRaw<{ name: string }[]>`
    SELECT migration_name AS name FROM _prisma_migrations ORDER BY 1`
  ).map(({ name }) => name);
  const head = (given: string[]) =>
    JSON.stringify({
      format: 'paperround-backup/1',
      madeAt: '2026-03-02T09:00:00Z',
      migrations: given,
      tables: [{ name: 'topic', columns: ['id', 'name', 'description', 'position', 'retired'] }],
    });
  await writeFile(none, gzipSync(`${head(migrations)}\ntopic\nx\tX\tY\t1\tf\n`));
  await expect(attempt()).rejects.toThrow('ends in the middle');
  await writeFile(none, gzipSync(`${head([...migrations, '29990101000000_x'])}\n`));
  await expect(attempt()).rejects.toThrow('of a newer version, with 29990101000000_x');
  await writeFile(none, gzipSync(`${head(migrations.slice(0, -1))}\n`));
  await expect(attempt()).rejects.toThrow('of an older version');
  expect(await readEverything()).toEqual(before);
});

test('a backup that is there stays unless it is to be replaced, and then until the new one is whole', async ({
  onTestFinished,
}) => {
  const own = await mkdtemp(join(folder, 'own-'));
  const kept = join(own, 'kept.backup');
  await writeFile(kept, 'of yesterday');
  await expect(writeBackup(world.databaseUrl, { path: kept })).rejects.toThrow(
    `${kept} is there already: take another name, or replace it with --overwrite`,
  );
  const lock = createDb(world.databaseUrl, 1);
  onTestFinished(() => lock.$disconnect());
  await lock.$transaction(async (tx) => {
    // Behind other tables: the head and some rows are on the disk by then.
    await tx.$executeRaw`LOCK TABLE topic IN ACCESS EXCLUSIVE MODE`;
    const { databaseUrl } = world;
    const writing = writeBackup(databaseUrl, { path: kept, overwrites: true }).catch((error: Error) => error);
    await tx.$executeRaw`SELECT 1`;
    await waitFor('the dump to wait', async () => {
      const [row] = await tx.$queryRaw<{ pid: number | null }[]>`
        SELECT max(pid) AS pid FROM pg_locks WHERE NOT granted AND relation = 'topic'::regclass`;
      if (row?.pid == null) return false;
      expect(await readdir(own)).toEqual([
        'kept.backup',
        expect.stringMatching(/^kept\.backup\.\d+\.unfinished$/),
      ]);
      await tx.$queryRaw`SELECT pg_terminate_backend(${row.pid}::int)`;
      return true;
    });
    expect(await writing).toBeInstanceOf(Error);
  });
  expect(await readdir(own)).toEqual(['kept.backup']);
  expect(await readFile(kept, 'utf8')).toBe('of yesterday');
  await writeBackup(world.databaseUrl, { path: kept, overwrites: true });
  expect((await stat(kept)).size).toBeGreaterThan(1000);
});

test('a database to which one of our programs is connected is not replaced', async ({ onTestFinished }) => {
  const { databaseUrl, drop } = await createTestDatabase();
  onTestFinished(drop);
  await expect(refuseWhileInUse(databaseUrl)).resolves.toBeUndefined();
  const worker = createDb(databaseUrl);
  await worker.subscriber.count();
  await expect(refuseWhileInUse(databaseUrl)).rejects.toThrow(
    /^Paperround is connected to this database \(1 from .+\), and nothing is changed: stop its web servers, workers/,
  );
  await worker.$disconnect();
  await expect(refuseWhileInUse(databaseUrl)).resolves.toBeUndefined();
});

// `papers fetch` and `papers sources` as they are called from outside, and what a kill leaves behind.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { printApiPage } from '../sources/arxiv/print-feed.ts';
import { hfEntry } from '../support/live-sources.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { type Env, fewTopics, launch, runCommand, signalGroup } from '../support/program.ts';
import { runHere } from '../support/run-here.ts';
import { json, type SourceServer, startSourceServer, xml } from '../support/source-server.ts';
import { runSql } from '../support/sql.ts';
import { waitFor } from '../support/wait-for.ts';

let database: TestDatabase;
let server: SourceServer;
let env: Env;
beforeAll(async () => {
  [database, server] = await Promise.all([createTestDatabase(), startSourceServer()]);
  env = {
    DATABASE_URL: database.databaseUrl,
    SMTP_URL: 'smtp://127.0.0.1:9',
    BASE_URL: 'https://papers.example.org',
    SECRET_KEY: 'for this test alone, and 32 characters long',
    SOURCES: 'hf',
    TOPICS_FILE: fewTopics,
    HF_URL: server.url,
    ARXIV_FEED_URL: server.url,
    ARXIV_API_URL: server.url,
  };
});
afterAll(async () => {
  await server.close();
  await database.drop();
});
beforeEach(() => server.play());

const sql = (query: string) => runSql(database.databaseUrl, query);
const time = z.iso.datetime();
const fetchShape = z.strictObject({
  source: z.enum(['hf', 'arxiv', 'folder']),
  day: z.iso.date(),
  startedAt: time,
  finishedAt: time.nullable(),
  outcome: z.enum(['ok', 'empty', 'stale', 'failed']).nullable(),
  new: z.int(),
  known: z.int(),
  updated: z.int(),
  reason: z.string().nullable(),
  warnings: z.array(z.string()),
  nextTryAt: time.nullable(),
});
const sourcesShape = z.strictObject({
  sources: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      isOn: z.boolean(),
      nextTryAt: time.nullable(),
      fetches: z.array(fetchShape),
    }),
  ),
});

describe('papers fetch', () => {
  test('stores a day of the daily papers, and a second time changes upvotes only', async () => {
    const dump = () => sql("SELECT to_jsonb(paper) - 'upvotes' AS paper FROM paper ORDER BY seq");
    const args = ['papers', 'fetch', '--source', 'hf', '--date', '2026-03-03', '--json'];
    server.play(json([hfEntry('2603.00001'), hfEntry('2603.00002')]));
    const first = await runCommand(args, { env });
    expect(first).toMatchObject({ exit: 0 });
    expect(fetchShape.parse(JSON.parse(first.stdout))).toMatchObject({ outcome: 'ok', new: 2, known: 0 });
    const before = await dump();
    expect(await sql('SELECT count(*)::int FROM paper_topic')).not.toEqual([{ count: 0 }]);

    server.play(json([hfEntry('2603.00001', { upvotes: 8 }), hfEntry('2603.00002', { upvotes: 9 })]));
    const second = await runHere(args, { env });
    expect(JSON.parse(second.stdout)).toMatchObject({ outcome: 'ok', new: 0, known: 2, updated: 2 });
    expect(await dump()).toEqual(before);
    expect(server.asked[0]?.headers['user-agent']).toMatch(
      /^Paperround\/\d+\.\d+\.\d+ \(\+https:\/\/papers\.example\.org\/; mailto:digest@papers\.example\.org\)$/,
    );
  });

  test('asks arXiv without any setting, and says in a line what came of it', async () => {
    server.play(xml(printApiPage([{ id: '2603.00001v2' }, { id: '2603.00009v1' }])));
    const { SOURCES: _, ...unset } = env;
    const finished = await runHere(['papers', 'fetch', '--source', 'arxiv', '--date', '2026-03-03'], {
      env: unset,
    });
    expect(finished).toMatchObject({ exit: 0, stdout: '2026-03-03  ok      1 new, 1 known, 1 updated\n' });
  });

  test('that fails ends with 1, nothing on stdout, and the reason', async () => {
    server.play({
      status: 400,
      headers: { 'content-type': 'application/json' },
      body: '{"error":"Invalid date"}',
    });
    const args = ['papers', 'fetch', '--source', 'hf', '--date', '2099-01-01', '--json'];
    const { exit, stdout, stderr } = await runHere(args, { env });
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toMatch(
      /^Hugging Face daily papers, 2099-01-01: .* answered 400: Invalid date\. To try again/m,
    );
  });

  test('knows only sources that have days', async () => {
    const { exit, stderr } = await runHere(['papers', 'fetch', '--source', 'folder'], { env });
    expect(exit).toBe(1);
    expect(stderr).toMatch(/source.*folder.*hf, arxiv/);
  });

  test('killed in the middle stores nothing, and the next one all of it', async () => {
    await sql('TRUNCATE source_fetch, listing, paper CASCADE');
    const page = Array.from({ length: 100 }, (_, index) => hfEntry(`2603.${20_000 + index}`));
    server.otherwise(() => () => {});
    server.play(json(page));
    const args = ['papers', 'fetch', '--source', 'hf', '--date', '2026-03-03'];
    const { child, ended } = await launch(args, { env, launcher: 'node' });
    await waitFor('the second page', () => server.asked.length === 2);
    signalGroup(child.pid, 'SIGKILL');
    await ended;
    expect(await sql('SELECT outcome FROM source_fetch')).toEqual([{ outcome: null }]);
    expect(await sql('SELECT count(*)::int FROM paper')).toEqual([{ count: 0 }]);

    // The dead one's turn at the server ends with its lease.
    await sql('UPDATE host_lock SET lease_until = now() WHERE holder_id IS NOT NULL');
    server.play(json(page), json([hfEntry('2603.30000')]));
    expect(await runHere(args, { env })).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining('101 new, 0 known'),
    });
    expect(await sql('SELECT count(*)::int FROM listing_paper')).toEqual([{ count: 101 }]);
  });
});

describe('papers sources', () => {
  test('tells of each whether it is on, what its fetches gave, and when it is asked next', async () => {
    const { stdout } = await runHere(['papers', 'sources', '--json'], {
      env: { ...env, LISTINGS_FOLDER: '/srv/listings' },
    });
    const { sources } = sourcesShape.parse(JSON.parse(stdout));
    expect(sources).toMatchObject([
      { id: 'hf', name: 'Hugging Face daily papers', isOn: true, nextTryAt: expect.any(String) },
      { id: 'arxiv', name: 'arXiv (cs.LG, cs.CL, cs.CV, cs.DC)', isOn: false, nextTryAt: null },
      { id: 'biorxiv', name: 'bioRxiv', isOn: false },
      { id: 'medrxiv', name: 'medRxiv', isOn: false },
      { id: 'folder', name: 'Listings in /srv/listings', isOn: true, nextTryAt: null },
    ]);
    expect(sources[0]?.fetches[0]).toMatchObject({ outcome: 'ok', new: 101 });
  });

  test('is readable without a program', async () => {
    const { stdout } = await runHere(['papers', 'sources'], { env });
    expect(stdout).toMatch(
      /^hf {6}on {3}Hugging Face daily papers, next asked \d{4}-\d\d-\d\d \d\d:\d\d UTC$/m,
    );
    expect(stdout).toMatch(/^ {4}.* {2}2026-03-03 {2}ok {6}101 new, 0 known, 0 updated$/m);
    expect(stdout).toMatch(/^arxiv {3}off {2}arXiv/m);
  });
});

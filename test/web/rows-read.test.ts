// What a page reads does not grow with what is stored: the rows are counted by PostgreSQL, once with some thousands of
// papers and readers, and again with several times as many.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keptConnections } from '../support/kept-database.ts';
import { startApp, type TestApp } from './start-app.ts';

const papersPerDay = 100;
/** PostgreSQL 15 reads all of so few as 9000, since that is quicker than to look a hundred of them up. */
const [few, many] = [3000, process.env.TEST_POSTGRES === 'system' ? 16_000 : 9000];

let app: TestApp;
const counted: Map<string, number>[] = [];
const pages = [
  '/',
  '/papers',
  '/papers/2025-12-12',
  '/papers/2025-12-01',
  '/paper/2',
  '/topics',
  '/topics/language',
  '/topics/language?before=1000',
  '/search?q=doubt',
  '/search?q=camera',
  '/search?q=doubt+-light',
  '/search?q=zebra',
  '/feeds/all.atom',
  '/feeds/topics/language.json',
  '/feeds/search.atom?q=doubt',
  '/preview/fragment?topics=language',
];
beforeAll(async () => {
  app = await startApp();
  for (const [from, to] of [
    [0, few],
    [few, many],
  ] as const) {
    await addReaders(from, to);
    await addPapers(from, to);
    await app.db.$executeRaw`VACUUM ANALYZE`;
    const rows = new Map<string, number>();
    for (const page of pages) rows.set(page, await countRows(page));
    counted.push(rows);
  }
}, 240_000);
afterAll(() => app?.stop());

async function addReaders(from: number, to: number): Promise<void> {
  await app.db.$executeRaw`
    INSERT INTO subscriber (email, email_key, status, confirmed_at, next_digest_at)
    SELECT n || '@example.net', n || '@example.net', 'active', now(), now() + interval '1 day'
    FROM generate_series(${from}::int + 1, ${to}::int) AS n`;
  await app.db.$executeRaw`
    INSERT INTO subscriber_topic (subscriber_id, topic_id)
    SELECT id, 'language' FROM subscriber WHERE email LIKE '%@example.net' ON CONFLICT DO NOTHING`;
}

/** Copies of the four papers of every test, on the days before them; every fourth is found by “doubt”. */
async function addPapers(from: number, to: number): Promise<void> {
  await app.db.$executeRaw`
    INSERT INTO paper (key, title_keys, title, abstract, organization, links, first_listed_on, topics_version)
    SELECT 'copy:' || n, ARRAY['copy:' || n], title, abstract, 'Lab ' || n % 50, '{}',
      date '2025-12-09' - n / ${papersPerDay}::int, 'test'
    FROM generate_series(${from}::int + 1, ${to}::int) AS n JOIN paper ON seq = 1 + n % 4`;
  await app.db.$executeRaw`
    INSERT INTO paper_words (paper_seq, words, changed_at)
    SELECT copy.seq, words, changed_at FROM paper copy
    JOIN paper_words ON paper_seq = 1 + split_part(copy.key, ':', 2)::int % 4
    WHERE copy.key LIKE 'copy:%' ON CONFLICT DO NOTHING`;
  await app.db.$executeRaw`
    INSERT INTO paper_topic (paper_seq, topic_id, score, because)
    SELECT seq, CASE seq % 3 WHEN 0 THEN 'language' WHEN 1 THEN 'vision' ELSE 'systems' END, 0.9, ARRAY['models']
    FROM paper WHERE key LIKE 'copy:%' ON CONFLICT DO NOTHING`;
  await app.db.$executeRaw`
    INSERT INTO listing (source, date) SELECT DISTINCT 'test', first_listed_on FROM paper ON CONFLICT DO NOTHING`;
  await app.db.$executeRaw`
    INSERT INTO listing_paper (listing_id, paper_seq, position)
    SELECT listing.id, seq, row_number() OVER (PARTITION BY listing.id ORDER BY seq)
    FROM paper JOIN listing ON date = first_listed_on WHERE key LIKE 'copy:%' ON CONFLICT DO NOTHING`;
}

/** Rows and index entries that one request looks at, whichever connection of the pool it takes. */
async function countRows(page: string): Promise<number> {
  await app.request(page);
  const before = await readCounter();
  const response = await app.request(page);
  expect(response.status, page).toBeLessThan(400);
  return (await readCounter()) - before;
}

async function readCounter(): Promise<number> {
  // As many at once as there are connections: each makes its own counts known. One that was left out would tell of the papers that it
  // added later, as if a page had read them.
  const flush = () => app.db.$queryRaw`SELECT pg_stat_force_next_flush()::text, pg_sleep(0.1)::text`;
  await Promise.all(Array.from({ length: keptConnections }, flush));
  const [row] = await app.db.$queryRaw<{ rows: number }[]>`
    SELECT (SELECT sum(seq_tup_read + COALESCE(idx_tup_fetch, 0)) FROM pg_stat_user_tables)::int
      + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes)::int AS rows`;
  return row?.rows ?? 0;
}

test.each(pages)('%s', (page) => {
  const [small = 0, large = 0] = counted.map((rows) => rows.get(page));
  expect(small).toBeGreaterThan(0);
  // A plan may change a little with the statistics; as many rows more as there are papers more would be all of them.
  expect(large).toBeLessThan(1.5 * small + 200);
});

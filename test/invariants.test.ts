// What the database refuses by itself, whatever a program tries: the rules at the ends of the migrations.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from './support/postgres.ts';
import { runSql } from './support/sql.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

/** Values are SQL expressions. */
type Row = Record<string, string>;

/** Inserts a row and takes it back: null, or the name of the rule that refused it. */
async function insert(table: string, row: Row): Promise<string | null> {
  const into = `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${Object.values(row).join(', ')})`;
  try {
    await runSql(
      database.databaseUrl,
      'BEGIN',
      ...(['delivery', 'vote', 'bounce', 'sign_up'].includes(table) ? [insertAda] : []),
      ...(table === 'bounce' ? [insertDelivery] : []),
      ...(table === 'vote' ? [insertPaper] : []),
      into,
      'ROLLBACK',
    );
    return null;
  } catch (error) {
    return error instanceof Error && 'constraint' in error ? String(error.constraint) : String(error);
  }
}

const adaId = "'a0000000-0000-4000-8000-000000000000'";
const insertAda = `INSERT INTO subscriber (id, email, email_key) VALUES (${adaId}, 'ada@example.org', 'ada@example.org')`;

const insertDelivery = `INSERT INTO delivery (id, day, subscriber_id, kind) VALUES (1, '2026-11-23', ${adaId}, 'confirmation')`;

const insertPaper =
  "INSERT INTO paper (seq, key, title, first_listed_on) VALUES (1, 'title:a', 'A', '2025-12-12')";

describe('a subscriber', () => {
  const pending: Row = { email: "'Ada@Example.org'", email_key: "'ada@example.org'" };
  const active: Row = { ...pending, status: "'active'", confirmed_at: 'now()', next_digest_at: 'now()' };

  test.each<[string, Row]>([
    ['who waits for the confirmation', pending],
    ['who is active', active],
    ['who left', { ...pending, status: "'unsubscribed'", confirmed_at: 'now()' }],
    ['at midnight, one paper at most', { ...pending, hour: '0', max_papers: '1' }],
    ['once a week', { ...pending, days: "'0000001'" }],
    ['at 23, 50 papers at most', { ...pending, hour: '23', max_papers: '50' }],
  ])('%s is stored', async (_, row) => {
    expect(await insert('subscriber', row)).toBeNull();
  });

  test.each<[string, Row]>([
    ['subscriber_hour_is_an_hour', { ...pending, hour: '24' }],
    ['subscriber_hour_is_an_hour', { ...pending, hour: '-1' }],
    ['subscriber_days_has_a_day', { ...pending, days: "'0000000'" }],
    ['subscriber_days_has_a_day', { ...pending, days: "'11111'" }],
    ['subscriber_max_papers_in_range', { ...pending, max_papers: '0' }],
    ['subscriber_max_papers_in_range', { ...pending, max_papers: '51' }],
    ['subscriber_email_key_is_lower_email', { ...pending, email_key: pending.email ?? '' }],
    ['subscriber_email_key_is_lower_email', { ...pending, email_key: "'grace@example.org'" }],
    ['subscriber_active_is_confirmed_and_due', { ...active, confirmed_at: 'NULL' }],
    ['subscriber_active_is_confirmed_and_due', { ...active, next_digest_at: 'NULL' }],
    ['subscriber_due_is_active', { ...active, status: "'unsubscribed'" }],
    ['subscriber_due_is_active', { ...pending, next_digest_at: 'now()' }],
    ['subscriber_served_through_not_negative', { ...pending, served_through: '-1' }],
    ['subscriber_few_organizations', { ...pending, organizations: "array_fill('Lab'::text, ARRAY[21])" }],
    ['subscriber_few_organizations', { ...pending, organizations: 'NULL' }],
    ['subscriber_few_authors', { ...pending, authors: "array_fill('Ada'::text, ARRAY[51])" }],
  ])('against %s is refused (%j)', async (rule, row) => {
    expect(await insert('subscriber', row)).toBe(rule);
  });
});

describe('a sign-up', () => {
  const asked: Row = {
    email: "'Ada@Example.org'",
    email_key: "'ada@example.org'",
    choices: "'{}'",
    door: "'form'",
    words: "'en 0123456789abcdef'",
    requested_at: 'now()',
  };
  const confirmed = { ...asked, subscriber_id: adaId, processed_at: 'now()', confirmed_at: 'now()' };

  test('that waits for an answer is stored, and so is one that was confirmed', async () => {
    expect(await insert('sign_up', asked)).toBeNull();
    expect(await insert('sign_up', confirmed)).toBeNull();
  });

  test.each<[string, Row]>([
    ['sign_up_email_key_is_lower_email', { ...asked, email_key: "'Ada@Example.org'" }],
    ['sign_up_confirmed_by_someone', { ...confirmed, subscriber_id: 'NULL' }],
    ['sign_up_answered_before_confirmed', { ...confirmed, processed_at: 'NULL' }],
  ])('against %s is refused (%j)', async (rule, row) => {
    expect(await insert('sign_up', row)).toBe(rule);
  });
});

describe('a delivery', () => {
  const confirmation: Row = { subscriber_id: adaId, kind: "'confirmation'" };
  const digest: Row = {
    subscriber_id: adaId,
    kind: "'digest'",
    day: "'2026-11-23'",
    edition: "'2026-11-23'",
    through_seq: '58',
  };
  const lease: Row = { claim_id: 'gen_random_uuid()', lease_until: 'now()' };

  test.each<[string, Row]>([
    ['planned', digest],
    ['planned, of a mail without a day', confirmation],
    [
      'deferred, with the last claim on record',
      { ...digest, state: "'deferred'", claim_id: 'gen_random_uuid()' },
    ],
    ['claimed', { ...digest, ...lease, state: "'claimed'" }],
    ['on its way', { ...digest, ...lease, state: "'data_started'" }],
    ...['accepted', 'rejected', 'unknown', 'nothing', 'cancelled'].map((state): [string, Row] => [
      state,
      {
        ...digest,
        state: `'${state}'`,
        reason_code: state === 'accepted' ? 'NULL' : "'unclear'",
        finished_at: 'now()',
        claim_id: 'gen_random_uuid()',
      },
    ]),
  ])('that is %s is stored', async (_, row) => {
    expect(await insert('delivery', row)).toBeNull();
  });

  test.each<[string, Row]>([
    ['delivery_digest_has_edition', { ...digest, edition: 'NULL' }],
    ['delivery_digest_has_edition', { ...confirmation, day: "'2026-11-23'", edition: "'2026-11-23'" }],
    ['delivery_day_is_edition', { ...digest, day: "'2026-11-24'" }],
    ['delivery_trouble_has_reason', { ...digest, state: "'rejected'", finished_at: 'now()' }],
    ['delivery_trouble_has_reason', { ...digest, state: "'unknown'", finished_at: 'now()' }],
    ['delivery_digest_has_through_seq', { ...digest, through_seq: 'NULL' }],
    ['delivery_lease_while_claimed', { ...digest, ...lease, state: "'claimed'", lease_until: 'NULL' }],
    ['delivery_lease_while_claimed', { ...digest, ...lease, state: "'data_started'", lease_until: 'NULL' }],
    ['delivery_lease_while_claimed', { ...digest, ...lease, state: "'deferred'" }],
    ['delivery_claimed_by_someone', { ...digest, ...lease, state: "'claimed'", claim_id: 'NULL' }],
    ['delivery_finished_at_when_final', { ...digest, finished_at: 'now()' }],
    ['delivery_finished_at_when_final', { ...digest, state: "'accepted'" }],
    ['delivery_finished_at_when_final', { ...digest, state: "'nothing'" }],
    ['delivery_attempts_not_negative', { ...digest, attempts: '-1' }],
  ])('against %s is refused (%j)', async (rule, row) => {
    expect(await insert('delivery', row)).toBe(rule);
  });
});

describe('a vote', () => {
  const vote: Row = { subscriber_id: adaId, paper_seq: '1', wish: "'more'", interests: "ARRAY['topic:moe']" };

  test('on a paper is stored', async () => {
    expect(await insert('vote', vote)).toBeNull();
  });

  test('on a paper that no interest of its reader brought is stored', async () => {
    expect(await insert('vote', { ...vote, interests: "'{}'" })).toBeNull();
  });
});

describe('a paper', () => {
  const paper: Row = { key: "'arxiv:2512.00001'", title: "'A paper'", first_listed_on: "'2025-12-12'" };

  test.each<[string, Row]>([
    ['without any count', paper],
    ['with a count of zero', { ...paper, comments: '0', upvotes: '0', authors_count: '0' }],
    ['with the longest title', { ...paper, title: "repeat('é', 1000)" }],
  ])('%s is stored', async (_, row) => {
    expect(await insert('paper', row)).toBeNull();
  });

  test.each<[string, Row]>([
    ['paper_title_length', { ...paper, title: "''" }],
    ['paper_title_length', { ...paper, title: "repeat('é', 1001)" }],
    ['paper_key_not_empty', { ...paper, key: "''" }],
    ['paper_counts_not_negative', { ...paper, comments: '-1' }],
    ['paper_counts_not_negative', { ...paper, upvotes: '-1', comments: '3' }],
    ['paper_counts_not_negative', { ...paper, authors_count: '-1' }],
  ])('against %s is refused (%j)', async (rule, row) => {
    expect(await insert('paper', row)).toBe(rule);
  });
});

describe('a fetch', () => {
  const underWay: Row = { source: "'hf'", day: "'2026-03-03'", started_at: 'now()' };
  const finished: Row = { ...underWay, outcome: "'ok'", finished_at: 'now()' };

  test.each<[string, Row]>([
    ['under way', underWay],
    ['over, and tried again', { ...finished, next_try_at: 'now()' }],
    ['that failed', { ...finished, outcome: "'failed'", reason: "'it broke off'" }],
  ])('%s is stored', async (_, row) => {
    expect(await insert('source_fetch', row)).toBeNull();
  });

  test.each<[string, Row]>([
    ['source_fetch_finished_has_outcome', { ...underWay, finished_at: 'now()' }],
    ['source_fetch_finished_has_outcome', { ...underWay, outcome: "'ok'" }],
    ['source_fetch_failed_has_reason', { ...finished, outcome: "'failed'" }],
    ['source_fetch_next_try_after_end', { ...underWay, next_try_at: 'now()' }],
  ])('against %s is refused (%j)', async (rule, row) => {
    expect(await insert('source_fetch', row)).toBe(rule);
  });

  test('has its turn at a host until a time', async () => {
    const row = { host: "'arxiv'", next_at: 'now()', holder_id: 'gen_random_uuid()' };
    expect(await insert('host_lock', { ...row, lease_until: 'now()' })).toBeNull();
    expect(await insert('host_lock', row)).toBe('host_lock_lease_of_someone');
  });
});

test('who is due is found through the partial index', async () => {
  const explain = async (sql: string) => {
    const rows = await runSql(database.databaseUrl, 'SET enable_seqscan = off', `EXPLAIN (COSTS off) ${sql}`);
    return rows.map((row) => Object.values(row)[0]).join('\n');
  };
  const readers = "SELECT id FROM subscriber WHERE status = 'active' AND next_digest_at <= now()";
  expect(await explain(readers)).toContain('subscriber_due_idx');
});

describe('a bounce', () => {
  const bounce: Row = {
    delivery_id: '1',
    day: "'2026-11-23'",
    subscriber_id: adaId,
    kind: "'hard'",
    received_at: 'now()',
  };

  test.each<[string | null, Row]>([
    [null, bounce],
    [null, { ...bounce, status: "'5.1.1'", diagnostic: "repeat('x', 500)" }],
    ['bounce_is_short', { ...bounce, diagnostic: "repeat('x', 501)" }],
    ['bounce_is_short', { ...bounce, status: "repeat('5', 21)" }],
    ['bounce_subscriber_id_fkey', { ...bounce, subscriber_id: 'gen_random_uuid()' }],
  ])('is refused by %s (%j)', async (rule, row) => {
    expect(await insert('bounce', row)).toBe(rule);
  });
});

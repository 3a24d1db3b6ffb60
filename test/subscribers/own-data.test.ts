// A reader's data: all of it to take away, and none of it left after that.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { enterBounces } from '../../src/bounces/store.ts';
import { storeReasons } from '../../src/papers/pick-store.ts';
import { findPaper } from '../../src/papers/store.ts';
import { requestAddressChange } from '../../src/subscribers/account/change-address.ts';
import { eraseReader } from '../../src/subscribers/account/erase-reader.ts';
import { exportData } from '../../src/subscribers/account/export-data.ts';
import { changePreferences } from '../../src/subscribers/preferences/change-preferences.ts';
import { defaultPreferences } from '../../src/subscribers/preferences/preferences.ts';
import { castVote } from '../../src/subscribers/preferences/vote.ts';
import { requestSignUp } from '../../src/subscribers/sign-up/sign-up.ts';
import { deleteOrphanedQueries } from '../../src/subscribers/store.ts';
import { ada, consent, createWorld, expertPaper, grace, type World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
  await world.list('2026-03-02', [expertPaper('translation')]);
});
afterEach(() => world.close());

/** Ada has something in every table that is about readers. */
async function settleAda() {
  const { id } = await world.subscribe(ada, {
    keywords: ['only ada', 'both'],
    excludedTopics: ['llm-training'],
  });
  await world.subscribe(grace, { keywords: ['both'] });
  const paper = await findPaper(world.db, 1);
  if (paper === null) throw new Error('no paper');
  await castVote(world, { subscriberId: id, paper, wish: 'more' });
  await requestAddressChange(world, { subscriberId: id, email: 'new@example.net' });
  const reasons = [
    { topic: 'mixture-of-experts', words: ['experts'] },
    { query: 'only ada', words: ['ada'] },
    { query: 'both', words: ['both'] },
  ];
  const picks = await storeReasons(
    world.db,
    reasons.map((reason) => ({ seq: 1, reason })),
  );
  await world.db.delivery.updateMany({ where: { subscriberId: id, kind: 'digest' }, data: { picks } });
  const { id: deliveryId } = await world.db.delivery.findFirstOrThrow({
    where: { subscriberId: id, kind: 'digest' },
  });
  const bounce = { deliveryId, kind: 'soft', status: '5.2.2', diagnostic: '552 full' } as const;
  await enterBounces(world.db, { bounces: [bounce], now: world.now() });
  return id;
}

async function download(id: string): Promise<Record<string, unknown>> {
  let text = '';
  for await (const piece of exportData(world, id)) text += piece;
  return JSON.parse(text);
}

test('everything that the database has about a reader is in the document', async () => {
  const id = await settleAda();
  const data = await download(id);
  expect(data).toMatchObject({
    format: 'paperround-reader-data/2',
    exportedAt: '2026-03-02T09:00:00.000Z',
    subscriber: { id, email: ada, status: 'active', hour: 7, timeZone: 'UTC', servedThrough: 0 },
    topics: [
      { topicId: 'llm-training', excluded: true },
      { topicId: 'mixture-of-experts', excluded: false },
    ],
    keywords: [
      { text: 'only ada', excluded: false },
      { text: 'both', excluded: false },
    ],
    votes: [{ paperSeq: 1, wish: 'more', title: 'Mixture-of-Experts for translation' }],
    addressChanges: [{ oldEmail: ada, newEmail: 'new@example.net', confirmedAt: null }],
    signUps: [
      {
        email: ada,
        door: 'form',
        words: consent.words,
        source: consent.source,
        requestedAt: '2026-03-02T09:00:00.000Z',
        confirmedAt: '2026-03-02T09:00:00.000Z',
        choices: { keywords: ['only ada', 'both'] },
      },
    ],
    suppression: null,
    deliveries: [
      { kind: 'confirmation', edition: null },
      {
        kind: 'digest',
        edition: '2026-03-02',
        picks: [
          {
            seq: 1,
            because: [
              { topic: 'mixture-of-experts', words: ['experts'] },
              { query: 'only ada', words: ['ada'] },
              { query: 'both', words: ['both'] },
            ],
            title: 'Mixture-of-Experts for translation',
          },
        ],
        bounces: [
          { kind: 'soft', status: '5.2.2', diagnostic: '552 full', receivedAt: '2026-03-02T09:00:00.000Z' },
        ],
      },
      { kind: 'address_notice' },
      { kind: 'address_change' },
    ],
  });
  expect(JSON.stringify(data)).not.toContain(grace);

  const columns = await world.db.$queryRaw<{ column_name: string }[]>`
    SELECT column_name FROM information_schema.columns WHERE table_name = 'subscriber'`;
  expect(Object.keys(data.subscriber as object)).toHaveLength(columns.length);
});

test('a table that comes to be about readers is neither forgotten in the document nor left by an erasure', async () => {
  const tables = await world.db.$queryRaw<{ name: string; rule: string }[]>`
    SELECT conrelid::regclass::text AS name, confdeltype::text AS rule FROM pg_constraint
    WHERE confrelid IN ('subscriber'::regclass, 'delivery'::regclass) AND contype = 'f' AND conparentid = 0
    ORDER BY name`;
  const cascade = 'c';
  expect(tables).toEqual(
    [
      'address_change',
      'bounce',
      'delivery',
      'past_schedule',
      'reader_profile',
      'sign_up',
      'subscriber_keyword',
      'subscriber_topic',
      'vote',
    ].map((name) => ({
      name,
      rule: cascade,
    })),
  );
});

test('years of digests are written in steps, each of them once', async () => {
  const { id } = await world.subscribe(ada);
  await world.db.delivery.createMany({
    data: Array.from({ length: 450 }, (_, index) => ({
      subscriberId: id,
      kind: 'digest' as const,
      edition: new Date(Date.UTC(2020, 0, 1 + index)),
      day: new Date(Date.UTC(2020, 0, 1 + index)),
      throughSeq: 0,
    })),
  });
  const { deliveries } = (await download(id)) as { deliveries: { id: string }[] };
  expect(deliveries).toHaveLength(452);
  expect(new Set(deliveries.map((delivery) => delivery.id)).size).toBe(452);
});

test('nothing at all is written for somebody who is not there', async () => {
  const pieces = [];
  for await (const piece of exportData(world, '00000000-0000-4000-8000-000000000000')) pieces.push(piece);
  expect(pieces).toEqual([]);
});

test('erased is every row and every search that nobody else has, and nothing of anybody else', async () => {
  const id = await settleAda();
  // Asked again, and not answered yet.
  await requestSignUp(world, { email: 'Ada@example.org', preferences: defaultPreferences, consent });
  await eraseReader(world, id);
  await eraseReader(world, id);
  expect(await world.db.subscriber.findMany({ select: { email: true } })).toEqual([{ email: grace }]);
  expect(await world.db.keywordQuery.findMany({ select: { text: true } })).toEqual([{ text: 'both' }]);
  expect(await world.db.subscriberKeyword.count()).toBe(1);
  const reasons = (await world.db.pickReason.findMany()).map(({ reason }) => reason);
  expect(reasons).toHaveLength(3);
  expect(reasons).toEqual(
    expect.arrayContaining([
      { topic: 'mixture-of-experts', words: ['experts'] },
      null,
      { query: 'both', words: ['both'] },
    ]),
  );
  expect(await world.db.signUp.findMany({ select: { email: true } })).toEqual([{ email: grace }]);
  for (const count of [world.db.vote.count(), world.db.addressChange.count(), world.db.bounce.count()])
    expect(await count).toBe(0);
  expect(await world.db.delivery.count({ where: { subscriberId: id } })).toBe(0);
});

test('whatever says who they were, or what they searched for, now or before, is in no column of any table', async () => {
  const email = 'Ada.Unmistakable@example.org';
  const { id, preferences } = await world.subscribe(email, { keywords: ['unmistakable search', 'both'] });
  const { id: graceId } = await world.subscribe(grace, { keywords: ['both'] });
  const told = { keywords: ['unmistakable search', 'unmistakable replaced one'] };
  await changePreferences(world, { subscriberId: id, preferences: { ...preferences, ...told } });
  const reasons = [...told.keywords, 'both'].map((query) => ({
    seq: 1,
    reason: { query, words: ['translation'] },
  }));
  const picks = await storeReasons(world.db, reasons);
  await world.db.delivery.updateMany({ where: { subscriberId: id, kind: 'digest' }, data: { picks } });
  await changePreferences(world, {
    subscriberId: id,
    preferences: { ...preferences, keywords: ['unmistakable search'], organizations: ['Unmistakable Lab'] },
  });
  await requestAddressChange(world, { subscriberId: id, email: 'unmistakable.too@example.net' });
  await requestAddressChange(world, { subscriberId: graceId, email });
  await requestSignUp(world, { email, preferences: { ...defaultPreferences, ...told }, consent });
  const said = { detail: 'unmistakable', earlierTries: [{ replyText: '550 unmistakable' }] };
  await world.db.delivery.updateMany({ where: { subscriberId: id }, data: said });
  const { id: deliveryId } = await world.db.delivery.findFirstOrThrow({ where: { subscriberId: id } });
  const diagnostic = '550 5.2.2 <ada.unmistakable@example.org> is full';
  await enterBounces(world.db, {
    bounces: [{ deliveryId, kind: 'soft', status: '5.2.2', diagnostic }],
    now: world.now(),
  });

  const mark = 'unmistakable';
  expect(await listColumnsWith(mark)).toEqual(
    expect.arrayContaining([
      'subscriber.email',
      'keyword_query.text',
      'pick_reason.reason',
      'sign_up.email',
      'delivery_default.earlier_tries',
    ]),
  );
  expect(await listColumnsWith('unmistakable@example.org')).not.toContain('bounce.diagnostic');
  await eraseReader(world, id);
  expect(await listColumnsWith(mark)).toEqual([]);
  expect(await listColumnsWith(id)).toEqual([]);
  expect(await listColumnsWith(grace)).toContain('subscriber.email');
});

/** Of every table of every schema, as `table.column`: those that have it in any case and any type. */
async function listColumnsWith(mark: string): Promise<string[]> {
  const columns = await world.db.$queryRaw<{ schema: string; table: string; column: string }[]>`
    SELECT table_schema AS schema, table_name AS table, column_name AS column FROM information_schema.columns
    JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`;
  const asked = columns.map(
    ({ schema, table, column }) =>
      `SELECT '${table}.${column}' AS place WHERE EXISTS
        (SELECT 1 FROM "${schema}"."${table}" WHERE position(lower($1) IN lower("${column}"::text)) > 0)`,
  );
  const found = await world.db.$queryRawUnsafe<{ place: string }[]>(asked.join(' UNION ALL '), mark);
  return found.map(({ place }) => place);
}

test('who was erased may sign up anew, from the beginning', async () => {
  const id = await settleAda();
  await eraseReader(world, id);
  const again = await world.signUp(ada);
  expect(again).toMatchObject({ status: 'pending', confirmedAt: null });
  expect(again.id).not.toBe(id);
});

test('a search that its last reader replaced is swept away', async () => {
  const { id, preferences } = await world.subscribe(ada, { keywords: ['only ada', 'both'] });
  await world.subscribe(grace, { keywords: ['both'] });
  const changed = { ...preferences, keywords: ['another'] };
  await changePreferences(world, { subscriberId: id, preferences: changed });
  expect(await deleteOrphanedQueries(world.db)).toBe(1);
  const left = await world.db.keywordQuery.findMany({ orderBy: { text: 'asc' } });
  expect(left.map(({ text }) => text)).toEqual(['another', 'both']);
});

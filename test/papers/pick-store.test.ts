// Reasons for picks, each stored once.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Digest, Reason } from '../../src/digests/digest.ts';
import { noWords } from '../../src/digests/find-hits.ts';
import { createPickRegister } from '../../src/ledger/reports/stored-picks.ts';
import { forgetSearches, listPicks, type PickReason, storeReasons } from '../../src/papers/pick-store.ts';
import { findPaper } from '../../src/papers/store.ts';
import { watchStatements } from '../support/watch-statements.ts';
import { createWorld, expertPaper, paper, type World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const topic = { topic: 'mixture-of-experts', words: ['experts'] };
const query = { query: 'graph', words: ['graph', 'graphs'] };

test('what is stored is read again, paper by paper, in the order of the digest', async () => {
  const ids = await storeReasons(world.db, [
    { seq: 9, reason: query },
    { seq: 9, reason: topic },
    { seq: 2, reason: topic },
    { seq: 5, reason: null },
  ]);
  expect(await listPicks(world.db, [ids, [], ids.slice(1, 2)])).toEqual([
    [
      { seq: 9, because: [query, topic] },
      { seq: 2, because: [topic] },
      { seq: 5, because: [] },
    ],
    [],
    [{ seq: 9, because: [topic] }],
  ]);
});

test('workers that store the same reasons at once, in any order, are given the same ids', async () => {
  const reasons: PickReason[] = Array.from({ length: 200 }, (_, seq) => ({ seq, reason: topic }));
  const answers = await Promise.all([
    storeReasons(world.db, reasons),
    storeReasons(world.db, reasons.toReversed()),
    storeReasons(world.db, [...reasons, ...reasons]),
  ]);
  expect(await world.db.pickReason.count()).toBe(200);
  expect(answers[1]).toEqual(answers[0].toReversed());
  expect(answers[2]).toEqual([...answers[0], ...answers[0]]);
});

test('a search that nobody has any more is forgotten, and the paper is still in the digest', async () => {
  const ids = await storeReasons(world.db, [
    { seq: 9, reason: query },
    { seq: 9, reason: topic },
    { seq: 2, reason: query },
  ]);
  await world.db.keywordQuery.create({ data: { text: 'graph' } });
  await forgetSearches(world.db);
  expect((await listPicks(world.db, [ids]))[0]).toHaveLength(2);
  expect((await listPicks(world.db, [ids]))[0]?.[1]).toEqual({ seq: 2, because: [query] });
  await world.db.keywordQuery.deleteMany();
  await forgetSearches(world.db);
  expect(await listPicks(world.db, [ids])).toEqual([
    [
      { seq: 9, because: [topic] },
      { seq: 2, because: [] },
    ],
  ]);
  const [again] = await storeReasons(world.db, [{ seq: 9, reason: query }]);
  expect(ids).not.toContain(again);
});

test('for a digest of papers and reasons that are known, the database is not asked', async () => {
  await world.list('2026-03-02', [expertPaper('speech'), paper({ title: 'Top', organization: 'Lab' })]);
  const [one, other] = await Promise.all([findPaper(world.db, 1), findPaper(world.db, 2)]);
  if (one === null || other === null) throw new Error('no papers');
  const asked: string[] = [];
  const db = watchStatements(world.db, { before: (sql) => asked.push(sql) });
  const register = createPickRegister({ db });
  const experts: Reason = { type: 'topic', id: 'moe', name: 'Experts', score: 1, because: ['experts'] };
  const lab: Reason = { type: 'organization', key: 'lab', name: 'Lab', score: 1, because: noWords };
  const digestOf = (picks: Digest['picks']): Digest => ({ edition: '2026-03-02', picks, matched: 2 });
  const both = digestOf([
    { paper: one, score: 1, reasons: [experts] },
    { paper: other, score: 1, reasons: [lab] },
  ]);
  const top = digestOf([{ paper: other, score: 0, reasons: [] }]);
  const first = await register([both, top]);
  expect(await listPicks(world.db, [first.get(both) ?? [], first.get(top) ?? []])).toEqual([
    [
      { seq: one.seq, because: [{ topic: 'moe', words: ['experts'] }] },
      { seq: other.seq, because: [{ organization: 'Lab', words: [] }] },
    ],
    [{ seq: other.seq, because: [] }],
  ]);
  expect(asked).not.toEqual([]);
  asked.length = 0;
  const turned = digestOf(both.picks.toReversed());
  expect((await register([turned])).get(turned)).toEqual(first.get(both)?.toReversed());
  expect(asked).toEqual([]);
});

// The list of addresses that get no mail: what is lifted together, and the list as a file.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  importSuppressions,
  type SuppressionFormat,
  writeHead,
  writeSuppression,
} from '../../src/subscribers/suppressions/suppression-file.ts';
import {
  countWished,
  liftSuppressions,
  listSuppressions,
  type Suppression,
  type SuppressionFilter,
} from '../../src/subscribers/suppressions/suppression-store.ts';
import { ada, createWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
beforeEach(() => world.db.suppression.deleteMany());
afterAll(() => world?.close());

const all = async (filter: SuppressionFilter = {}) =>
  listSuppressions(world.db, { after: '', limit: 10_000, filter });
const names = async (filter?: SuppressionFilter) => (await all(filter)).map(({ email }) => email);

describe('lifting', () => {
  const bar = (email: string, cause: string, reason: string, day: string) =>
    world.db.suppression.create({
      data: { emailKey: email, cause, reason, createdAt: new Date(`2026-03-${day}T12:00:00Z`) },
    });
  beforeEach(async () => {
    await bar('a@one.example', 'hard', 'hard bounce: 550 5.4.5 Daily quota of 100% exceeded', '01');
    await bar('b@one.example', 'hard', 'hard bounce: 550 5.1.1 no such user', '02');
    await bar('c@sub.one.example', 'soft', '5 or more soft bounces', '03');
    await bar('d@two.example', 'complaint', 'complaint: abuse', '04');
    await bar('e@two.example', 'owner', 'never again', '05');
    await bar('f@two.example', 'operator', 'added by the operator', '06');
    await bar('g@two.example', 'imported', 'imported', '06');
    await bar('h@two.example', 'hard', 'hard bounce: 550 5.1.1 no such user', '07');
  });
  const at = (day: string) => new Date(`2026-03-${day}T00:00:00Z`);

  test.each<[string, SuppressionFilter, string]>([
    ['a cause', { reason: 'hard' }, 'abh'],
    ['words of the reason, in any case', { reason: 'DAILY QUOTA' }, 'a'],
    ['words that are taken as they are', { reason: '100% ex' }, 'a'],
    ['words that are no pattern', { reason: '%' }, 'a'],
    ['a domain, and not those under it', { domain: 'ONE.example' }, 'ab'],
    ['a time', { since: at('02'), until: at('04') }, 'bc'],
    ['all of these at once', { reason: 'hard', domain: 'one.example', since: at('02') }, 'b'],
    ['all but what somebody wished for', { domain: 'two.example' }, 'h'],
    ['what somebody wished for, when it is named', { reason: 'complaint' }, 'd'],
    ['what an operator was asked for, when it is named', { reason: 'operator' }, 'f'],
    ['an address, whatever the cause', { email: 'E@two.example' }, 'e'],
  ])('is by %s', async (_, filter, letters) => {
    expect((await names(filter)).map((name) => name[0]).join('')).toBe(letters);
    const before = await names();
    expect(await liftSuppressions(world.db, { filter, now: world.now() })).toBe(letters.length);
    expect(await names()).toEqual(before.filter((name) => !letters.includes(name[0] ?? '')));
  });

  test('tells how many stay since somebody wished for them', async () => {
    expect(await countWished(world.db, { domain: 'two.example' })).toBe(4);
    expect(await countWished(world.db, { since: at('05'), until: at('06') })).toBe(1);
    expect(await countWished(world.db, { reason: 'operator' })).toBe(0);
  });

  test('forgives their readers what comes back for earlier mails', async () => {
    const { id } = await world.subscribe(ada);
    await bar(ada, 'hard', 'hard bounce', '01');
    await liftSuppressions(world.db, { filter: { domain: 'example.org' }, now: world.now() });
    const { bouncesCountFrom } = await world.db.subscriber.findUniqueOrThrow({ where: { id } });
    expect(bouncesCountFrom).toEqual(world.now());
  });
});

/** In pieces that end anywhere. */
async function* inPieces(text: string, length = 7): AsyncGenerator<string> {
  for (let start = 0; start < text.length; start += length) yield text.slice(start, start + length);
}

async function take(text: string, format: SuppressionFormat | null = null) {
  const refused: [number, string][] = [];
  const onRefused = (line: number, why: string) => refused.push([line, why]);
  const counts = await importSuppressions(
    { db: world.db, now: world.now(), onRefused },
    { chunks: inPieces(text), format },
  );
  return { ...counts, lines: refused };
}

describe('a file of suppressions', () => {
  test.each<SuppressionFormat>(['csv', 'ndjson'])('as %s brings all of it back, and once', async (format) => {
    const given: Suppression[] = [
      {
        email: 'x@example.org',
        cause: 'hard',
        reason: '550 "no", said\nthe server',
        createdAt: new Date(1e12),
      },
      { email: 'y@example.org', cause: 'owner', reason: 'ключ, 鍵', createdAt: new Date(1.1e12) },
    ];
    const text = writeHead(format) + given.map((one) => writeSuppression(one, format)).join('');
    expect(await take(text)).toEqual({ added: 2, known: 0, refused: 0, lines: [] });
    const stored = await all();
    const oneLine = given.map((one) => ({ ...one, reason: one.reason.replace('\n', ' ') }));
    expect(stored).toEqual(oneLine);
    expect(await take(text)).toEqual({ added: 0, known: 2, refused: 0, lines: [] });
    expect(await all()).toEqual(stored);
  });

  test('tells each line that it does not take, by its number and why, and takes the others', async () => {
    const csv = [
      '\uFEFFRecipient,Created At,Suppression Reason,Origin',
      'one@example.org,2026-01-02T03:04:05Z,HardBounce,Recipient',
      'nobody,2026-01-02,HardBounce,Recipient',
      '"two@example.org","yesterday","two',
      'lines",x',
      '',
      'THREE@example.org,1700000000,,',
      ',,,',
    ];
    expect(await take(csv.join('\r\n'))).toEqual({
      added: 2,
      known: 0,
      refused: 3,
      lines: [
        [3, 'has “nobody”, which is no mail address'],
        [4, 'has “yesterday”, which is no time'],
        [8, 'has no address'],
      ],
    });
    expect(await all()).toEqual([
      {
        email: 'one@example.org',
        cause: 'imported',
        reason: 'HardBounce',
        createdAt: new Date('2026-01-02T03:04:05Z'),
      },
      {
        email: 'three@example.org',
        cause: 'imported',
        reason: 'imported',
        createdAt: new Date(1_700_000_000_000),
      },
    ]);
    const ndjson =
      '{"email":"four@example.org","cause":"whim"}\n[]\n{"email":\n{"address":"five@example.org"}';
    expect(await take(ndjson)).toMatchObject({
      added: 1,
      lines: [
        [1, 'has “whim”, which is no cause'],
        [2, 'is no JSON object'],
        [3, 'is no JSON'],
      ],
    });
  });

  test('of bare addresses is one too', async () => {
    expect(await take('one@example.org\ntwo@example.org')).toMatchObject({ added: 2, refused: 0 });
  });

  test('with a quote that nobody closes, or a line without an end, costs no more than that', async () => {
    const long = 'x'.repeat(70_000);
    const csv = `a@example.org,"${long}\nb@example.org,\n${long}\nc@example.org,`;
    expect(await take(csv, 'csv')).toMatchObject({
      added: 2,
      lines: [
        [1, 'is longer than 64 kB'],
        [3, 'is longer than 64 kB'],
      ],
    });
  });

  test('with many names is taken in steps', async () => {
    const text = Array.from({ length: 2500 }, (_, n) => `reader${n % 2400}@example.org\n`).join('');
    expect(await take(text)).toMatchObject({ added: 2400, known: 100 });
  });
});

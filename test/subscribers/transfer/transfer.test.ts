import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createLocalBudgets } from '../../../src/platform/budgets.ts';
import { forgetOld } from '../../../src/subscribers/account/retention.ts';
import { defaultPreferences } from '../../../src/subscribers/preferences/preferences.ts';
import { askImported } from '../../../src/subscribers/transfer/ask-imported.ts';
import { fileMaps } from '../../../src/subscribers/transfer/columns.ts';
import { exportReaders } from '../../../src/subscribers/transfer/export-readers.ts';
import { importReaders } from '../../../src/subscribers/transfer/import-readers.ts';
import { createRowReader, type ReadOptions } from '../../../src/subscribers/transfer/read-reader.ts';
import { listTopics } from '../../../src/topics/store.ts';
import { ada, alan, createWorld, grace, type World } from '../../support/world.ts';

let world: World;
let options: ReadOptions;
beforeAll(async () => {
  world = await createWorld();
  const topics = await listTopics(world.db);
  options = { map: 'paperround', topics, defaultTopics: [], consent: null, now: world.now() };
});
afterAll(() => world?.close());
beforeEach(async () => {
  await world.db.subscriber.deleteMany();
  await world.db.signUp.deleteMany();
  await world.db.suppression.deleteMany();
  await world.db.subscriberImport.deleteMany();
});

async function* inPieces(text: string): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += 1000) yield text.slice(at, at + 1000);
}

type Given = Partial<ReadOptions> & { fingerprint?: string; isTrial?: true; chunks?: AsyncIterable<string> };

async function take(text: string, { fingerprint, isTrial, chunks, ...changes }: Given = {}) {
  const refused: string[] = [];
  const counts = await importReaders(
    {
      db: world.db,
      now: world.now,
      onRefused: async ({ line, why }) => void refused.push(`${line}: ${why}`),
      onStep: () => {},
    },
    {
      file: { name: 'x', fingerprint: fingerprint ?? null, chunks: chunks ?? inPieces(text), format: null },
      options: { ...options, ...changes },
      isTrial: isTrial === true,
    },
  );
  return { ...counts, refused: counts.refused, why: refused };
}

const head = 'email,topics,keywords,days,hour,time_zone,language,consented_at,consent\n';
const agreed = '2026-01-02T10:00:00Z,paper form';

describe('a file of readers', () => {
  test('with a record of consent reads from tomorrow on, with all that was chosen', async () => {
    const row = `Ada@Example.org,mixture-of-experts; llm-training,"""kv cache""; moe -vision",mon;fri,9,Europe/Berlin,de,${agreed}\n`;
    expect(await take(head + row)).toMatchObject({ rows: 1, active: 1, toAsk: 0, refused: 0 });
    const reader = await world.find(ada);
    expect(reader).toMatchObject({
      email: 'Ada@Example.org',
      status: 'active',
      confirmedAt: new Date('2026-01-02T10:00:00Z'),
      // Friday, nine in Berlin: the world began on a Monday.
      nextDigestAt: new Date('2026-03-06T08:00:00Z'),
      preferences: {
        ...defaultPreferences,
        topics: ['mixture-of-experts', 'llm-training'],
        keywords: ['"kv cache"', 'moe -vision'],
        days: ['mon', 'fri'],
        hour: 9,
        timeZone: 'Europe/Berlin',
        language: 'de',
      },
    });
    expect(await world.db.delivery.count()).toBe(0);
    const kept = await world.db.signUp.findFirstOrThrow({ where: { subscriberId: reader.id } });
    expect(kept).toMatchObject({ door: 'import', evidence: 'paper form', confirmedAt: reader.confirmedAt });
  });

  test('without one is asked by mail, some every minute, and nobody is forgotten before', async () => {
    const rows = Array.from({ length: 5 }, (_, n) => `reader${n}@example.org,llm-training\n`).join('');
    expect(await take(`email,topics\n${rows}`)).toMatchObject({ active: 0, toAsk: 5 });
    expect(await world.db.subscriber.count()).toBe(0);
    expect((await take(`email,topics\n${rows}`)).toAsk).toBe(0);
    const later = new Date(world.now().getTime() + 30 * 24 * 60 * 60_000);
    await forgetOld({ db: world.db, now: later }, { departedDays: 365 });
    const ask = (accountMailsPerHour: number) =>
      askImported({ ...world, budgets: createLocalBudgets() }, { accountMailsPerHour });
    expect([await ask(240), await ask(600), await ask(600)]).toEqual([2, 3, 0]);
    const mails = await world.db.delivery.findMany({ where: { kind: 'confirmation' } });
    expect(mails).toHaveLength(5);
    expect(mails.every(({ signUpId }) => signUpId !== null)).toBe(true);
    expect(await world.db.subscriber.count({ where: { status: 'pending' } })).toBe(5);
  });

  test('changes nobody who is there, takes nobody in who is suppressed, and counts who comes twice once', async () => {
    await world.subscribe(ada, { topics: ['graph-learning'] });
    await world.db.suppression.create({ data: { emailKey: grace, reason: 'x' } });
    const row = (email: string) => `${email},llm-training,,,,,,${agreed}\n`;
    const counts = await take(head + [ada, grace, alan, alan.toUpperCase()].map(row).join(''));
    expect(counts).toMatchObject({ rows: 4, active: 1, known: 2, suppressed: 1 });
    expect((await world.find(ada)).preferences.topics).toEqual(['graph-learning']);
    expect(await world.db.subscriber.count({ where: { email: grace } })).toBe(0);
  });

  test('has each row that is none named with its line and why, and an open quote swallows no more than 64 kB', async () => {
    const filler = Array.from({ length: 3000 }, (_, n) => `reader${n}@example.org,llm-training\n`).join('');
    const text = `email,topics,hour\nno address,llm-training,7\n,llm-training,7\n${ada},nothing,7\n${ada},,7\n${ada},llm-training,25\n"open,llm-training\n${filler}`;
    const { why, toAsk } = await take(text);
    expect(why.slice(0, 5)).toEqual([
      '2: has “no address”, which is no mail address',
      '3: has no address',
      '4: topics: there is no topic “nothing”',
      '5: topics: choose at least one topic, or add a keyword, an organisation, an author, papers you like or what you work on',
      expect.stringMatching(/^6: hour: /),
    ]);
    expect(why.slice(5)).toEqual(['7: is longer than 64 kB']);
    expect(toAsk).toBeGreaterThan(1000);
  });

  test('that names no address is not read, nor a row that is not UTF-8', async () => {
    expect((await take(`mail,name\n${ada},Ada\n`)).why).toEqual([
      '1: names no column “email”, but mail, name',
    ]);
    const utf16 = new TextDecoder().decode(Buffer.from(`email,topics\n${ada},llm-training\n`, 'utf16le'));
    const broken = 'is not written in UTF-8: save the file as “CSV UTF-8”';
    expect((await take(utf16)).why).toEqual([`1: ${broken}`]);
    const latin1 = new TextDecoder().decode(
      Buffer.from(`email,about,name\n${ada},étude,x\n${grace},x,é\n`, 'latin1'),
    );
    expect(await take(latin1)).toMatchObject({ why: [`2: ${broken}`], toAsk: 1 });
    // A list without names on top may begin with what is no address.
    expect(await take(`nobody\n${alan}\n`, { defaultTopics: ['llm-training'] })).toMatchObject({
      toAsk: 1,
      refused: 1,
    });
  });

  test('that was cut off in the middle goes on where it ended; a trial changes nothing', async () => {
    const rows = Array.from(
      { length: 12_000 },
      (_, n) => `reader${n}@example.org,llm-training,,,,,,${agreed}\n`,
    );
    const text = head + rows.join('');
    async function* breaking() {
      yield head + rows.slice(0, 11_000).join('');
      throw new Error('the disk is gone');
    }
    expect(await take(text, { isTrial: true })).toMatchObject({ active: 12_000 });
    expect(await world.db.subscriber.count()).toBe(0);
    await expect(take('', { fingerprint: 'f', chunks: breaking() })).rejects.toThrow('the disk is gone');
    expect(await world.db.subscriber.count()).toBe(10_000);
    expect(await take(text, { fingerprint: 'f' })).toMatchObject({
      rows: 12_000,
      active: 12_000,
      known: 0,
      wentOn: true,
    });
    expect(await take(text, { fingerprint: 'f' })).toMatchObject({ active: 0, known: 12_000, wentOn: false });
    // As autovacuum does within a minute: until then they may be removed by plans for tables of a few rows, each by reading all of a table.
    await world.db.$executeRaw`ANALYZE`;
  });
});

test('what is exported is imported again as it was, formulas and all', async () => {
  await world.subscribe('+cmd@example.org', {
    keywords: ['=1+1', '"a, b" OR c'],
    organizations: ['@home; "Lab"'.replace(';', '')],
    authors: ['LeCun, Yann', 'Ada Lovelace'],
    library: ['[arXiv:2512.00001]', 'Sheep, goats; and the wind'],
    about: 'I breed sheep; most of them are =black.',
    maxAlike: 4,
  });
  await world.subscribe(grace, { days: ['sun'], pausedUntil: '2026-05-01', whenEmpty: 'top3' });
  await world.signUp(alan);
  for (const format of ['csv', 'ndjson'] as const) {
    const pieces: string[] = [];
    for await (const piece of exportReaders(world.db, format)) pieces.push(piece);
    const before = [await world.find('+cmd@example.org'), await world.find(grace)];
    if (format === 'csv') expect(pieces.join('')).toMatch(/^'\+cmd@example\.org,/m);
    await world.db.subscriber.deleteMany();
    await world.db.signUp.deleteMany();
    expect(await take(pieces.join(''))).toMatchObject({ why: [], active: 2, toAsk: 0, refused: 0 });
    const after = [await world.find('+cmd@example.org'), await world.find(grace)];
    const kept = ({ email, preferences, confirmedAt }: (typeof before)[number]) => ({
      email,
      preferences,
      confirmedAt,
    });
    expect(after.map(kept)).toEqual(before.map(kept));
  }
});

describe('other senders’ exports', () => {
  const read = (map: ReadOptions['map'], values: Record<string, string>, consent: string | null = null) =>
    createRowReader({ ...options, map, consent, defaultTopics: ['llm-training'] })(values);

  test('Mailchimp’s: who confirmed there reads, tags that are topics are followed, who left is not taken', () => {
    const row = {
      email: ada,
      confirmed_at: '2025-05-06 07:08:09',
      opted_in_at: '2025-05-06 07:00:00',
      topics: '"LLM inference","VIP"',
    };
    expect(read('mailchimp', row)).toMatchObject({
      reader: {
        preferences: { topics: ['llm-inference'] },
        consent: {
          evidence: expect.stringContaining('confirmed 2025-05-06'),
          at: new Date('2025-05-06T07:08:09Z'),
        },
      },
    });
    expect(read('mailchimp', { email: ada, opted_in_at: '2025-05-06 07:00:00' })).toMatchObject({
      reader: { consent: null },
    });
    expect(read('mailchimp', { email: ada, left_at: '2025-05-06' })).toEqual({
      type: 'refused',
      why: 'is unsubscribed there',
    });
  });

  test('listmonk’s: attributes are read, a status alone is no consent, who is barred is not taken', () => {
    const attributes = '{"topics": ["graph-learning"], "timeZone": "Europe/Paris", "consent": "no"}';
    expect(read('listmonk', { email: ada, status: 'enabled', attributes })).toMatchObject({
      reader: { preferences: { topics: ['graph-learning'], timeZone: 'Europe/Paris' }, consent: null },
    });
    expect(read('listmonk', { email: ada, status: 'blocklisted' })).toEqual({
      type: 'refused',
      why: 'is blocklisted there',
    });
  });

  test.each([
    ['listmonk', 'email,status\nada@example.org,blocklisted\n', 'is blocklisted there'],
    ['Another sender', 'email,status\nada@example.org,Complained\n', 'is complained there'],
    ['Another sender', 'email,status\nada@example.org,hard_bounced\n', 'is hard_bounced there'],
    ['Mailchimp', 'email,CLEAN_TIME\nada@example.org,2025-05-06\n', 'is unsubscribed there'],
    ['Substack', 'email,email_disabled\nada@example.org,true\n', 'gets no mail there'],
  ])('%s’s: who is barred there is not taken, whichever export it is said to be', async (_, text, why) => {
    for (const map of fileMaps)
      expect(await take(text, { map, defaultTopics: ['llm-training'], consent: 'x' })).toMatchObject({
        active: 0,
        why: [`2: ${why}`],
      });
  });

  test('Substack’s: all that choose nothing follow what the operator names, on the operator’s word', () => {
    expect(read('substack', { email: ada, is_disabled: 'false' }, 'double opt-in at Substack')).toMatchObject(
      {
        reader: {
          preferences: { topics: ['llm-training'] },
          consent: { evidence: 'double opt-in at Substack' },
        },
      },
    );
    expect(read('substack', { email: ada, is_disabled: 'true' })).toMatchObject({ type: 'refused' });
  });
});

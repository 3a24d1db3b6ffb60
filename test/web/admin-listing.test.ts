// Taking in a listing by the console: what it would bring is told first, and the button stores just that.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKey } from '../../src/operators/api-keys.ts';
import { listPapersOfDay } from '../../src/papers/store.ts';
import { everyTwoHours } from '../../src/sources/timetable.ts';
import { printRss } from '../sources/arxiv/print-feed.ts';
import { type Console, openConsole } from './admin-browser.ts';
import { startApp, type TestApp } from './start-app.ts';

const day = '2025-12-14';
const written = (...titles: string[]) =>
  JSON.stringify(titles.map((title) => ({ title, abstract: `All about ${title}.` })));
const file = (text: string, name = 'papers.json') => new File([text], name);

let app: TestApp;
let ada: Console;
let grace: Console;
beforeAll(async () => {
  const source = {
    id: 'hf',
    name: 'Hugging Face',
    timetable: everyTwoHours,
    collect(): never {
      throw new Error('the web server asks no source');
    },
  };
  app = await startApp({ sources: [{ source, isOn: true }] });
  ada = await openConsole(app, 'ada', 'operator');
  grace = await openConsole(app, 'grace', 'viewer');
});
afterAll(() => app?.stop());

const listed = async (on = day) => (await listPapersOfDay(app.db, on)).map(({ title }) => title);

test('a file is only read at first, and told paper by paper; the button stores just that, once', async () => {
  await app.db.paper.updateMany({ where: { title: 'Yesterday’s Paper' }, data: { isNews: false } });
  const text = written('Kites in Wind', 'Yesterday’s Paper', 'Seeing in the Dark');
  const tried = await ada.post('/papers', { file: file(text), date: day }, { multipart: true });
  expect(tried.status).toBe(200);
  expect(tried.html).toContain('1 new; 1 known, and news to readers from now on; 1 known');
  expect(tried.html).toMatch(/tone-good">new<\/span><\/td><td[^>]*>.*Kites in Wind/);
  expect(await listed()).toEqual([]);
  expect(await app.db.auditEntry.count()).toBe(0);

  const stored = await ada.post('/papers', ada.readFields(tried.html), {});
  expect(stored.done).toMatch(/^Stored: 1 new; /);
  expect(await listed()).toEqual(['Kites in Wind', 'Yesterday’s Paper', 'Seeing in the Dark']);
  expect(await app.db.auditEntry.findMany()).toMatchObject([
    { adminName: 'ada', action: 'papers-import', target: `listing file of ${day}`, result: stored.done },
  ]);
  expect((await ada.get('/papers')).html).toContain(`href="/papers/${day}"`);

  const again = await ada.post('/papers', ada.readFields(tried.html), {});
  expect([again.status, again.html]).toEqual([409, expect.stringContaining('something else by now')]);
});

test('what is refused is told with the reason, what is in doubt with its line', async () => {
  const page = readFileSync('test/sources/fixtures/date-view.txt', 'utf8');
  const doubtful = await ada.post('/papers', { text: `${page}\n`, date: '' });
  expect(doubtful.html).toMatch(/<tr><td[^>]*><span>\d+<\/span><\/td><td[^>]*><span>/);
  const refused = async (fields: Record<string, string | File>) => {
    const { status, html } = await ada.post('/papers', fields, { multipart: true });
    expect(status).toBe(422);
    return html;
  };
  expect(await refused({ text: '[]' })).toContain('It looks like JSON, and has no papers in it.');
  expect(await refused({ text: ' ' })).toContain('Choose a file, or paste its text.');
  expect(await refused({ text: 'x', file: file('y') })).toContain('not both');
  expect(await refused({ text: written('A'), date: 'tomorrow' })).toContain('Give the day as');
  expect(await refused({ text: written('A'), source: 'HF!' })).toContain('small letters');
  expect(await refused({ text: written('A'), source: 'hf' })).toContain('Hugging Face');
  expect(await refused({ carried: 'AAAA', seen: 'x' })).toContain('Give the file once more');
});

test('the name of a file tells its day; the day that was told is the one that is stored, after midnight too', async () => {
  const named = file(written('Named by Its File'), 'list-2025-12-15.json');
  const tried = await ada.post('/papers', { file: named }, { multipart: true });
  await ada.post('/papers', ada.readFields(tried.html));
  expect(await listed('2025-12-15')).toEqual(['Named by Its File']);
  const morning = app.clock.now;
  app.clock.now = new Date('2025-12-12T21:00:00Z');
  const undated = await ada.post('/papers', { text: written('Of an Evening') });
  app.clock.now = new Date('2025-12-13T01:00:00Z');
  await ada.post('/papers', ada.readFields(undated.html));
  expect(await listed('2025-12-12')).toContain('Of an Evening');
  app.clock.now = morning;
});

test('a large one is read in a thread of its own, and tells the same', async () => {
  const large = written(
    ...Array.from({ length: 600 }, (_, place) => `Paper ${place} ${'about much '.repeat(30)}`),
  );
  expect(large.length).toBeGreaterThan(256 * 1024);
  const tried = await ada.post('/papers', { file: file(large), date: '2025-12-19' }, { multipart: true });
  expect(tried.html).toContain('600 new');
  expect(tried.html).toContain('The first 500 papers');
});

test('bytes that are no UTF-8 come through the button as they were', async () => {
  const latin = new File([Buffer.from(written('Über Wässer'), 'latin1')], 'latin.json');
  const tried = await ada.post('/papers', { file: latin, date: '2025-12-16' }, { multipart: true });
  await ada.post('/papers', ada.readFields(tried.html));
  expect(await listed('2025-12-16')).toEqual(['Über Wässer']);
});

test('another listing of the same source and day says which papers it leaves out; another source leaves none', async () => {
  const date = '2025-12-17';
  const first = await ada.post('/papers', { text: written('One', 'Two'), date });
  await ada.post('/papers', ada.readFields(first.html));
  const other = await ada.post('/papers', { text: written('Two', 'Three'), date });
  expect(other.html).toMatch(/no longer<\/dt><dd><span>1 papers/);
  const beside = await ada.post('/papers', { text: written('Two', 'Three'), date, source: 'workshop' });
  expect(beside.html).not.toContain('no longer');
});

test('by the API a dry run tells the same, and storing marks what was withdrawn', async () => {
  const { db, clock } = app;
  const may = { name: 'import', scopes: ['papers:write' as const] };
  const key = await createKey(db, { ...may, createdBy: 'ada', expiresAt: null, now: clock.now });
  const ask = async (fields: object) => {
    const answer = await app.request('/api/v1/papers/imports', {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(fields),
    });
    return { status: answer.status, answer: await answer.json() };
  };
  const date = '2025-12-21';
  const given = { text: written('Kites in Wind', 'Sails'), date, source: 'workshop' };
  const fates = [
    { title: 'Kites in Wind', fate: 'known' },
    { title: 'Sails', fate: 'new' },
  ];
  expect(await ask({ ...given, dryRun: true })).toMatchObject({
    status: 200,
    answer: { added: null, fates, dropped: 0 },
  });
  expect(await listed(date)).toEqual([]);
  expect(await ask(given)).toMatchObject({ status: 200, answer: { added: 1, fates } });
  expect(await ask({ ...given, text: written('Sails') })).toMatchObject({ answer: { dropped: 1 } });
  expect((await ask({ ...given, source: 'hf' })).status).toBe(422);
  const { seq } = await db.paper.findFirstOrThrow({ where: { title: 'Sails' } });
  await db.paper.update({ where: { seq }, data: { arxivId: '2512.00007' } });
  const kept = { id: '2512.00008v1', title: 'Another' };
  const withdrawn = { id: '2512.00007v2', announced: 'replace', comment: 'This paper has been withdrawn' };
  await ask({ text: printRss([kept, withdrawn]), date });
  expect(await db.paper.findUniqueOrThrow({ where: { seq } })).toMatchObject({ isWithdrawn: true });
});

describe('is refused', () => {
  const fields = { text: written('Not for All'), date: '2025-12-18' };

  test('to a viewer, who sees the listings and no form', async () => {
    const { html } = await grace.get('/papers');
    expect(html).toContain(day);
    expect(html).not.toContain('multipart');
    expect((await grace.post('/papers', fields)).status).toBe(403);
    expect((await grace.post('/papers', fields, { multipart: true })).status).toBe(403);
  });

  test('without the token of a form of ours', async () => {
    expect((await ada.post('/papers', fields, { token: 'x' })).status).toBe(403);
    expect((await ada.post('/papers', fields, { token: 'x', multipart: true })).status).toBe(403);
  });

  test('beyond what a page holds, be it made small', async () => {
    const large = file(' '.repeat(4 * 1024 * 1024 + 1));
    const { status, html } = await ada.post('/papers', { file: large }, { multipart: true });
    expect([status, html]).toEqual([422, expect.stringContaining('larger than 4 MiB')]);
    const huge = file('x'.repeat(7_000_000));
    expect((await ada.post('/papers', { file: huge }, { multipart: true })).status).toBe(413);
  });
});

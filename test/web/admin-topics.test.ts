// A draft of a topic in the console: what it finds among the latest papers, what it narrowly misses, and the text for the file.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKey } from '../../src/operators/api-keys.ts';
import { importListing } from '../../src/papers/import-listing.ts';
import { listTopics, storeTopics } from '../../src/topics/store.ts';
import { readTopics } from '../../src/topics/topics-file.ts';
import { type Console, openConsole } from './admin-browser.ts';
import { startApp, type TestApp } from './start-app.ts';

const catalogue = `groups:
  - id: machines
    name: Machines
topics:
  - id: vision
    group: machines
    name: Computer vision
    names: { de: Bildverstehen }
    description: Cameras and whatever sees with them.
    phrases: [camera, kite]
    hints: [light]
`;
const kites = {
  id: 'kites',
  name: 'Kites',
  group: 'machines',
  description: 'Kites, their tails and strings, and the wind that lifts them.',
  phrases: 'kite\r\ntail string\r\nzeppelin',
  examples: 'How a Kite Climbs',
  further: '',
};
const paper = (title: string, abstract: string) => ({
  ...{ title, abstract, authorsCount: null, organization: null },
  ...{ publishedOn: null, comments: null, upvotes: null, links: [] },
});

let folder: string;
let app: TestApp;
let ada: Console;
let grace: Console;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paperround-topics-'));
  const topicsFile = join(folder, 'topics.yaml');
  await writeFile(topicsFile, catalogue);
  app = await startApp({ config: { topicsFile } });
  const { db } = app;
  const vision = { id: 'vision', name: 'Computer vision', description: 'Cameras.', group: 'machines' };
  await db.$transaction((tx) => storeTopics(tx, [vision], [{ id: 'machines', name: 'Machines' }]));
  const papers = [
    paper('A Kite That Climbs', 'We fly a kite. The kite has a tail string, and the kite climbs.'),
    paper('Weather', 'Wind turns. A kite was seen.'),
  ];
  await importListing({ db }, { source: 'test', date: '2025-12-13', papers });
  ada = await openConsole(app, 'ada', 'operator');
  grace = await openConsole(app, 'grace', 'viewer');
});
afterAll(async () => {
  await app?.stop();
  await rm(folder, { recursive: true, force: true });
});

test('a draft is tried in a thread, is told what it finds, misses and never uses, and stores nothing', {
  timeout: 60_000,
}, async () => {
  const before = await app.db.topic.count();
  const { status, html } = await ada.post('/topics/draft', kites);
  expect(status).toBe(200);
  expect(html).toContain('<h1>Kites finds 1 of 6 papers</h1>');
  const [, found = '', missed = '', unused = ''] = html.split(/<h2[^>]*>/);
  expect(found).toContain('A Kite That Climbs');
  expect(missed).toMatch(/Weather[\s\S]*its words are worth 0\.\d+ of what is enough/);
  expect(unused).toMatch(/zeppelin/);
  expect(html).toContain('>  - id: kites\n    group: machines\n    name: Kites\n');
  expect(html).toContain(`${folder}/topics.yaml, the file that TOPICS_FILE names`);
  expect(html).toContain('action="/admin/topics/store"');
  expect(html).toContain('tail string\nzeppelin</textarea>');
  expect(await app.db.topic.count()).toBe(before);
});

test('a topic of the file can be begun with, rules and all', { timeout: 60_000 }, async () => {
  const { html } = await ada.get('/topics/draft?topic=vision');
  expect(html).toContain('camera\nkite</textarea>');
  expect(html).toMatch(/hints:\n\s+- light<\/textarea>/);
  expect(html).toContain('de: Bildverstehen');
  expect(html).toContain('<option value="machines" selected>');
  expect((await ada.get('/topics/draft?topic=nothing')).status).toBe(404);
});

test('what is wrong with it is said, and what was written stays', async () => {
  const { status, html } = await ada.post('/topics/draft', { ...kites, description: '<b>Kites' });
  expect(status).toBe(422);
  expect(html).toContain('must be a sentence');
  expect(html).toContain('&lt;b&gt;Kites</textarea>');
  expect((await ada.post('/topics/draft', { ...kites, phrases: 'kite\n'.repeat(20_000) })).status).toBe(413);
});

const offered = async () =>
  (await listTopics(app.db)).map(({ id, name }) => ({ id, name })).filter(({ id }) => id !== 'vision');
const storeKites = (more: object = {}) => ada.post('/topics/store', { ...kites, seen: '0', ...more });

test('what was tried is stored: offered at once, in the log, and given to papers by the next round', async () => {
  const { done } = await storeKites();
  expect(done).toContain('Done, as version 1: readers see it at once');
  expect(await offered()).toContainEqual({ id: 'kites', name: 'Kites' });
  expect((await storeKites()).done).toContain('It was so already');
  expect((await ada.get('/audit')).html).toMatch(/topic-store[\s\S]*topic kites/);
  const { html } = await ada.get('/topics');
  expect(html).toMatch(/kites[\s\S]*written by ada/);
  const topics = await readTopics({ topicsFile: join(folder, 'topics.yaml') });
  await topics.assignTopics(app.db);
  const papers = await app.db.paperTopic.findMany({
    where: { topicId: 'kites' },
    select: { paper: { select: { title: true } } },
  });
  expect(papers).toEqual([{ paper: { title: 'A Kite That Climbs' } }]);
});

test('of two who change one topic, the second is told, and loses nothing of what they wrote', async () => {
  const { html } = await ada.get('/topics/draft?topic=kites');
  const { seen = '' } = ada.readFields(html);
  expect(Number(seen)).toBeGreaterThan(0);
  expect((await storeKites({ seen, name: 'Kites and balloons' })).done).toContain('Done');
  const late = await storeKites({ seen, name: 'Kites and gliders' });
  expect(late.status).toBe(409);
  expect(late.html).toContain('ada changed it meanwhile');
  expect(late.html).toContain('value="Kites and gliders"');
  expect(await offered()).toContainEqual({ id: 'kites', name: 'Kites and balloons' });
});

test('a topic is retired and offered again; one of the file is as in the file again', async () => {
  // Each is read in a thread, which takes its time.
  const open = async (topic: string) => {
    const { html } = await ada.get(`/topics/draft?topic=${topic}`);
    const { seen = '' } = ada.readFields(html);
    return { change: { topic, seen }, canTakeBack: html.includes('topic-take-back') };
  };
  const written = await open('kites');
  expect(written.canTakeBack).toBe(false);
  expect((await ada.post('/do/topic-retire', written.change)).done).toContain('Not done');
  expect((await ada.post('/do/topic-retire', { ...written.change, sure: 'yes' })).done).toContain('Done');
  expect(await offered()).toEqual([]);
  expect((await ada.get('/topics')).html).toContain('retired by ada');
  const retired = await open('kites');
  expect((await ada.post('/do/topic-restore', retired.change)).done).toContain('Done');
  expect(await offered()).toContainEqual({ id: 'kites', name: 'Kites and balloons' });

  const changed = { ...kites, id: 'vision', name: 'Seeing', phrases: 'camera' };
  expect((await ada.post('/topics/store', { ...changed, seen: '0' })).done).toContain('Done');
  const vision = await open('vision');
  expect(vision.canTakeBack).toBe(true);
  const back = { ...vision.change, sure: 'yes' };
  expect((await ada.post('/do/topic-take-back', back)).done).toContain('Done');
  expect((await ada.get('/topics')).html).toContain('Computer vision');
  expect((await open('vision')).canTakeBack).toBe(false);
});

test('what can not be stored is said beside what was written', async () => {
  const { status, html } = await storeKites({ id: 'Kites!', group: 'nowhere' });
  expect(status).toBe(422);
  expect(html).toMatch(/Not done\. (?:group|id): /);
  expect(html).toContain('value="Kites!"');
});

test('a topic that this version reads otherwise is named, and keeps nothing from starting', async () => {
  await app.db.writtenTopic.create({
    data: {
      id: 'odd',
      definition: '- { id: odd, shape: round }',
      retired: false,
      version: 1,
      changedBy: 'ada',
      changedAt: app.clock.now,
    },
  });
  expect((await ada.get('/topics')).html).toMatch(/Written, and not in force[\s\S]*odd: /);
  await app.db.writtenTopic.delete({ where: { id: 'odd' } });
});

test('a viewer sees the topics and tries none, nobody does without the token', async () => {
  const { html } = await grace.get('/topics');
  expect(html).toContain('Computer vision');
  expect(html).not.toContain('/topics/draft');
  expect((await grace.get('/topics/draft')).status).toBe(403);
  expect((await grace.post('/topics/draft', kites)).status).toBe(403);
  expect((await ada.post('/topics/draft', kites, { token: 'x' })).status).toBe(403);
  expect((await grace.post('/topics/store', kites)).status).toBe(403);
  expect((await ada.post('/topics/store', kites, { token: 'x' })).status).toBe(403);
  expect((await grace.post('/do/topic-retire', { topic: 'vision', seen: '0', sure: 'yes' })).status).toBe(
    403,
  );
});

test('by the API a draft is tried, too; one that is wrong is told, and no third one at once', {
  timeout: 60_000,
}, async () => {
  const { db, clock } = app;
  const scopes = ['topics:read' as const];
  const key = await createKey(db, {
    name: 'drafts',
    scopes,
    createdBy: 'ada',
    expiresAt: null,
    now: clock.now,
  });
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const draft = { ...kites, phrases: ['kite', 'tail string'], examples: [] };
  const post = (body: object) =>
    app.request('/api/v1/topics/trials', { method: 'POST', headers, body: JSON.stringify(body) });
  const answers = await Promise.all([post(draft), post(draft), post(draft)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 503]);
  const tried = answers.find(({ status }) => status === 200);
  expect(await tried?.json()).toMatchObject({
    papers: 6,
    found: [{ title: 'A Kite That Climbs' }],
    yaml: expect.stringContaining('  - id: kites\n'),
  });
  const wrong = await post({ ...draft, group: 'nowhere' });
  expect([wrong.status, await wrong.text()]).toEqual([422, expect.stringContaining('there is no group')]);
});

// More like this, fewer like this: what the links in a digest lead to, and how votes are taken back.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keptVotes, saveVote } from '../../src/subscribers/preferences/vote.ts';
import { startApp, type TestApp } from './start-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.stop());

/** With a digest that holds every paper. */
const addReader = async (email: string) => {
  const reader = await app.addActive(email, {
    topics: ['language', 'vision'],
    keywords: ['doubt'],
    organizations: ['Example Lab'],
  });
  return { ...reader, ...(await app.sendDigest(reader)) };
};
const day = 24 * 60 * 60 * 1000;
type Reader = Awaited<ReturnType<typeof addReader>>;
const digestOf = ({ vote }: Reader) => vote;
const votesOf = async ({ id }: Reader) => (await app.getSubscriber(id)).votes;
const read = async (path: string) => (await app.request(path)).text();

describe('a vote', () => {
  test.each(['', '/more', '/fewer'])('is cast by the button, not by opening the link (%j)', async (wish) => {
    const reader = await addReader(`scanned${wish.slice(1)}@example.org`);
    const before = await app.dump();
    for (const method of ['GET', 'HEAD']) {
      const response = await app.request(`${digestOf(reader)}/papers/2${wish}`, { method });
      expect(response.status).toBe(200);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    }
    expect((await app.request(`${digestOf(reader)}/papers/2/more`, { method: 'POST' })).status).toBe(404);
    expect(await app.dump()).toBe(before);
    const html = await read(`${digestOf(reader)}/papers/2${wish}`);
    expect(html).toContain('about <b>Language models, “doubt” and Example Lab</b>');
    expect(html).toContain('Nothing changes until you press a button');
  });

  test('is kept with what the paper is about, and shown', async () => {
    const reader = await addReader('votes@example.org');
    const path = `${digestOf(reader)}/papers/2`;
    const response = await app.post(path, { wish: 'more' });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe(`${path}?noted=1`);
    expect(await votesOf(reader)).toEqual([
      { paperSeq: 2, wish: 'more', interests: ['topic:language', 'query:doubt', 'organization:examplelab'] },
    ]);
    expect(await read(`${path}?noted=1`)).toContain('Noted: more like this.');
    const preferences = await read(`/preferences/${app.signToken('preferences', reader)}`);
    expect(preferences).toContain('You see more of “doubt”, Example Lab and Language models.');
  });

  test('is replaced by a newer one on the same paper, and taken back', async () => {
    const reader = await addReader('changes@example.org');
    const path = `${digestOf(reader)}/papers/3`;
    for (const wish of ['more', 'fewer', 'fewer']) await app.post(path, { wish });
    expect(await votesOf(reader)).toEqual([{ paperSeq: 3, wish: 'fewer', interests: ['topic:vision'] }]);
    const response = await app.post(path, { wish: 'neither', from: 'digest' });
    expect(response.headers.get('location')).toBe(`${digestOf(reader)}?noted=1#paper-3`);
    expect(await votesOf(reader)).toEqual([]);
  });

  test('on a paper that no topic or keyword brought is kept too: what is like it comes before', async () => {
    const reader = await addReader('nothing@example.org');
    const path = `${digestOf(reader)}/papers/1`;
    expect(await read(path)).toContain('a vote on it speaks of papers like it');
    expect((await app.post(path, { wish: 'more' })).status).toBe(303);
    expect(await votesOf(reader)).toEqual([{ paperSeq: 1, wish: 'more', interests: [] }]);
  });

  test.each([
    ['another wish', '/papers/2', { wish: 'most' }, 400],
    ['no wish', '/papers/2', {}, 400],
    ['two wishes', '/papers/2', { wish: ['more', 'fewer'] }, 400],
    ['no such paper', '/papers/999', { wish: 'more' }, 404],
    ['no paper’s number', '/papers/99999999999', { wish: 'more' }, 404],
    ['words for a number', '/papers/two', { wish: 'more' }, 404],
  ])('%s is refused', async (_title, path, fields, status) => {
    const reader = await addReader('refused@example.org');
    const before = await app.dump();
    expect((await app.post(`${digestOf(reader)}${path}`, fields)).status).toBe(status);
    expect(await app.dump()).toBe(before);
  });

  test('on a paper that the digest did not hold is refused', async () => {
    const reader = await app.addActive('other-paper@example.org');
    const { vote } = await app.sendDigest(reader, [2, 3]);
    const before = await app.dump();
    expect((await app.request(`${vote}/papers/4`)).status).toBe(404);
    expect((await app.post(`${vote}/papers/4`, { wish: 'more' })).status).toBe(404);
    expect(await app.dump()).toBe(before);
    expect((await app.post(`${vote}/papers/3`, { wish: 'more' })).status).toBe(303);
  });

  test('by a link that was tampered with, or is old, is refused', async () => {
    const reader = await addReader('forged@example.org');
    const good = reader.vote.split('/')[2] ?? '';
    const tampered = `${good.slice(0, 10)}${good[10] === 'A' ? 'B' : 'A'}${good.slice(11)}`;
    const before = await app.dump();
    for (const token of [tampered, 'x', good]) {
      if (token === good) app.clock.now = new Date(app.clock.now.getTime() + 401 * day);
      const status = token === good ? 410 : 404;
      for (const path of [`/vote/${token}`, `/vote/${token}/papers/2`, `/vote/${token}/papers/2/more`])
        expect((await app.request(path)).status, path).toBe(status);
      expect((await app.post(`/vote/${token}/papers/2`, { wish: 'more' })).status).toBe(status);
    }
    app.clock.now = new Date(app.clock.now.getTime() - 401 * day);
    expect(await app.dump()).toBe(before);
  });

  test('of someone who left changes nothing', async () => {
    const reader = await addReader('gone@example.org');
    await app.post(`/unsubscribe/${app.signToken('unsubscribe', reader)}`, { from: 'page' });
    const before = await app.dump();
    await app.post(`${digestOf(reader)}/papers/2`, { wish: 'more' });
    expect(await read(digestOf(reader))).toContain('You are unsubscribed');
    expect(await app.dump()).toBe(before);
  });

  test('leaves no token in the log', async () => {
    const reader = await addReader('logged@example.org');
    await app.request(`${digestOf(reader)}/papers/2/more`);
    expect(app.logLines.join('')).not.toContain(reader.vote.split('/')[2]);
  });
});

describe('what votes changed', () => {
  test('is forgotten one by one, or all at once', async () => {
    const reader = await addReader('resets@example.org');
    const other = await addReader('other@example.org');
    const preferences = `/preferences/${app.signToken('preferences', reader)}`;
    for (const one of [reader, other]) {
      await app.post(`${digestOf(one)}/papers/2`, { wish: 'more' });
      await app.post(`${digestOf(one)}/papers/3`, { wish: 'fewer' });
    }
    expect(await read(preferences)).toContain('fewer of Computer vision.');

    const response = await app.post(`${preferences}/votes`, { interest: 'topic:vision' });
    expect(response.headers.get('location')).toBe(`${preferences}?forgotten=1#votes`);
    await app.post(`${preferences}/votes`, { interest: 'topic:language' });
    expect(await votesOf(reader)).toEqual([
      { paperSeq: 2, wish: 'more', interests: ['query:doubt', 'organization:examplelab'] },
    ]);
    expect(await read(`${preferences}?forgotten=1`)).toContain('You see more of “doubt” and Example Lab.');

    expect((await app.post(`${preferences}/votes`, {})).status).toBe(400);
    expect(await votesOf(reader)).toHaveLength(1);
    await app.post(`${preferences}/votes`, { all: '1' });
    expect(await votesOf(reader)).toEqual([]);
    expect(await votesOf(other)).toHaveLength(2);
    expect(await read(preferences)).toContain('Nothing yet.');
  });

  test('is computed from the newest votes only', async () => {
    const reader = await addReader('eager@example.org');
    const [{ seq: first } = { seq: 0 }] = await app.db.$queryRaw<{ seq: number }[]>`
      WITH added AS (
        INSERT INTO paper (key, title, first_listed_on)
        SELECT 'title:many ' || n, 'Many ' || n, '2025-12-10' FROM generate_series(1, ${keptVotes}::int + 1) AS n
        RETURNING seq)
      SELECT min(seq)::int AS seq FROM added`;
    for (let n = 0; n <= keptVotes; n += 1) {
      const vote = { paperSeq: first + n, wish: 'more' as const, interests: ['topic:language'] };
      const now = new Date(app.clock.now.getTime() + n);
      await app.db.$transaction((tx) => saveVote(tx, { subscriberId: reader.id, vote, now }));
    }
    const votes = await votesOf(reader);
    expect(votes).toHaveLength(keptVotes);
    expect(votes[0]?.paperSeq).toBe(first + 1);
    await app.db.paper.deleteMany({ where: { seq: { gte: first } } });
  });
});

// Weekly and paused readers, from their settings over the API to what arrives by SMTP and what the history says.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { planDigests } from '../../src/ledger/plan.ts';
import type { Preferences } from '../../src/subscribers/preferences/preferences.ts';
import { openPostOffice, type PostOffice } from '../support/post-office.ts';
import { readMail } from '../support/read-mail.ts';
import { openSite, type Site } from '../support/site.ts';
import { ada, expertPaper } from '../support/world.ts';

const dayMs = 86_400_000;

let post: PostOffice;
let site: Site;
beforeEach(async () => {
  post = await openPostOffice();
  site = await openSite(post);
});
afterEach(async () => {
  site?.close();
  await post?.close();
});

/** Ada is in since Monday, 2 March, and had what was listed that day. Returns the token of her preferences. */
async function subscribeAda(): Promise<string> {
  await post.list('2026-03-02', [expertPaper('2026-03-02')]);
  const { id } = await post.subscribe(ada);
  await post.sweep();
  return post.tokens.sign({ purpose: 'preferences', subscriberId: id, issuedAt: post.now() });
}

function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${site.url}${path}`, init);
}

async function change(token: string, preferences: Partial<Preferences>): Promise<void> {
  const response = await ask(`/api/v1/subscription?token=${token}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(preferences),
  });
  expect(response.status).toBe(200);
}

/** A day goes by: something is listed at night, the sweep comes at noon. Returns subject and papers of a mail. */
async function live(date: string): Promise<{ subject: string; papers: string[] } | null> {
  const before = post.smtp.mails.length;
  if (date > '2026-03-02') {
    await post.list(date, [expertPaper(date)]);
    post.pass(dayMs);
  }
  await post.sweep();
  await post.sweep();
  const sent = post.smtp.mails.slice(before);
  expect(sent.length).toBeLessThan(2);
  if (sent[0] === undefined) return null;
  const { subject, text } = await readMail(sent[0].raw);
  const papers = [...text.matchAll(/^Mixture-of-Experts for (\S+)$/gm)].map(([, about = '']) => about);
  return { subject, papers: papers.toSorted() };
}

const march = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `2026-03-${String(from + index).padStart(2, '0')}`);

async function readHistory(token: string): Promise<string[]> {
  const html = await (await ask(`/preferences/${token}/history`)).text();
  return [...html.matchAll(/<time datetime="([^"]+)">[^<]*<\/time>\s*<p dir="auto">([^<]*)/g)].map(
    ([, day, text]) => `${day}: ${text?.trim()}`,
  );
}

test('a weekly reader gets the week’s papers once, on their day, and the week after only its own', async () => {
  const token = await subscribeAda();
  await change(token, { days: ['mon'], maxPapers: 20 });
  for (const date of march(3, 8)) expect(await live(date)).toBeNull();
  const week = await live('2026-03-09');
  expect(week?.papers).toEqual(march(3, 9));
  expect(week?.subject).toMatch(/week to 9 Mar$/);

  for (const date of march(10, 15)) expect(await live(date)).toBeNull();
  expect((await live('2026-03-16'))?.papers).toEqual(march(10, 16));

  // Daily again: the day after brings that day, and nothing of before.
  await change(token, { days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] });
  expect((await live('2026-03-17'))?.papers).toEqual(['2026-03-17']);
  expect((await readHistory(token)).slice(0, 3)).toEqual([
    '2026-03-17: Sent, with 1 paper.',
    '2026-03-16: Sent, with 7 papers.',
    '2026-03-15: Not one of your days.',
  ]);
});

test('from Monday to Friday: Monday brings what the weekend listed', async () => {
  const token = await subscribeAda();
  await change(token, { days: ['mon', 'tue', 'wed', 'thu', 'fri'] });
  for (const date of march(3, 6)) expect((await live(date))?.papers).toEqual([date]);
  for (const date of march(7, 8)) expect(await live(date)).toBeNull();
  expect((await live('2026-03-09'))?.papers).toEqual(march(7, 9));
});

test('a paused reader gets nothing until the date, and then what was promised: two weeks of it at most', async () => {
  const token = await subscribeAda();
  await change(token, { pausedUntil: '2026-03-27', maxPapers: 50 });
  for (const date of march(3, 26)) expect(await live(date)).toBeNull();
  expect((await live('2026-03-27'))?.papers).toEqual(march(13, 27));
  expect((await live('2026-03-28'))?.papers).toEqual(['2026-03-28']);
  expect((await readHistory(token)).slice(0, 3)).toEqual([
    '2026-03-28: Sent, with 1 paper.',
    '2026-03-27: Sent, with 15 papers.',
    '2026-03-26: Paused, as you asked.',
  ]);
});

test('a pause stops also what was planned and not sent yet; it comes afterwards', async () => {
  const token = await subscribeAda();
  await post.list('2026-03-03', [expertPaper('2026-03-03')]);
  post.pass(dayMs);
  expect(await planDigests({ db: post.db, now: post.now() })).toBe(1);
  await change(token, { pausedUntil: '2026-03-05' });
  expect(await post.deliver()).toMatchObject({ accepted: 0, cancelled: 1 });
  expect(await live('2026-03-04')).toBeNull();
  expect((await live('2026-03-05'))?.papers).toEqual(march(3, 5));
});

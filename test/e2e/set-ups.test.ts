// The same journey over HTTP in each way of running the program: one process or several, each part embedded or outside.
import { readdir } from 'node:fs/promises';
import { getPriority, platform } from 'node:os';
import { afterEach, describe, expect, test } from 'vitest';
import { findFreePort } from '../support/free-port.ts';
import { type Mailbox, openCatcher, openLocalInbox, waitForMail } from '../support/mailbox.ts';
import { describeWith } from '../support/needs.ts';
import { createEmptyDatabase } from '../support/postgres.ts';
import type { Env } from '../support/program.ts';
import { createTestRedis } from '../support/redis.ts';
import { type Installation, makeInstallation, type Role } from '../support/service.ts';
import { signUpByForm } from '../support/sign-up-by-form.ts';
import { startSmtpCatcher } from '../support/smtp-catcher.ts';
import { undoAll } from '../support/undo-all.ts';
import { openEveryLink, readConfirmation, readDigest } from './check-mail.ts';

type SetUp = { title: string; roles: Role[]; isOutside: boolean; queue: 'PostgreSQL' | 'Redis' };

const onPostgres: SetUp[] = [
  {
    title: 'web and worker as two processes, with everything embedded',
    roles: ['web', 'worker'],
    isOutside: false,
    queue: 'PostgreSQL',
  },
  {
    title: 'web and worker as two processes, on a database and a mail server of the operator',
    roles: ['web', 'worker'],
    isOutside: true,
    queue: 'PostgreSQL',
  },
];
const onRedis: SetUp[] = [
  { title: 'one process, with its queue in Redis', roles: ['all'], isOutside: false, queue: 'Redis' },
  {
    title: 'web and two workers, with Redis, a database and a mail server of the operator',
    roles: ['web', 'worker', 'worker'],
    isOutside: true,
    queue: 'Redis',
  },
];

const undo: (() => Promise<unknown>)[] = [];
afterEach(() => undoAll(undo));

describe('the journey with', () => {
  test.each(onPostgres)('$title', travel, 180_000);
});

describeWith('redis-server', 'the journey with', () => {
  test.each(onRedis)('$title', travel, 180_000);
});

async function travel(setUp: SetUp): Promise<void> {
  const { installation, mailbox } = await bringUp(setUp);
  const { siteUrl } = installation;
  const ada = { siteUrl, to: 'ada@example.org' };

  expect(await (await fetch(`${siteUrl}/healthz`)).json()).toEqual({ status: 'ok' });
  const [topic] = await listTopics(siteUrl);
  const preview = await read(`${siteUrl}/preview/fragment?keywords=diffusion&topics=${topic}`);
  expect(preview.status).toBe(200);
  const signUp = await signUpByForm(siteUrl, {
    email: ada.to,
    topics: topic ?? '',
    keywords: 'diffusion',
    hour: '7',
    timeZone: 'Europe/London',
  });
  expect(signUp.status).toBe(200);

  const { link } = await readConfirmation(await waitForMail(mailbox, ada.to, 1), ada);
  expect((await read(link)).html).toContain('<form method="post">');
  await press(link);
  const digest = await readDigest(await waitForMail(mailbox, ada.to, 2), ada);
  for (const title of digest.titles) expect(preview.text).toContain(title);
  await openEveryLink(digest, siteUrl);

  const [, other] = await listTopics(siteUrl);
  await press(digest.preferences, {
    topics: other ?? '',
    keywords: 'moe',
    hour: '21',
    timeZone: 'Asia/Tokyo',
    maxPapers: '4',
  });
  const token = digest.preferences.split('/').at(-1);
  const subscription = `${siteUrl}/api/v1/subscription?token=${token}`;
  expect(await (await fetch(subscription)).json()).toMatchObject({
    status: 'active',
    topics: [other],
    keywords: ['moe'],
    hour: 21,
    timeZone: 'Asia/Tokyo',
    maxPapers: 4,
  });

  const oneClick = await press(digest.oneClickUrl ?? '', { 'List-Unsubscribe': 'One-Click' });
  expect(oneClick.status).toBe(200);
  // Who left has nothing that a link could tell.
  expect((await fetch(subscription)).status).toBe(409);
  expect(await mailbox(ada.to)).toHaveLength(2);
}

/** All processes at once, on a database without a table or a folder without a database. */
async function bringUp(setUp: SetUp): Promise<{ installation: Installation; mailbox: Mailbox }> {
  const outside = setUp.isOutside ? await makeOutside() : null;
  const settings = {
    ...(outside?.env ?? {}),
    ...(setUp.queue === 'Redis' ? { REDIS_URL: await makeRedis() } : {}),
  };
  const installation = await makeInstallation(settings, { isNew: true });
  undo.push(() => installation.remove());
  const services = await Promise.all(setUp.roles.map((role) => installation.start({ role })));
  for (const [index, { pid }] of services.entries())
    if (setUp.roles[index] === 'all' && platform() === 'linux') await expectWorkerGivesWay(pid);
  undo.push(async () => {
    for (const exit of await Promise.all(services.map(({ interrupt }) => interrupt()))) expect(exit).toBe(0);
  });
  if (outside !== null) {
    const { exit, stderr } = await installation.run([
      'papers',
      'import',
      'seeds/daily-papers-2025-12-12.txt',
    ]);
    expect({ exit, stderr }).toMatchObject({ exit: 0 });
  }
  return { installation, mailbox: outside?.mailbox ?? openLocalInbox(installation.inboxUrl) };
}

/** What sends beside the pages has a lower priority than they have. */
async function expectWorkerGivesWay(pid: number): Promise<void> {
  const threads = (await readdir(`/proc/${pid}/task`)).map((thread) => getPriority(Number(thread)));
  expect(Math.max(...threads)).toBe(getPriority(pid) + 10);
}

async function makeOutside(): Promise<{ env: Env; mailbox: Mailbox }> {
  const database = await createEmptyDatabase();
  undo.push(() => database.drop());
  const smtp = await startSmtpCatcher();
  undo.push(() => smtp.close());
  const port = await findFreePort();
  const env = {
    DATABASE_URL: database.databaseUrl,
    SMTP_URL: smtp.smtpUrl,
    SECRET_KEY: 'for this test alone, and 32 characters long',
    PORT: String(port),
    HOST: '127.0.0.1',
    BASE_URL: `http://127.0.0.1:${port}`,
  };
  return { env, mailbox: openCatcher(smtp) };
}

async function makeRedis(): Promise<string> {
  const { redisUrl, drop } = await createTestRedis();
  undo.push(drop);
  return redisUrl;
}

async function listTopics(siteUrl: string): Promise<string[]> {
  const { html } = await read(siteUrl);
  return [...html.matchAll(/name="topics" value="([^"]+)"/g)].map(([, id = '']) => id);
}

async function read(url: string): Promise<{ status: number; html: string; text: string }> {
  const response = await fetch(url);
  const html = await response.text();
  const text = html.replace(/<[^>]+>/g, '').replace(/&amp;/g, '&');
  return { status: response.status, html, text };
}

/** Submits a page's form; throws unless it was taken. */
async function press(url: string, fields: Record<string, string> = {}): Promise<Response> {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(fields) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return response;
}

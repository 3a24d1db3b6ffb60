// The main job as its readers have it: in Chromium, with the service as `npm start` brings it up and nothing configured.
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { launchChromium } from '../support/chromium.ts';
import { type Mailbox, openLocalInbox, waitForMail } from '../support/mailbox.ts';
import { describeWith } from '../support/needs.ts';
import { readMail } from '../support/read-mail.ts';
import { type Installation, makeInstallation } from '../support/service.ts';
import { careMs } from '../support/sign-up-by-form.ts';
import { runSql } from '../support/sql.ts';
import { tabTo } from '../support/tab-to.ts';
import { openEveryLink, readConfirmation, readDigest } from './check-mail.ts';

const ada = 'ada@example.org';
const grace = 'grace@example.org';
const alan = 'alan@example.org';

const subscribersShape = z.object({
  subscribers: z.array(z.object({ email: z.string(), preferences: z.record(z.string(), z.unknown()) })),
});

describeWith('chromium', 'a reader', () => {
  let installation: Installation;
  let mailbox: Mailbox;
  let browser: Browser;

  beforeAll(async () => {
    installation = await makeInstallation({ TOPICS_FILE: '' });
    [browser] = await Promise.all([launchChromium(), installation.start()]);
    mailbox = openLocalInbox(installation.inboxUrl);
  });
  afterAll(async () => {
    await browser?.close();
    await installation?.remove();
  });

  async function visit(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext(options);
    return context.newPage();
  }

  async function readStatus(email: string): Promise<unknown> {
    const query = `SELECT status::text FROM subscriber WHERE email_key = '${email}'`;
    return (await runSql(installation.data.databaseUrl(), query))[0]?.status;
  }

  async function readPreferences(email: string) {
    const { stdout } = await installation.run(['subscribers', 'list', '--json']);
    const { subscribers } = subscribersShape.parse(JSON.parse(stdout));
    return subscribers.find((one) => one.email === email)?.preferences;
  }

  const letterTo = (to: string) => ({ siteUrl: installation.siteUrl, to });
  const confirmationTo = async (to: string) =>
    readConfirmation(await waitForMail(mailbox, to, 1), letterTo(to));
  const digestTo = async (to: string) => readDigest(await waitForMail(mailbox, to, 2), letterTo(to));
  /** A form that is sent sooner asks once more. */
  const takeCare = (page: Page) => page.waitForTimeout(careMs);
  const previewOf = (page: Page) => page.getByRole('region', { name: 'Your digest today' });

  test('signs up by the form, confirms, reads, changes what comes, and leaves by the link in the mail', async () => {
    const page = await visit({ timezoneId: 'Europe/Berlin' });
    await page.goto(installation.siteUrl);
    await page.getByRole('checkbox').first().check();
    await page.getByLabel('Your own keywords').fill('diffusion');
    await previewOf(page).getByRole('link', { name: 'Decentralized Diffusion Models' }).waitFor();
    const promised = await previewOf(page).locator('.paper-title').allTextContents();
    await page.getByLabel('Email address').fill(ada);
    await takeCare(page);
    await page.getByRole('button', { name: 'Subscribe' }).click();
    await page.getByRole('heading', { name: 'Look in your inbox' }).waitFor();

    const { link } = await confirmationTo(ada);
    await page.goto(link);
    expect(await readStatus(ada)).toBe('pending');
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByRole('heading', { name: 'You are in' }).waitFor();
    const confirmedAt = Date.now();

    const digest = await digestTo(ada);
    // The next round of the plan, which would have sent it too, is a minute away.
    expect(Date.now() - confirmedAt).toBeLessThan(30_000);
    expect(digest.titles).toEqual(promised.map((title) => title.trim()));
    await openEveryLink(digest, installation.siteUrl);

    await page.goto(digest.hrefs.find((href) => href.endsWith('/fewer')) ?? '');
    await page.getByText('Nothing changes until you press a button').waitFor();
    await page.getByRole('button', { name: 'Fewer like this' }).click();
    await page.getByText('Noted: fewer like this.').waitFor();
    // The link to vote opens nothing else.
    await page.goto(digest.preferences);
    await page.getByText(/^You see fewer of /).waitFor();
    await page.getByRole('button', { name: 'Forget all my votes' }).click();
    await page.getByText('Nothing yet.').waitFor();

    await page.getByRole('checkbox').first().uncheck();
    await page.getByRole('checkbox').nth(1).check();
    await page.getByLabel('Your own keywords').fill('"video generation"\nmegatron OR deepspeed');
    await page.getByLabel('Organisation 1').fill('Gensyn');
    await page.getByText('What you never want').click();
    // The group of the fourth, too, as somebody who looks for it opens it.
    await page.evaluate(`document.querySelectorAll('details').forEach((group) => { group.open = true; })`);
    const never = await page.locator('input[name="excludedTopics"]').nth(3).inputValue();
    await page.locator('input[name="excludedTopics"]').nth(3).check();
    await page.getByLabel('Words you never want').fill('survey');
    await page.getByLabel('Hour of the day').selectOption('9');
    await page.getByLabel('Time zone').selectOption('America/New_York');
    await page.getByLabel('Papers in one digest').fill('3');
    const topic = await page.getByRole('checkbox').nth(1).inputValue();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    expect(await readPreferences(ada)).toEqual({
      topics: [topic],
      keywords: ['"video generation"', 'megatron OR deepspeed'],
      organizations: ['Gensyn'],
      authors: [],
      library: [],
      about: '',
      excludedTopics: [never],
      excludedKeywords: ['survey'],
      days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
      hour: 9,
      timeZone: 'America/New_York',
      pausedUntil: null,
      maxPapers: 3,
      maxAlike: 2,
      abstracts: 'short',
      whenEmpty: 'nothing',
      language: 'en',
    });

    await page.goto(digest.unsubscribe);
    await page.getByRole('button', { name: 'Unsubscribe' }).click();
    await page.getByRole('heading', { name: 'Goodbye' }).waitFor();
    expect(await readStatus(ada)).toBe('unsubscribed');
    const goodbye = await readMail(await waitForMail(mailbox, ada, 3));
    expect(goodbye.subject).toContain('You have left');
    expect(await mailbox(ada)).toHaveLength(3);
    await page.context().close();
  }, 180_000);

  test('with the keyboard alone signs up and confirms, and leaves by the button of their mail program', async () => {
    const page = await visit();
    await page.goto(installation.siteUrl);
    await tabTo(page, 'input[name="topics"]');
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await tabTo(page, '#email');
    await page.keyboard.type(grace);
    await takeCare(page);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Look in your inbox' }).waitFor();
    await page.goto((await confirmationTo(grace)).link);
    await tabTo(page, 'main button');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'You are in' }).waitFor();

    const { oneClickUrl } = await digestTo(grace);
    const multipart = new FormData();
    multipart.set('List-Unsubscribe', 'One-Click');
    for (const body of [new URLSearchParams('List-Unsubscribe=One-Click'), multipart, multipart]) {
      const response = await fetch(oneClickUrl ?? '', { method: 'POST', body, redirect: 'manual' });
      expect(response.status).toBe(200);
      expect(response.headers.get('set-cookie')).toBeNull();
    }
    expect(await readStatus(grace)).toBe('unsubscribed');
    await page.context().close();
  }, 180_000);

  test('without JavaScript sees the preview by a button, and has the same digest', async () => {
    const email = 'plain@example.org';
    const page = await visit({ javaScriptEnabled: false });
    await page.goto(installation.siteUrl);
    await page.getByLabel('Your own keywords').fill('diffusion');
    await page.getByRole('button', { name: 'Show my digest' }).click();
    await previewOf(page).getByRole('link', { name: 'Decentralized Diffusion Models' }).waitFor();
    const promised = await previewOf(page).locator('.paper-title').allTextContents();
    await page.getByLabel('Email address').fill(email);
    await takeCare(page);
    await page.getByRole('button', { name: 'Subscribe' }).click();
    await page.getByRole('heading', { name: 'Look in your inbox' }).waitFor();
    await page.goto((await confirmationTo(email)).link);
    await page.getByRole('button', { name: 'Confirm' }).click();

    const digest = await digestTo(email);
    expect(digest.titles).toEqual(promised.map((title) => title.trim()));
    await page.goto(digest.unsubscribe);
    await page.getByRole('button', { name: 'Unsubscribe' }).click();
    await page.getByRole('heading', { name: 'Goodbye' }).waitFor();
    await page.context().close();
  }, 180_000);

  test('signs up in German, and reads German: pages, confirmation and digest', async () => {
    const email = 'gerda@example.org';
    const page = await visit({ locale: 'de-AT' });
    await page.goto(installation.siteUrl);
    await page.getByRole('checkbox').first().check();
    await page.getByLabel('E-Mail-Adresse').fill(email);
    await takeCare(page);
    await page.getByRole('button', { name: 'Abonnieren', exact: true }).click();
    await page.getByRole('heading', { name: 'Schauen Sie in Ihr Postfach' }).waitFor();
    const confirmation = await confirmationTo(email);
    expect(confirmation.headers.get('content-language')).toEqual(['de']);
    expect(confirmation.subject).toBe('Bestätigen Sie Ihr Abonnement von Paperround');
    expect(confirmation.text).toContain('Waren Sie das?');

    // Elsewhere, in a browser that prefers English, the reader's links still speak German.
    const elsewhere = await visit({ locale: 'en-GB' });
    await elsewhere.goto(confirmation.link);
    await elsewhere.getByRole('button', { name: 'Bestätigen' }).click();
    await elsewhere.getByRole('heading', { name: 'Sie sind dabei' }).waitFor();
    const digest = await digestTo(email);
    expect(digest.headers.get('content-language')).toEqual(['de']);
    expect(digest.html).toContain('<html lang="de"');
    expect(digest.text).toContain('Abbestellen:');
    expect(digest.text).not.toMatch(/Unsubscribe|upvotes/);

    await elsewhere.goto(digest.preferences);
    await elsewhere.getByRole('combobox', { name: 'Sprache' }).selectOption('ja');
    await elsewhere.getByRole('button', { name: 'Speichern' }).click();
    await elsewhere.getByRole('heading', { name: '配信設定' }).waitFor();
    expect(await readPreferences(email)).toMatchObject({ language: 'ja' });
    await elsewhere.context().close();
    await page.context().close();
  }, 180_000);

  test('who never confirms gets one mail and no other', async () => {
    const page = await visit();
    await page.goto(installation.siteUrl);
    await page.getByRole('checkbox').first().check();
    await page.getByLabel('Email address').fill(alan);
    await takeCare(page);
    await page.getByRole('button', { name: 'Subscribe' }).click();
    await page.goto((await confirmationTo(alan)).link);
    const { exit, stdout } = await installation.run(['digest', 'send', '--now', '--json']);
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ planned: 0, accepted: 0 });
    expect(await mailbox(alan)).toHaveLength(1);
    expect(await readStatus(alan)).toBe('pending');
    await page.context().close();
  }, 180_000);
});

// The pages in a browser: alive with and without scripts, by keyboard, in any time zone. What holds for every page is in
// all-pages.test.ts.
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { storeTopics } from '../../src/topics/store.ts';
import { launchChromium } from '../support/chromium.ts';
import { describeWith } from '../support/needs.ts';
import { startApp, type TestApp } from './start-app.ts';

const phone = { width: 360, height: 740 };

// What runs in the page is text: the types of browsers are not those of this program.
const sumLayoutShifts = `new Promise((resolve) => {
  let total = 0;
  new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => { total += value; }))
    .observe({ type: 'layout-shift', buffered: true });
  setTimeout(() => resolve(total), 500);
})`;

describeWith('chromium', 'in Chromium', () => {
  let app: TestApp;
  let browser: Browser;
  beforeAll(async () => {
    app = await startApp();
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
  });

  /** A fresh visitor; whatever the browser complains about, or asks elsewhere, is in `complaints`. */
  async function visit(options: BrowserContextOptions = {}): Promise<{ page: Page; complaints: string[] }> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      // A page with a 4xx status is itself an error to the console.
      if (message.type() === 'error' && !message.text().includes('status of 4'))
        complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(app.url)) complaints.push(`asked ${request.url()}`);
    });
    return { page, complaints };
  }

  test('the preview follows every choice, and is announced', async () => {
    const { page, complaints } = await visit({ timezoneId: 'Europe/Berlin' });
    await page.goto(app.url);
    const preview = page.getByRole('region', { name: 'Your digest today' });
    await preview.getByText('Tick a topic').waitFor();
    await page.getByRole('checkbox', { name: 'Language models' }).check();
    await preview.getByRole('link', { name: 'Small Language Models That Admit Doubt' }).waitFor();
    await page.getByRole('status').getByText('1 paper matches.').waitFor({ state: 'attached' });
    await page.getByLabel('Your own keywords').fill('camera');
    await preview.getByRole('link', { name: 'Seeing in the Dark' }).waitFor();
    await page.getByLabel('Your own keywords').fill('"camera');
    await preview.getByText('A quotation mark is never closed').waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('on a phone, the line that tells how much matches covers nothing before it says something', async () => {
    const { page } = await visit({ viewport: phone });
    await page.goto(app.url);
    const findAtBottom = `document.elementFromPoint(180, innerHeight - 20).closest('.tally') !== null`;
    expect(await page.evaluate(findAtBottom)).toBe(false);
    await page.getByRole('checkbox', { name: 'Language models' }).check();
    await page.getByText('1 paper matches.').waitFor();
    expect(await page.evaluate(findAtBottom)).toBe(true);
    await page.context().close();
  });

  test('on a phone, a topic’s name stays in its field, also in large letters', async () => {
    const { page } = await visit({ viewport: phone });
    await page.goto(app.url);
    for (const size of ['100%', '200%']) {
      const isWider = await page.evaluate(`{
        document.documentElement.style.fontSize = '${size}';
        document.querySelectorAll('details').forEach((details) => { details.open = true; });
        [...document.querySelectorAll('.topic-grid .chip')].map((chip) => {
          chip.lastElementChild.textContent = 'Interpretierbarkeit';
          return chip.scrollWidth > chip.clientWidth || chip.getBoundingClientRect().right > innerWidth;
        });
      }`);
      expect(isWider).not.toContain(true);
    }
    await page.context().close();
  });

  test('the reader’s time zone is filled in, also one that the list has under another name', async () => {
    for (const timezoneId of ['Europe/Berlin', 'Asia/Calcutta', 'Asia/Kolkata']) {
      const { page } = await visit({ timezoneId });
      await page.goto(app.url);
      const expected = await page.evaluate(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
      expect(await page.getByLabel('Time zone').inputValue()).toBe(expected);
      await page.context().close();
    }
  });

  test('by keyboard alone: ticking, writing, and Enter in the address field subscribes', async () => {
    const { page } = await visit();
    await page.goto(app.url);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    expect(await page.getByRole('checkbox', { name: 'Language models' }).isChecked()).toBe(true);
    await page.getByLabel('Email address').focus();
    await page.keyboard.type('keys@example.org');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Look in your inbox' }).waitFor();
    await page.context().close();
  });

  test('without JavaScript: preview, sign-up, confirmation, preferences and the way out', async () => {
    const { page, complaints } = await visit({ javaScriptEnabled: false, viewport: phone });
    await page.goto(app.url);
    await page.getByRole('checkbox', { name: 'Computer vision' }).check();
    await page.getByLabel('Email address').fill('plain@example.org');
    await page.getByRole('button', { name: 'Show my digest' }).click();
    const preview = page.getByRole('region', { name: 'Your digest today' });
    await preview.getByRole('link', { name: 'Seeing in the Dark' }).waitFor();
    expect(await page.getByLabel('Email address').inputValue()).toBe('plain@example.org');
    await page.getByRole('button', { name: 'Subscribe' }).click();
    await page.getByRole('heading', { name: 'Look in your inbox' }).waitFor();

    await app.settle();
    const { id } = await app.db.subscriber.findUniqueOrThrow({ where: { emailKey: 'plain@example.org' } });
    await page.goto(`${app.url}/confirm/${await app.signConfirm('plain@example.org')}`);
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByRole('link', { name: 'Change what you get' }).click();
    await page.getByRole('checkbox', { name: 'Training systems' }).check();
    await page.getByLabel('Papers in one digest').fill('3');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    expect((await app.getSubscriber(id)).preferences).toMatchObject({
      topics: ['vision', 'systems'],
      maxPapers: 3,
    });

    await page.getByRole('link', { name: 'Unsubscribe with one click' }).click();
    await page.getByRole('button', { name: 'Unsubscribe' }).click();
    await page.getByRole('heading', { name: 'Goodbye' }).waitFor();
    expect(await app.getSubscriber(id)).toMatchObject({ status: 'unsubscribed' });
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('nothing moves while a page loads, nothing comes from elsewhere, and nothing is kept in the browser', async () => {
    const reader = await app.addActive('still@example.org');
    const { view, vote } = await app.sendDigest(reader);
    const token = app.signToken('preferences', reader);
    const paths = [
      '/',
      '/?topics=vision',
      '/papers/2025-12-12',
      '/paper/2',
      '/topics',
      '/topics/vision',
      '/search?q=camera',
      `/preferences/${token}`,
      `/preferences/${token}/history`,
      view,
      vote,
      `${vote}/papers/2/more`,
      `/unsubscribe/${app.signToken('unsubscribe', reader)}`,
    ];
    for (const viewport of [phone, { width: 1280, height: 900 }]) {
      const { page, complaints } = await visit({ viewport, timezoneId: 'Asia/Tokyo' });
      for (const path of paths) {
        await page.goto(app.url + path);
        // A line of text that grows by a part of a pixel while a font is found is less; what a reader sees move is 0.1.
        expect(await page.evaluate(sumLayoutShifts), `${path} at ${viewport.width}`).toBeLessThan(0.001);
        expect(await page.evaluate('localStorage.length + sessionStorage.length'), path).toBe(0);
      }
      expect(await page.context().cookies()).toEqual([]);
      expect(complaints).toEqual([]);
      await page.context().close();
    }
  }, 300_000);

  describe('with topics in groups', () => {
    beforeAll(async () => {
      const groups = [
        { id: 'models', name: 'Models', names: { de: 'Modelle' } },
        { id: 'machines', name: 'Machines' },
      ];
      const topics = [
        {
          id: 'language',
          name: 'Language models',
          description: 'Models that read and write text.',
          group: 'models',
        },
        { id: 'vision', name: 'Computer vision', description: 'Cameras and what they see.', group: 'models' },
        { id: 'systems', name: 'Training systems', description: 'Clusters and failures.', group: 'machines' },
      ];
      await app.db.$transaction((tx) => storeTopics(tx, topics, groups));
    });

    test('a search box opens the groups that have what is looked for, by name or description', async () => {
      const { page, complaints } = await visit({ viewport: phone });
      await page.goto(app.url);
      const box = page.getByRole('searchbox', { name: 'Find a topic' });
      const topics = page.getByRole('group', { name: 'Topics', exact: true });
      const names = async () =>
        (await topics.locator('.chip:visible').allTextContents()).map((name) => name.trim());
      expect(await names()).toEqual(['Language models', 'Computer vision']);
      await box.fill('failure');
      expect(await names()).toEqual(['Training systems']);
      await topics.getByRole('status').getByText('Topics found: 1').waitFor();
      await topics.getByRole('checkbox', { name: 'Training systems' }).check();
      await box.fill('chess');
      await topics.getByRole('status').getByText('No topic matches').waitFor();
      expect(await names()).toEqual([]);
      await box.press('Enter');
      expect(page.url()).toBe(`${app.url}/`);
      await box.fill('');
      // What was chosen stays in sight.
      expect(await names()).toEqual(['Language models', 'Computer vision', 'Training systems']);
      expect(complaints).toEqual([]);
      await page.context().close();
    });

    test('groups open without JavaScript, the chosen ones by themselves, in the language of the page', async () => {
      const { page } = await visit({ javaScriptEnabled: false });
      const reader = await app.addActive('grouped@example.org', { topics: ['systems'] });
      await page.goto(`${app.url}/preferences/${app.signToken('preferences', reader)}?lang=de`);
      const topics = page.locator('#topics');
      expect(await topics.getByRole('searchbox').count()).toBe(0);
      expect(await topics.locator('input:visible').count()).toBe(3);
      await page.goto(`${app.url}/?lang=de`);
      expect(await topics.locator('input:visible').count()).toBe(2);
      await topics.getByText('Machines').click();
      expect(await topics.locator('input:visible').count()).toBe(3);
      expect(await topics.locator('summary').first().textContent()).toContain('Modelle');
      await page.context().close();
    });
  });
});

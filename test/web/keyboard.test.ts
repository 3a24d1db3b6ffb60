// Everything that a reader can do is done with the keyboard alone, and the focus is never out of sight.
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { describeWith } from '../support/needs.ts';
import { tabTo } from '../support/tab-to.ts';
import { startApp, type TestApp } from './start-app.ts';

const phone = { width: 360, height: 740 };

/** What is wrong with how the focused element looks: a ring must surround it, and no bar may lie on it. */
const findFocusProblem = `(() => {
  const focused = document.activeElement;
  const ringed = focused.closest('.chip') ?? focused;
  const { outlineStyle, outlineWidth } = getComputedStyle(ringed);
  if (outlineStyle === 'none' || Number.parseFloat(outlineWidth) < 2) return 'no ring: ' + focused.outerHTML;
  const { left, top, width, height } = focused.getClientRects()[0];
  const over = document.elementFromPoint(left + width / 2, top + height / 2);
  // The middle of a link that goes over two lines may be beside its words.
  const isSeen = over !== null && (ringed.contains(over) || over.contains(ringed));
  return isSeen ? null : 'covered or outside: ' + focused.outerHTML;
})()`;

describeWith('chromium', 'with the keyboard alone', () => {
  let app: TestApp;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    app = await startApp();
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
  });
  beforeEach(async () => {
    page = await browser.newPage({ viewport: phone });
  });
  afterEach(() => page?.close());

  const open = (path: string) => page.goto(app.url + path);
  const press = async (selector: string, key = 'Enter') => {
    await tabTo(page, selector);
    await page.keyboard.press(key);
  };

  test('a subscription is confirmed', async () => {
    const reader = await app.addPending('confirm@example.org');
    await open(`/confirm/${await app.signConfirm('confirm@example.org')}`);
    await press('main button');
    await page.getByRole('heading', { name: 'You are in' }).waitFor();
    expect(await app.getSubscriber(reader.id)).toMatchObject({ status: 'active' });
  });

  test('preferences are changed and saved', async () => {
    const reader = await app.addActive('preferences@example.org');
    await open(`/preferences/${app.signToken('preferences', reader)}`);
    await press('input[name="topics"][value="systems"]', 'Space');
    await press('.never summary');
    await press('input[name="excludedTopics"][value="vision"]', 'Space');
    await press('input[name="days"][value="sun"]', 'Space');
    await tabTo(page, '#maxPapers');
    await page.keyboard.type('3');
    await press('input[name="abstracts"]', 'ArrowRight');
    await press('.settings button');
    await page.getByText('Saved.').waitFor();
    expect((await app.getSubscriber(reader.id)).preferences).toMatchObject({
      topics: ['language', 'systems'],
      excludedTopics: ['vision'],
      days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
      maxPapers: 3,
      abstracts: 'full',
    });
  });

  test('a paper is voted for', async () => {
    const reader = await app.addActive('vote@example.org');
    const { vote } = await app.sendDigest(reader);
    await open(`${vote}/papers/2/more`);
    await press('button[value="more"]');
    await page.getByText('Noted: more like this.').waitFor();
    expect((await app.getSubscriber(reader.id)).votes).toMatchObject([{ paperSeq: 2, wish: 'more' }]);
  });

  test('papers are searched, an abstract is opened, and a paper is read', async () => {
    await open('/search');
    await tabTo(page, '#q');
    await page.keyboard.type('doubt');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Papers on doubt' }).waitFor();
    await press('.abstract summary');
    await page.getByText('Code: https://example.org/doubt').waitFor();
    await open('/search?q=doubt');
    await press('.paper-title a');
    await page.getByRole('heading', { name: 'Small Language Models That Admit Doubt', level: 1 }).waitFor();
  });

  test('a reader leaves, and comes back', async () => {
    const reader = await app.addActive('leave@example.org');
    await open(`/unsubscribe/${app.signToken('unsubscribe', reader)}`);
    await press('main button');
    await page.getByRole('heading', { name: 'Goodbye' }).waitFor();
    expect(await app.getSubscriber(reader.id)).toMatchObject({ status: 'unsubscribed' });
    await press('main button');
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
    expect(await app.getSubscriber(reader.id)).toMatchObject({ status: 'active' });
  });

  test('the focus is always ringed and never behind the bar at the bottom', async () => {
    const reader = await app.addActive('focus@example.org');
    for (const path of ['/', `/preferences/${app.signToken('preferences', reader)}`]) {
      await open(path);
      await page.getByRole('checkbox').first().check();
      await page.evaluate('document.activeElement.blur()');
      // What is shown of the first choice makes room for itself.
      await page.waitForLoadState('networkidle');
      const problems = [];
      for (let presses = 0; presses < 150; presses += 1) {
        await page.keyboard.press('Tab');
        if (await page.evaluate('document.activeElement === document.body')) break;
        problems.push(await page.evaluate(findFocusProblem));
      }
      expect(problems.length, path).toBeGreaterThan(20);
      expect(
        problems.filter((problem) => problem !== null),
        path,
      ).toEqual([]);
    }
  }, 180_000);
});

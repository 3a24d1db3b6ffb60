// The mails as a browser shows them: light and dark, on a phone and on a desk.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { renderAccountMail } from '../../src/mails/account-mail.ts';
import { launchChromium } from '../support/chromium.ts';
import { describeWith } from '../support/needs.ts';
import { accountMailKinds } from './every-mail.ts';
import { findWorstContrast } from './measure-contrast.ts';
import { hostileTitles, linksOf, loadTemplates, makeDigest, makePick, renderFor, sender } from './sample.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const findViolations = (
  options = {},
) => `axe.run(${JSON.stringify({ resultTypes: ['violations'], ...options })}).then(({ violations }) =>
  violations.map(({ id, nodes }) => [id, nodes[0].html, nodes[0].failureSummary]))`;

describeWith('chromium', 'mails in Chromium', () => {
  let browser: Browser;
  /** One for all mails: a page of its own for each would take a second. */
  let page: Page;
  const mails = new Map<string, string>();

  beforeAll(async () => {
    const templates = loadTemplates();
    const many = Array.from({ length: 60 }, (_, index) => makePick(index + 1));
    const hostile = Object.values(hostileTitles).map((title, index) =>
      makePick(index + 1, { title, abstract: title, organization: title }),
    );
    mails.set('digest', renderFor(templates, makeDigest(many, { matched: 90 })).html);
    const few = many.slice(0, 3).map((pick) => ({ ...pick, reasons: [] }));
    const form = { covers: 'week', holds: 'top', abstracts: 'full' } as const;
    mails.set('top of the week', renderFor(templates, makeDigest(few), { form }).html);
    mails.set('digest of hostile papers', renderFor(templates, makeDigest(hostile)).html);
    for (const language of ['de', 'ja'] as const) {
      const digest = makeDigest(many.slice(0, 8), { matched: 90 });
      mails.set(`digest in ${language}`, renderFor(templates, digest, { language }).html);
    }
    for (const kind of accountMailKinds) {
      const mail = { kind, url: linksOf.undo('token'), noMail: linksOf.noMail('token'), sender };
      mails.set(kind, renderAccountMail(templates, { ...mail, language: 'en' }).html);
      mails.set(`${kind} in ja`, renderAccountMail(templates, { ...mail, language: 'ja' }).html);
    }
    browser = await launchChromium();
    page = await browser.newPage();
  });
  afterAll(() => browser?.close());

  async function open(
    name: string,
    { colorScheme, width }: { colorScheme: 'light' | 'dark'; width: number },
    look: (page: Page, requests: string[]) => Promise<void>,
  ): Promise<void> {
    const requests: string[] = [];
    const note = (request: Request) => requests.push(request.url());
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    page.on('request', note);
    try {
      await page.setContent(mails.get(name) ?? '');
      await look(page, requests);
    } finally {
      page.off('request', note);
    }
  }

  async function expectToBeReadable(page: Page): Promise<void> {
    const worst = await findWorstContrast(page);
    expect(worst.ratio, JSON.stringify(worst)).toBeGreaterThanOrEqual(4.5);
  }

  const names = [
    ...['digest', 'top of the week', 'digest of hostile papers'],
    ...['digest in de', 'digest in ja'],
    ...accountMailKinds.flatMap((kind) => [kind, `${kind} in ja`]),
  ];
  const schemes = ['light', 'dark'] as const;

  test.each(names)(
    'axe finds nothing to improve, all text can be read in light and dark, and nothing is wider than the screen: %s',
    async (name) => {
      await open(name, { colorScheme: 'light', width: 600 }, async (page, requests) => {
        await page.evaluate(axe);
        expect(await page.evaluate(findViolations())).toEqual([]);
        // Axe leaves out what it is not sure of.
        await expectToBeReadable(page);
        // Nothing but the colours is another.
        await page.emulateMedia({ colorScheme: 'dark' });
        expect(await page.evaluate(findViolations({ runOnly: ['color-contrast'] }))).toEqual([]);
        await expectToBeReadable(page);
        for (const width of [360, 1200]) {
          await page.setViewportSize({ width, height: 800 });
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        }
        expect(requests).toEqual([]);
      });
    },
  );

  test('a program that drops the style sheets shows the light mail, whatever its own scheme', async () => {
    mails.set('digest without style sheets', (mails.get('digest') ?? '').replace(/<style.*?<\/style>/gs, ''));
    for (const colorScheme of schemes) {
      await open('digest without style sheets', { colorScheme, width: 360 }, async (page) => {
        await expectToBeReadable(page);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
        expect(await page.evaluate("getComputedStyle(document.querySelector('h2 a')).color")).toBe(
          'rgb(31, 28, 23)',
        );
      });
    }
  });

  test('the dark mail is dark, the light one light', async () => {
    for (const colorScheme of schemes) {
      await open('digest', { colorScheme, width: 600 }, async (page) => {
        const colors = await page.evaluate(
          "['.sheet table', 'h2 a'].map((selector) => getComputedStyle(document.querySelector(selector))).map((style, index) => index === 0 ? style.backgroundColor : style.color)",
        );
        expect(colors).toEqual(
          colorScheme === 'dark'
            ? ['rgb(28, 26, 23)', 'rgb(235, 229, 217)']
            : ['rgb(250, 248, 243)', 'rgb(31, 28, 23)'],
        );
      });
    }
  });

  test('a title from right to left is set from right to left', async () => {
    await open('digest of hostile papers', { colorScheme: 'light', width: 600 }, async (page) => {
      const direction = await page.evaluate(
        "getComputedStyle([...document.querySelectorAll('h2')].find((title) => title.textContent.includes('نماذج'))).direction",
      );
      expect(direction).toBe('rtl');
    });
  });
});

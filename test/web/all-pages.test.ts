// Every page and every state of it: its HTML read as strictly as it can be, and what a phone's browser makes of it.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { HtmlValidate } from 'html-validate/node';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { describeWith } from '../support/needs.ts';
import { collectPages } from './collect-pages.ts';
import { startApp, type TestApp } from './start-app.ts';

const validator = new HtmlValidate({
  extends: ['html-validate:recommended', 'html-validate:a11y'],
  rules: {
    // A group of checkboxes shares its name, and so do the buttons to choose between.
    'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'submit'] }],
    // It counts `&lt;` as four characters.
    'long-title': ['error', { maxlength: 100 }],
  },
});

let app: TestApp;
let pages: Map<string, string>;
let cookies: string[];
beforeAll(async () => {
  app = await startApp();
  pages = new Map();
  cookies = [];
  const noteCookies = async (answer: Promise<Response>) => {
    const response = await answer;
    cookies.push(...response.headers.getSetCookie());
    return response;
  };
  const watched: TestApp = {
    ...app,
    request: (...asked) => noteCookies(app.request(...asked)),
    post: (...asked) => noteCookies(app.post(...asked)),
  };
  for (const language of ['en', 'de', 'ja'] as const) {
    const spoken = await collectPages(watched, language);
    for (const [name, html] of spoken) pages.set(`${name}, ${language}`, html);
  }
});
afterAll(() => app?.stop());

test('every page is valid HTML', async () => {
  const complaints = [];
  for (const [name, html] of pages) {
    const { results } = await validator.validateString(html, name);
    for (const { messages } of results) {
      complaints.push(
        ...messages.map(({ line, ruleId, message }) => `${name}, line ${line}: ${ruleId}: ${message}`),
      );
    }
  }
  expect(complaints).toEqual([]);
});

test('every page has its own title, one heading of the first level, and no placeholder left open', () => {
  for (const [name, html] of pages) {
    expect(html, name).toMatch(/<title>[^<]{8,}<\/title>/);
    expect(html.match(/<h1[ >]/g), name).toHaveLength(1);
    expect(html, name).not.toMatch(/undefined|NaN|\[object |<%|%>/);
  }
});

/** Says where the page is, and makes nobody fetch it. */
const ownAddress = /<link rel="canonical" href="http:\/\/papers\.example\.org\/[^"]*">/;

test('nothing comes from elsewhere, and nothing is inline', () => {
  for (const [name, html] of pages) {
    expect(html.replace(ownAddress, ''), name).not.toMatch(
      /<(?:script|link|img|iframe|form)[^>]*(?:src|href|action)="(?!\/(?!\/))/,
    );
    expect(html, name).not.toMatch(/<style|<script>|<[a-z][^>]* (?:style|on[a-z]+)=/);
  }
});

test('no page sets a cookie, whatever was asked or posted', () => {
  expect(cookies).toEqual([]);
});

test('every page stays below 100 KB, with style sheet and script', async () => {
  const sizes = new Map<string, number>();
  for (const [name, html] of pages) {
    let bytes = Buffer.byteLength(html);
    for (const [, path = ''] of html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)) {
      const size = sizes.get(path) ?? (await (await app.request(path)).arrayBuffer()).byteLength;
      sizes.set(path, size);
      bytes += size;
    }
    expect(bytes, name).toBeLessThan(100_000);
  }
});

// What runs in the page is text: the types of browsers are not those of this program.
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const findViolations = (
  options = {},
) => `axe.run(${JSON.stringify({ resultTypes: ['violations'], ...options })}).then(({ violations }) =>
  violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join()))`;
const openDetails = `document.querySelectorAll('details').forEach((details) => { details.open = true; })`;
const readWidths = '[document.documentElement.scrollWidth, window.innerWidth]';
const readHtml = 'document.documentElement.outerHTML';
/** Another page in the place of the one that is loaded, its style sheet kept: a hundred times quicker than to load it. */
const show = (html: string) => `{
  const { documentElement, title, body } = new DOMParser().parseFromString(${JSON.stringify(html)}, 'text/html');
  for (const { name, value } of documentElement.attributes) document.documentElement.setAttribute(name, value);
  document.title = title;
  document.body.replaceWith(body);
  ${openDetails}
}`;

describeWith('chromium', 'on a phone', () => {
  const phone = { width: 360, height: 740 };
  /** As the scripts of the page leave it. */
  const alive = new Map<string, string>();
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  async function open(): Promise<Page> {
    const context = await browser.newContext({ viewport: phone, locale: 'en' });
    const page = await context.newPage();
    await page.goto(app.url);
    return page;
  }

  test('no script complains, and none asks elsewhere', async () => {
    const page = await open();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(app.url)) complaints.push(`asked ${request.url()}`);
    });
    let html = '';
    // At an address of ours, so that style sheet and script load as always.
    await page.route('**/state-under-test', (route) =>
      route.fulfill({ body: html, contentType: 'text/html; charset=utf-8' }),
    );
    for (const [name, sent] of pages) {
      if (!name.endsWith(', en')) continue;
      html = sent;
      await page.goto(`${app.url}/state-under-test`);
      // A preview that is on its way is shown pale.
      await page.locator('[aria-busy="true"]').waitFor({ state: 'detached' });
      alive.set(name, String(await page.evaluate(readHtml)));
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  }, 300_000);

  test('axe finds nothing on any page, in light or dark', async () => {
    const page = await open();
    await page.evaluate(axe);
    for (const [name, html] of alive) {
      await page.evaluate(show(html));
      await page.emulateMedia({ colorScheme: 'light' });
      expect(await page.evaluate(findViolations()), name).toEqual([]);
      // Nothing but the colours is another.
      await page.emulateMedia({ colorScheme: 'dark' });
      const options = { runOnly: ['color-contrast', 'link-in-text-block'] };
      expect(await page.evaluate(findViolations(options)), `${name}, dark`).toEqual([]);
    }
    await page.context().close();
  }, 300_000);

  test('no page scrolls sideways, also where words are long, or have no spaces', async () => {
    const page = await open();
    for (const [name, html] of [...alive, ...pages]) {
      await page.evaluate(show(html));
      expect(await page.evaluate(readWidths), name).toEqual([phone.width, phone.width]);
    }
    await page.context().close();
  });
});

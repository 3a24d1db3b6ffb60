// The HTML of every page, read as strictly as it can be.
import { HtmlValidate } from 'html-validate/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
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
  for (const [name, html] of pages) {
    let bytes = Buffer.byteLength(html);
    for (const [, path = ''] of html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)) {
      bytes += (await (await app.request(path)).arrayBuffer()).byteLength;
    }
    expect(bytes, name).toBeLessThan(100_000);
  }
});

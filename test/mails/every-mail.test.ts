// What mailbox providers and mail programs ask of a mail's content, held by every kind of mail in every language.
import { beforeAll, describe, expect, test } from 'vitest';
import { languages } from '../../src/languages/languages.ts';
import { htmlBudget } from '../../src/mails/fit-budget.ts';
import { textWidth } from '../../src/text/text-width.ts';
import { listEveryMail, type NamedMail } from './every-mail.ts';
import { listCssProblems } from './mail-css.ts';
import { ada, loadTemplates, sender } from './sample.ts';

let mails: NamedMail[];
beforeAll(async () => {
  mails = listEveryMail(loadTemplates());
});

/** Runs for each mail; a failure names the mail. */
const each = (check: (mail: NamedMail) => void) => {
  expect(mails.length).toBeGreaterThan(50);
  for (const mail of mails) check(mail);
};

const hrefsOf = (html: string) => [...html.matchAll(/href="([^"]*)"/g)].map(([, href = '']) => href);
const decode = (html: string) => html.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));

describe('the HTML of every mail', () => {
  test('stays below what Gmail cuts off', () => {
    each(({ mail, name }) => expect(Buffer.byteLength(mail.html), name).toBeLessThanOrEqual(htmlBudget));
  });

  test('has one title, its language and direction, and tables that are for layout only', () => {
    each(({ mail: { html }, name, language }) => {
      expect(html.match(/<title>/g), name).toHaveLength(1);
      expect(html, name).toMatch(
        new RegExp(`^<!doctype html>\n<html lang="${languages[language].tag}" dir="ltr"`),
      );
      for (const table of html.match(/<table[^>]*>/g) ?? [])
        expect(table, name).toContain('role="presentation"');
      expect(html.match(/<h1[ >]/g), name).toHaveLength(1);
    });
  });

  test('can be light and dark', () => {
    each(({ mail: { html }, name }) => {
      expect(html, name).toContain('<meta name="color-scheme" content="light dark">');
      expect(html, name).toContain('<meta name="supported-color-schemes" content="light dark">');
      expect(html, name).toContain('@media (prefers-color-scheme: dark)');
    });
  });

  test('has a preheader of 40 to 130 columns that is not the subject, and filler behind it', () => {
    each(({ mail: { html, subject, text }, name }) => {
      const [, hidden = ''] = /<div style="display:none[^>]*>([^<]*)<\/div>/.exec(html) ?? [];
      const [preheader = '', filler = ''] = hidden.split(/\s*(?=&#847;)(.*)/s);
      const shown = decode(preheader).replace(/\s+/g, ' ').trim();
      expect(textWidth(shown), `${name}: ${shown}`).toBeGreaterThanOrEqual(40);
      expect(textWidth(shown), `${name}: ${shown}`).toBeLessThanOrEqual(130);
      expect(shown, name).not.toBe(subject);
      expect(filler.match(/&#847;/g)?.length, name).toBeGreaterThan(60);
      if (name.startsWith('digest of ten')) expect(text.replace(/\s+/g, ' '), name).not.toContain(shown);
    });
  });

  test('loads nothing, runs nothing, asks for nothing', () => {
    each(({ mail: { html }, name }) =>
      expect(html, name).not.toMatch(
        /<(?:script|form|input|iframe|link|svg|img|object|embed|video|audio|base)\b|@import|@font-face|url\(|\son\w+="/i,
      ),
    );
  });

  test('styles itself only as Gmail, Outlook and Apple Mail understand, or do without', () => {
    each(({ mail: { html }, name }) => expect(listCssProblems(html), name).toEqual([]));
  });

  test('leads only to https, to the service itself or where a paper’s own links lead', () => {
    const known = ['papers.example.org', 'github.com', 'shepherd.example.edu', 'arxiv.org'];
    each(({ mail: { html }, name }) => {
      for (const href of hrefsOf(html)) {
        expect(href, name).toMatch(/^https:\/\//);
        expect(known, name).toContain(new URL(href).hostname);
      }
    });
  });

  test('has nothing of the templates left: no blank, no piece, no comment', () => {
    each(({ mail: { html, subject, text }, name }) => {
      for (const part of [html, subject, text]) {
        expect(part, name).not.toMatch(/\{\{|\[object|<!-- /);
        // One of the hostile titles has a LaTeX command of that name.
        if (!name.includes('hostile')) expect(part, name).not.toMatch(/\bundefined\b|\bNaN\b|\bnull\b/);
      }
    });
  });
});

describe('the text of every mail', () => {
  test('has lines of at most 78 columns, and links on lines of their own', () => {
    each(({ mail: { text }, name }) => {
      for (const line of text.split('\n')) {
        if (/^https:\S+$/.test(line)) continue;
        expect(textWidth(line), `${name}: ${line}`).toBeLessThanOrEqual(78);
        if (!name.startsWith('week')) expect(line, name).not.toMatch(/https:\S+.*papers\.example/);
      }
      expect(text, name).toMatch(/[^\n]\n$/);
      expect(text, name).not.toMatch(/\n{3}|[ \t]\n/);
    });
  });

  test('says the same as the HTML: every link of the one is in the other', () => {
    each(({ mail: { html, text }, name }) => {
      const vote = /\/papers\/\d+\/(?:more|fewer)$/;
      const lines = new Set(text.split('\n'));
      for (const href of hrefsOf(html)) {
        if (href === ada.digest) continue;
        expect(lines, `${name}: ${href}`).toContain(href.replace(vote, (way) => way.replace(/\/\w+$/, '')));
      }
    });
  });
});

test('every mail says who sends it; every digest how to change and how to leave it, why it came and since when', () => {
  each(({ mail: { html, text }, name, kind }) => {
    for (const part of [decode(html).replace(/\s+/g, ' '), text.replace(/\s+/g, ' ')]) {
      expect(part, name).toContain(sender.postalAddress);
      if (kind === 'account') continue;
      for (const thing of [ada.preferences, ada.unsubscribe, ada.email, '2025'])
        expect(part, name).toContain(thing);
    }
  });
});

test('every subject is one line that an inbox can show', () => {
  each(({ mail: { subject }, name }) => {
    expect(subject, name).toMatch(/^\S.*\S$/);
    expect(textWidth(subject), name).toBeLessThanOrEqual(140);
    expect(subject, name).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
  });
});

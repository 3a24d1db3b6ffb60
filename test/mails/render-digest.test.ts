// A digest as its reader gets it: C2 to C12 of what a mail must satisfy.

import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { dailyForm } from '../../src/digests/form.ts';
import { htmlBudget } from '../../src/mails/fit-budget.ts';
import type { MailContent } from '../../src/mails/mail-content.ts';
import type { MailTemplates } from '../../src/mails/mail-templates.ts';
import { createDigestCache, fillDigestLinks, renderDigest } from '../../src/mails/render-digest.ts';
import { tokenLength } from '../../src/platform/keys/tokens.ts';
import { faultSize } from '../support/fault-sizes.ts';
import {
  ada,
  hostileTitles,
  linksOf,
  loadTemplates,
  makeDigest,
  makePick,
  renderFor,
  sender,
} from './sample.ts';

let templates: MailTemplates;
beforeAll(async () => {
  templates = loadTemplates();
});

const picks = (count: number, part = {}) =>
  Array.from({ length: count }, (_, index) => makePick(index + 1, part));
const render = (count: number, part = {}) => renderFor(templates, makeDigest(picks(count), part));

/** The HTML's text, as somebody reads it. */
function readHtml(html: string): string {
  return html
    .replace(/<!--[\s\S]*?-->|<style[\s\S]*?<\/style>|<head[\s\S]*?<\/head>/g, ' ')
    .replace(/<div style="display:none[^>]*>[^<]*<\/div>/, ' ')
    .replace(/<wbr>\s*/g, '')
    .replace(/<\/?(?:a|b|i|span)\b[^>]*>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&nbsp;/g, ' ')
    .replace(/\s+/g, ' ');
}

const hrefsOf = (html: string) => [...html.matchAll(/href="([^"]*)"/g)].map(([, href = '']) => href);

describe('a digest of three papers', () => {
  let mail: MailContent;
  beforeAll(() => {
    mail = render(3);
  });

  test('the subject leads with the first paper and ends with the day', () => {
    expect(mail.subject).toBe('Shepherd 1: Moving Experts Before Hosts Fail + 2 more · 12 Dec');
    expect(render(1).subject).toBe('Shepherd 1: Moving Experts Before Hosts Fail · 12 Dec');
    expect(render(3, { edition: '2025-12-13' }).subject).not.toBe(mail.subject);
  });

  test('HTML and text say the same: titles, reasons, facts, mended abstracts, links', () => {
    for (const part of [readHtml(mail.html), mail.text.replace(/\s+/g, ' ')]) {
      expect(part).toMatch(/Friday, 12 December 2025/);
      expect(part).toContain('3 papers for you');
      for (const seq of [1, 2, 3])
        expect(part).toContain(`Shepherd ${seq}: Moving Experts Before Hosts Fail`);
      expect(part).toContain('Mixture of experts: mixture-of-experts, routing in the abstract');
      expect(part).toContain('“fault tolerance”: failures, recovery in the abstract');
      expect(part).toMatch(/7 authors\s+·\s+10 Dec 2025\s+·\s+31 upvotes\s+·\s+2 comments/);
      expect(part).toContain('models now spans 10⁴–10⁵ accelerators');
      expect(part).toContain('Code');
      expect(part).toContain('Project page (shepherd.example.edu)');
      expect(part).toContain('Paperround, Reading Room, 1 Library Lane, Oxford OX1 3BG, United Kingdom');
    }
    for (const url of [
      linksOf.paper(1),
      linksOf.home(),
      'https://github.com/example/shepherd',
      ada.preferences,
      ada.unsubscribe,
    ]) {
      expect(hrefsOf(mail.html)).toContain(url);
      expect(mail.text.split('\n')).toContain(url);
    }
  });

  test('each paper has the way to more and to fewer like it, in HTML and text', () => {
    for (const seq of [1, 2, 3]) {
      expect(hrefsOf(mail.html)).toContain(`${ada.votes}/papers/${seq}/more`);
      expect(hrefsOf(mail.html)).toContain(`${ada.votes}/papers/${seq}/fewer`);
      expect(mail.text).toContain(`\nMore or fewer like this:\n${ada.votes}/papers/${seq}\n`);
    }
  });

  test('the footer says which links are keys', () => {
    for (const part of [mail.html, mail.text])
      expect(part.replace(/\s+/g, ' ')).toContain('The links to change and to unsubscribe are keys of yours');
  });

  test('the footer says to whom it was sent and since when', () => {
    expect(readHtml(mail.html)).toContain(
      'because ada@example.org subscribed to Paperround on 3 December 2025',
    );
    expect(mail.text).toContain(
      'because this address subscribed to Paperround:\nada@example.org\nSubscribed on:\n3 December 2025\n',
    );
  });

  test('the words that matched are marked, once each, and not in the titles: mixture-of-experts, failures, and recovery where there is room for it', () => {
    const abstracts = mail.html.match(/<p class="(?:lead-)?abstract"[\s\S]*?<\/p>/g) ?? [];
    expect(abstracts.map((abstract) => abstract.match(/class="hit"/g)?.length)).toEqual([3, 2, 2]);
    expect(mail.html.match(/class="hit"/g)).toHaveLength(3 + 2 + 2);
  });

  test('the first paper leads: a larger title, and more of its abstract', () => {
    expect(mail.html.match(/<h2 class="lead-title"/g)).toHaveLength(1);
    expect(mail.html.match(/<p class="lead-abstract"/g)).toHaveLength(1);
    for (const part of [readHtml(mail.html), mail.text.replace(/\s+/g, ' ')]) {
      expect(part.match(/It watches temperatures/g)).toHaveLength(3);
      expect(part.match(/In a year of operation/g)).toHaveLength(1);
    }
  });

  test('the text says at each paper how far one has come', () => {
    expect(mail.text.match(/^-+ \d\/3$/gm)?.map((rule) => rule.slice(-3))).toEqual(['1/3', '2/3', '3/3']);
  });

  test('the preheader has 40 to 130 characters, is not the subject, and nothing shows after it', () => {
    for (const { html, subject, text } of [
      mail,
      render(1),
      renderFor(templates, makeDigest(picks(1, { abstract: null }))),
    ]) {
      const [, hidden = ''] = /<div style="display:none[^>]*>([^<]*)<\/div>/.exec(html) ?? [];
      const [preheader = '', filler = ''] = hidden.split(/\s*(?=&#847;)(.*)/s);
      const shown = readHtml(`<p>${preheader}</p>`).trim();
      expect(shown.length).toBeGreaterThanOrEqual(40);
      expect(shown.length).toBeLessThanOrEqual(130);
      expect(shown).not.toBe(subject);
      expect(filler.match(/&#847;/g)?.length).toBeGreaterThan(60);
      expect(text).not.toContain('Also:');
    }
  });

  test('the document has a language, a direction, one title, and says that it can be dark', () => {
    expect(mail.html).toMatch(/^<!doctype html>\n<html lang="en" dir="ltr"/);
    expect(mail.html.match(/<title>/g)).toHaveLength(1);
    expect(mail.html).toContain(
      '<title>Shepherd 1: Moving Experts Before Hosts Fail + 2 more &#183; 12 Dec</title>',
    );
    expect(mail.html).toContain('<meta name="color-scheme" content="light dark">');
    expect(mail.html).toContain('<meta name="supported-color-schemes" content="light dark">');
    expect(mail.html).toContain('@media (prefers-color-scheme: dark)');
  });

  test('every table is for layout only', () => {
    const tables = mail.html.match(/<table[^>]*>/g) ?? [];
    expect(tables.length).toBeGreaterThan(5);
    for (const table of tables) expect(table).toContain('role="presentation"');
  });

  test('nothing is loaded, nothing runs, nothing tracks', () => {
    expect(mail.html).not.toMatch(
      /<(?:script|form|iframe|link|svg|img|object|video)\b|@import|url\(|https?:\/\/fonts/i,
    );
    expect(mail.html).not.toMatch(/#000\b|#000000|:\s*(?:black|white)\b/i);
  });

  test('every link is absolute https', () => {
    for (const href of hrefsOf(mail.html)) expect(href).toMatch(/^https:\/\/[\w.-]+\//);
  });

  test('the HTML is ASCII in lines that every server takes', () => {
    expect(mail.html).not.toMatch(/[^\n -~]/);
    for (const line of mail.html.split('\n')) expect(line.length).toBeLessThan(990);
  });

  test('nothing is left over', () => {
    for (const part of [mail.subject, mail.html, mail.text]) {
      expect(part).not.toMatch(/\{\{|\}\}\}|undefined|NaN|\[object|null/);
      expect(part).not.toMatch(/<!-- :?\w+:? -->/);
    }
  });
});

describe('what is not known is left out', () => {
  test('without abstract, facts and links', () => {
    const bare = {
      abstract: null,
      authorsCount: null,
      publishedOn: null,
      comments: null,
      upvotes: null,
      links: [],
    };
    const { html, text } = renderFor(templates, makeDigest(picks(1, bare)));
    expect(html).not.toMatch(/class="(?:(?:lead-)?abstract|facts)"/);
    expect(text).not.toMatch(/authors|null|\n\n\n/);
  });

  test('a gist stands in place of the abstract, marked as a machine’s, unless abstracts are wanted in full', () => {
    const digest = makeDigest(picks(1, { gist: 'Experts move before hosts fail.' }));
    const marked = 'In brief, by a machine: Experts move before hosts fail.';
    expect(renderFor(templates, digest).text).toContain(marked);
    expect(renderFor(templates, digest, { form: { ...dailyForm, abstracts: 'full' } }).text).not.toContain(
      'In brief',
    );
  });

  test('three authors are named, and the others counted, in both parts', () => {
    const authors = ['Ada Lovelace', 'Grace Hopper', '{{Alan}} <b>Turing</b>', 'Barbara Liskov'];
    const { html, text } = renderFor(templates, makeDigest(picks(1, { authors, organization: 'Gensyn' })));
    expect(text).toContain('Ada Lovelace, Grace Hopper, {Alan} <b>Turing</b> + 4 · Gensyn ·');
    expect(html.replace(/\s+/g, ' ')).toContain(
      'Ada Lovelace, Grace Hopper, &#123;Alan} &#60;b&#62;Turing&#60;/b&#62; + 4',
    );
    expect(text).not.toContain('Liskov');
  });

  test('the organisation stands where else the number of authors does', () => {
    const { text } = renderFor(
      templates,
      makeDigest(picks(1, { organization: 'Gensyn', upvotes: 1, comments: 0 })),
    );
    expect(text).toContain('\nGensyn · 10 Dec 2025 · 1 upvote\n');
  });

  test('a paper of which arXiv is known to have a page leads there', () => {
    const { html, text } = renderFor(templates, makeDigest(picks(1, { key: 'arxiv:2512.00001' })));
    expect(hrefsOf(html)).toContain('https://arxiv.org/abs/2512.00001');
    expect(text).toContain('\narXiv:\nhttps://arxiv.org/abs/2512.00001\nCode:\n');
  });

  test('papers that matched but are not in it are counted, with the way to them', () => {
    const { html, text } = render(3, { matched: 20 });
    expect(hrefsOf(html)).toContain(linksOf.papersOf('2025-12-12'));
    expect(text).toContain(`17 more papers on the web:\n${linksOf.papersOf('2025-12-12')}\n`);
    expect(render(3, { matched: 4 }).text).toContain('1 more paper on the web:');
    expect(render(3).text).not.toContain('on the web');
  });

  test('a digest without papers is a mistake', () => {
    expect(() => render(0)).toThrow('no papers');
  });
});

describe('a big day', () => {
  test('200 papers: the first in full, the others a line each, the rest counted, the links at the top as well', () => {
    const { html, text } = render(200);
    expect(html.length).toBeLessThanOrEqual(htmlBudget);
    const full = html.match(/class="(?:lead-)?title"/g)?.length ?? 0;
    const brief = html.match(/class="brief-title"/g)?.length ?? 0;
    expect(full).toBeGreaterThanOrEqual(3);
    expect(brief).toBeGreaterThan(20);
    expect(readHtml(html)).toContain(`${200 - full - brief} more papers on the web`);
    const [, line = ''] = html.match(/<p class="brief-why"[^>]*>([\s\S]*?)<\/p>/) ?? [];
    expect(readHtml(line).trim()).toBe('Mixture of experts · “fault tolerance”');
    expect(text).toContain('\n* Mixture of experts · “fault tolerance”\n');
    expect(text.match(/^https:\/\/papers\.example\.org\/paper\/\d+$/gm)).toHaveLength(full + brief);
    expect(html.indexOf(ada.unsubscribe)).toBeLessThan(html.indexOf('<h1'));
  });

  test('a small digest has them at the end only', () => {
    expect(hrefsOf(render(3).html).filter((href) => href === ada.unsubscribe)).toHaveLength(1);
  });

  test('the HTML fits whatever the day brings', () => {
    const text = fc.oneof(
      fc.constantFrom(...Object.values(hostileTitles)),
      fc.constantFrom(
        '&'.repeat(5_000),
        '👩‍🔬'.repeat(900),
        '\u0300'.repeat(3_000),
        '<b>"\' {{'.repeat(900),
        'a, b. '.repeat(900),
      ),
      fc.string({ unit: 'binary', maxLength: 300 }),
    );
    const paper = fc.record({
      title: text,
      abstract: fc.option(text),
      organization: fc.option(text),
      links: fc.array(fc.constant(`https://example.org/${'a'.repeat(270)}`), { maxLength: 4 }),
    });
    fc.assert(
      fc.property(
        fc.array(paper, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 80 }),
        fc.record({
          covers: fc.constantFrom('day', 'week'),
          holds: fc.constantFrom('matches', 'top'),
          abstracts: fc.constantFrom('short', 'full'),
        }),
        (kinds, count, form) => {
          const many = Array.from({ length: count }, (_, index) =>
            makePick(index + 1, kinds[index % kinds.length]),
          );
          const mail = renderFor(templates, makeDigest(many), {
            form,
            preferences: linksOf.preferences('p'.repeat(tokenLength)),
            unsubscribe: linksOf.unsubscribe('u'.repeat(tokenLength)),
            digest: linksOf.digest('d'.repeat(tokenLength)),
            votes: linksOf.votes('v'.repeat(tokenLength)),
          });
          expect(Buffer.byteLength(mail.html)).toBeLessThanOrEqual(htmlBudget);
          expect(mail.html).not.toMatch(/[^\n -~]|\{\{/);
          for (const line of mail.html.split('\n')) expect(line.length).toBeLessThan(990);
          for (const line of mail.text.split('\n')) {
            if (!/^https:\/\//.test(line)) expect(line.length).toBeLessThanOrEqual(78);
          }
          expect(mail.subject.length).toBeLessThanOrEqual(130);
          expect(mail.subject).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
          expect(mail.subject.trim()).not.toBe('');
        },
      ),
      { numRuns: 8 * faultSize('INPUTS') },
    );
  });
});

test('a name from right to left is marked, so that the date stays behind it, in both parts', () => {
  const { html, text } = renderFor(templates, makeDigest([makePick(1, { organization: 'جامعة القاهرة' })]));
  expect(text).toContain('\u200eجامعة القاهرة\u200e · 10 Dec 2025');
  expect(html).toMatch(/&#8206;(?:&#1\d{3};|\s)+&#8206;/);
});

describe('hostile titles', () => {
  test.each(Object.entries(hostileTitles))('%s', (name, title) => {
    const { subject, html, text } = renderFor(
      templates,
      makeDigest([makePick(1, { title, abstract: title }), makePick(2)]),
    );
    const parts = [subject, html, text];
    for (const part of parts) {
      expect(part).not.toMatch(/[\u202a-\u202e\u2066-\u2069]|(?!\n)\p{Cc}/u);
      expect(part).not.toContain('{{');
    }
    expect(subject).not.toMatch(/[\r\n]/);
    expect(html).not.toMatch(/<img|<script|onerror="/i);
    expect(html.match(/<\/title>/g)).toHaveLength(1);
    expect(html.match(/<h2 class="(?:lead-)?title" dir="auto"/g)).toHaveLength(2);
    expect(html.length).toBeLessThan(30_000);
    expect(text.length).toBeLessThan(6_000);
    expect(
      hrefsOf(html).filter((href) => href === ada.unsubscribe),
      name,
    ).toHaveLength(1);
    expect(text.match(new RegExp(ada.email, 'g'))).toHaveLength(1);
  });

  test('are shown as what they are', () => {
    const { html, text } = renderFor(
      templates,
      makeDigest([makePick(1, { title: hostileTitles.markup, abstract: null })]),
    );
    expect(readHtml(html)).toContain('<img src=x onerror="alert(1)"> </title><script>alert(2)</script> & Co');
    expect(text).toContain('<img src=x onerror="alert(1)">');
  });

  test('words that look like replacement patterns stay words', () => {
    const { html, text } = renderFor(templates, makeDigest([makePick(1)]), { email: "$&$'@example.org" });
    expect(readHtml(html)).toContain("$&$'@example.org subscribed");
    expect(text).toContain("\n$&$'@example.org\n");
  });

  test('an address too long for a line is shortened in the middle', () => {
    const { text } = renderFor(templates, makeDigest([makePick(1)]), {
      email: `${'a'.repeat(64)}@${'b'.repeat(180)}.example.org`,
    });
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(78);
    expect(text).toMatch(/a{30}….*b\.example\.org\n/);
  });
});

describe('the same for many readers', () => {
  const cache = createDigestCache();
  const bodyOf = (digest: Parameters<typeof renderFor>[1]) =>
    renderDigest(templates, { digest, sender, linksOf, cache, language: 'en' });

  test('one selection is put together once', () => {
    const three = picks(3);
    expect(bodyOf(makeDigest(three))).toBe(
      bodyOf(makeDigest(three.map((pick) => ({ ...pick, score: 0.5 })))),
    );
  });

  test('another reason, day or number of papers makes another body', () => {
    const [first] = picks(1);
    const body = bodyOf(makeDigest(picks(1)));
    expect(bodyOf(makeDigest(picks(1), { edition: '2025-12-13' })).subject).not.toBe(body.subject);
    expect(bodyOf(makeDigest(picks(1), { matched: 9 })).text.join('')).toContain('8 more papers');
    const other = bodyOf(
      makeDigest([
        { paper: first?.paper ?? makePick(1).paper, score: 1, reasons: makePick(1).reasons.slice(0, 1) },
      ]),
    );
    expect(other.text.join('')).not.toContain('fault tolerance');
  });

  test('two readers get the same but for their links', () => {
    const body = bodyOf(makeDigest(picks(2)));
    const grace = {
      preferences: 'https://papers.example.org/preferences/grace',
      unsubscribe: 'https://papers.example.org/unsubscribe/grace',
      digest: 'https://papers.example.org/digest/grace',
      votes: 'https://papers.example.org/vote/grace',
      email: 'grace@example.org',
      subscribedOn: '2025-01-31',
      language: 'en',
    } as const;
    const [one, other] = [fillDigestLinks(body, { ...ada, language: 'en' }), fillDigestLinks(body, grace)];
    expect(other.html).not.toContain('ada');
    const strip = (text: string) =>
      text
        .replaceAll(ada.preferences, grace.preferences)
        .replaceAll(ada.unsubscribe, grace.unsubscribe)
        .replaceAll(ada.digest, grace.digest)
        .replaceAll(ada.votes, grace.votes)
        .replaceAll(ada.email, grace.email)
        .replaceAll('3 December 2025', '31 January 2025');
    expect(strip(one.html)).toBe(other.html);
    expect(strip(one.text)).toBe(other.text);
  });
});

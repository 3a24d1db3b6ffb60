import { beforeAll, describe, expect, test } from 'vitest';
import { dailyForm } from '../../src/digests/form.ts';
import type { MailTemplates } from '../../src/mails/mail-templates.ts';
import { createDigestCache, renderDigest } from '../../src/mails/render-digest.ts';
import { linksOf, loadTemplates, makeDigest, makePick, renderFor, sender } from './sample.ts';

let templates: MailTemplates;
beforeAll(async () => {
  templates = loadTemplates();
});

const picks = [makePick(1), makePick(2), makePick(3)];
const lastSentence = 'Code is at https://github.com/example/shepherd';

describe('a weekly digest', () => {
  const mail = () => renderFor(templates, makeDigest(picks), { form: { ...dailyForm, covers: 'week' } });

  test('says that it is the week’s: in subject, preheader, heading and text', () => {
    const { subject, html, text } = mail();
    expect(subject).toBe('Shepherd 1: Moving Experts Before Hosts Fail + 2 more · week to 12 Dec');
    expect(html).toContain('Also this week: Shepherd 2');
    expect(html).toContain('The week to Friday, 12 December 2025');
    expect(text).toContain('The week to Friday, 12 December 2025\n3 papers for you');
  });
});

describe('the top papers of a day without a match', () => {
  const top = makeDigest(picks.map((pick) => ({ ...pick, reasons: [] })));
  const form = { ...dailyForm, holds: 'top' } as const;

  test('say in the inbox, before the papers, at each and at the end, that nothing matched', () => {
    const { subject, html, text } = renderFor(templates, top, { form });
    expect(subject).toBe('Shepherd 1: Moving Experts Before Hosts Fail + 2 more · the day’s top, 12 Dec');
    expect(html).toContain('Nothing new matched what you follow. Also: Shepherd 2');
    expect(html).toContain('No new paper since your last digest matched what you follow.');
    expect(html.match(/Among the most upvoted/g)).toHaveLength(3);
    expect(text).toContain('No new paper since your last digest matched what you follow.');
    expect(text.match(/^\* Among the most upvoted$/gm)).toHaveLength(3);
    for (const part of [html, text]) {
      expect(part).toContain('Nothing new matched what you follow');
      expect(part).not.toContain('Each paper is here because of something you follow');
    }
  });

  test('of a week say so in the subject; a single one, that nothing matched, in the preheader', () => {
    const week = renderFor(templates, top, { form: { ...form, covers: 'week' } });
    expect(week.subject).toMatch(/ \+ 2 more · the week’s top, to 12 Dec$/);
    const one = renderFor(templates, makeDigest([{ ...makePick(1), reasons: [] }]), { form });
    expect(one.subject).toBe('Shepherd 1: Moving Experts Before Hosts Fail · the day’s top, 12 Dec');
    expect(one.html).toMatch(/<div style="display:none[^>]*>No new paper since your last digest matched/);
  });

  test('that nobody upvoted are not said to be upvoted', () => {
    const quiet = makeDigest([{ ...makePick(1, { upvotes: null }), reasons: [] }]);
    expect(renderFor(templates, quiet, { form }).text).toContain('* Among the first listed');
  });
});

test('abstracts come in full where a reader wants them; otherwise what is new, without the links that stand below', () => {
  const digest = makeDigest(picks);
  const [short, full] = (['short', 'full'] as const).map((abstracts) =>
    renderFor(templates, digest, { form: { ...dailyForm, abstracts } }).text.replace(/\s+/g, ' '),
  );
  expect(full).toContain(lastSentence);
  expect(short).not.toContain(lastSentence);
});

test('readers with the same papers and the same form share one mail; another form makes another', () => {
  const cache = createDigestCache();
  const digest = makeDigest(picks);
  const render = (form = dailyForm) =>
    renderDigest(templates, { digest, form, sender, linksOf, cache, language: 'en' });
  expect(render({ ...dailyForm })).toBe(render());
  expect(render({ ...dailyForm, abstracts: 'full' })).not.toBe(render());
  expect(render({ ...dailyForm, covers: 'week' })).not.toBe(render());
  expect(render({ ...dailyForm, abstracts: 'full' })).toBe(render({ ...dailyForm, abstracts: 'full' }));
});

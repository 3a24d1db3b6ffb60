// The mails about a subscription itself, one link each.
import { beforeAll, describe, expect, test } from 'vitest';
import { renderAlreadySubscribed, renderConfirmation } from '../../src/mails/account-mails.ts';
import type { MailContent } from '../../src/mails/mail-content.ts';
import type { MailTemplates } from '../../src/mails/mail-templates.ts';
import { renderReaderMail } from '../../src/mails/reader-mails.ts';
import { linksOf, loadTemplates, sender } from './sample.ts';

let templates: MailTemplates;
beforeAll(async () => {
  templates = loadTemplates();
});

const confirmUrl = linksOf.confirm('t'.repeat(120));
const preferencesUrl = linksOf.preferences('t'.repeat(120));

const token = 't'.repeat(120);
const readerMails = [
  ['preferences_link', preferencesUrl],
  ['goodbye', linksOf.undo(token)],
  ['address_change', linksOf.confirmAddress(token)],
  ['address_notice', linksOf.keepAddress(token)],
] as const;

describe.each<[string, string, () => MailContent]>([
  [
    'the confirmation',
    confirmUrl,
    () => renderConfirmation(templates, { confirmUrl, sender, language: 'en' }),
  ],
  [
    'already subscribed',
    preferencesUrl,
    () => renderAlreadySubscribed(templates, { preferencesUrl, sender, language: 'en' }),
  ],
  ...readerMails.map(([kind, url]): [string, string, () => MailContent] => [
    kind,
    url,
    () => renderReaderMail(templates, { kind, url, sender, language: 'en' }),
  ]),
])('%s', (_, url, render) => {
  test('has one link, and it is in both parts', () => {
    const { html, text } = render();
    expect([...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual([url]);
    expect(text.match(/https?:\S+/g)).toEqual([url]);
    expect(text.split('\n')).toContain(url);
  });

  test('says who sends it, and what to do if one did not ask', () => {
    const { subject, html, text } = render();
    expect(subject).toContain('Paperround');
    for (const part of [html, text]) {
      expect(part).toContain('Oxford OX1 3BG');
      expect(part).toMatch(/Not you\?|A mistake\?/);
    }
  });

  test('is small, ASCII and complete', () => {
    const { html, text } = render();
    expect(html.length).toBeLessThan(20_000);
    expect(html).not.toMatch(/[^\n -~]|\{\{|undefined/);
    expect(html).toMatch(/<html lang="en" dir="ltr"/);
    expect(html).toContain('<meta name="color-scheme" content="light dark">');
    for (const line of text.split('\n')) if (line !== url) expect(line.length).toBeLessThanOrEqual(78);
  });
});

test('the name of the service is escaped', () => {
  const { html } = renderConfirmation(templates, {
    confirmUrl,
    sender: { ...sender, name: 'Papers & <b>Co</b>' },
    language: 'en',
  });
  expect(html).toContain('Papers &#38; &#60;b&#62;Co');
});

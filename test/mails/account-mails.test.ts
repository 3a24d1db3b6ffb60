// The mails about a subscription itself, one link each.
import { beforeAll, describe, expect, test } from 'vitest';
import { renderAccountMail } from '../../src/mails/account-mail.ts';
import type { MailTemplates } from '../../src/mails/mail-templates.ts';
import { accountMailKinds } from './every-mail.ts';
import { linksOf, loadTemplates, sender } from './sample.ts';

let templates: MailTemplates;
beforeAll(async () => {
  templates = loadTemplates();
});

const url = linksOf.confirm('t'.repeat(120));
const noMail = linksOf.noMail('n'.repeat(51));

describe.each(accountMailKinds)('%s', (kind) => {
  const render = () => renderAccountMail(templates, { kind, url, noMail, sender, language: 'en' });

  test('has one link to what it is about, and one never to get such a mail again, in both parts', () => {
    const { html, text } = render();
    expect([...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual([url, noMail]);
    expect(text.match(/https?:\S+/g)).toEqual([url, noMail]);
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
    for (const line of text.split('\n'))
      if (line !== url && line !== noMail) expect(line.length).toBeLessThanOrEqual(78);
  });
});

test('the name of the service is escaped', () => {
  const { html } = renderAccountMail(templates, {
    kind: 'confirmation',
    url,
    noMail,
    sender: { ...sender, name: 'Papers & <b>Co</b>' },
    language: 'en',
  });
  expect(html).toContain('Papers &#38; &#60;b&#62;Co');
});

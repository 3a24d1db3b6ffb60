// The HTML of mails is well-formed, as far as mails can be: their layout needs what pages should not have.
import { HtmlValidate } from 'html-validate';
import { beforeAll, expect, test } from 'vitest';
import { renderAccountMail } from '../../src/mails/account-mail.ts';
import type { MailTemplates } from '../../src/mails/mail-templates.ts';
import { accountMailKinds } from './every-mail.ts';
import { hostileTitles, linksOf, loadTemplates, makeDigest, makePick, renderFor, sender } from './sample.ts';

const validator = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: {
    // Mail programs know tables and inline styles only, and older ones the attributes that CSS replaced.
    'no-inline-style': 'off',
    'no-deprecated-attr': 'off',
    // Their programs drop <main> and <footer>; roles they keep.
    'prefer-native-element': 'off',
    // <!--[if mso]> is how Outlook is spoken to.
    'no-conditional-comment': 'off',
    // What MJML writes.
    'doctype-style': 'off',
    'void-style': 'off',
    // A subject is as long as the first paper's title.
    'long-title': 'off',
  },
});

let templates: MailTemplates;
beforeAll(async () => {
  templates = loadTemplates();
});

const mails: [string, () => string][] = [
  ...(['de', 'fr', 'es', 'zh', 'ja'] as const).map((language): [string, () => string] => [
    `a digest in ${language}`,
    () => renderFor(templates, makeDigest([makePick(1), makePick(2)], { matched: 90 }), { language }).html,
  ]),
  [
    'a digest',
    () =>
      renderFor(
        templates,
        makeDigest(
          Array.from({ length: 60 }, (_, n) => makePick(n + 1)),
          { matched: 90 },
        ),
      ).html,
  ],
  [
    'a digest of hostile papers',
    () =>
      renderFor(
        templates,
        makeDigest(
          Object.values(hostileTitles).map((title, n) => makePick(n + 1, { title, abstract: title })),
        ),
      ).html,
  ],
  ...accountMailKinds.map((kind): [string, () => string] => [
    kind,
    () =>
      renderAccountMail(templates, {
        kind,
        url: linksOf.undo('t'),
        noMail: linksOf.noMail('n'),
        sender,
        language: 'en',
      }).html,
  ]),
];

test.each(mails)('%s is valid', async (_, render) => {
  const report = await validator.validateString(render());
  const messages = report.results.flatMap((result) =>
    result.messages.map(({ ruleId, message, line }) => `${line} ${ruleId}: ${message}`),
  );
  expect(messages).toEqual([]);
});

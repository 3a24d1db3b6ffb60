// Every kind of mail in every language, for the tests of what holds for all of them.
import { type DigestForm, dailyForm } from '../../src/digests/form.ts';
import { type Language, languageCodes } from '../../src/languages/languages.ts';
import { renderAlreadySubscribed, renderConfirmation } from '../../src/mails/account-mails.ts';
import type { MailContent } from '../../src/mails/mail-content.ts';
import type { MailTemplates } from '../../src/mails/mail-templates.ts';
import { type ReaderMail, renderReaderMail } from '../../src/mails/reader-mails.ts';
import { hostileTitles, linksOf, makeDigest, makePick, renderFor, sender } from './sample.ts';

export type NamedMail = { name: string; kind: 'digest' | 'account'; language: Language; mail: MailContent };

const picks = (count: number) => Array.from({ length: count }, (_, index) => makePick(index + 1));
const unmatched = picks(3).map((pick) => ({ ...pick, reasons: [] }));
const hostile = Object.values(hostileTitles).map((title, index) =>
  makePick(index + 1, { title, abstract: title, organization: title }),
);

const digests: [name: string, digest: ReturnType<typeof makeDigest>, form: Partial<DigestForm>][] = [
  ['digest of one paper', makeDigest(picks(1)), {}],
  ['digest of ten', makeDigest(picks(10), { matched: 12 }), {}],
  ['digest of more than a mail holds', makeDigest(picks(150), { matched: 190 }), {}],
  ['week with full abstracts', makeDigest(picks(3)), { covers: 'week', abstracts: 'full' }],
  ['top of the day', makeDigest(unmatched), { holds: 'top' }],
  ['digest of hostile papers', makeDigest(hostile), {}],
];

const readerMails: ReaderMail[] = ['preferences_link', 'goodbye', 'address_change', 'address_notice'];

export function listEveryMail(templates: MailTemplates): NamedMail[] {
  const token = 't'.repeat(120);
  return languageCodes.flatMap((language) => {
    const account = {
      confirmation: renderConfirmation(templates, { confirmUrl: linksOf.confirm(token), sender, language }),
      'already subscribed': renderAlreadySubscribed(templates, {
        preferencesUrl: linksOf.preferences(token),
        sender,
        language,
      }),
      ...Object.fromEntries(
        readerMails.map((kind) => [
          kind.replaceAll('_', ' '),
          renderReaderMail(templates, { kind, url: linksOf.undo(token), sender, language }),
        ]),
      ),
    };
    return [
      ...digests.map(([name, digest, form]) => {
        const mail = renderFor(templates, digest, { language, form: { ...dailyForm, ...form } });
        return { name: `${name}, ${language}`, kind: 'digest' as const, language, mail };
      }),
      ...Object.entries(account).map(([name, mail]) => {
        return { name: `${name}, ${language}`, kind: 'account' as const, language, mail };
      }),
    ];
  });
}

// Every kind of mail in every language, for the tests of what holds for all of them.
import { type DigestForm, dailyForm } from '../../src/digests/form.ts';
import { type Language, languageCodes } from '../../src/languages/languages.ts';
import { renderAccountMail } from '../../src/mails/account-mail.ts';
import type { MailContent } from '../../src/mails/mail-content.ts';
import type { MailTemplates } from '../../src/mails/mail-templates.ts';
import { type AccountMailKind, accountMails } from '../../src/subscribers/account/account-mails.ts';
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

export const accountMailKinds = Object.keys(accountMails) as AccountMailKind[];

export function listEveryMail(templates: MailTemplates): NamedMail[] {
  const url = linksOf.undo('t'.repeat(120));
  const noMail = linksOf.noMail('n'.repeat(51));
  return languageCodes.flatMap((language) => {
    return [
      ...digests.map(([name, digest, form]) => {
        const mail = renderFor(templates, digest, { language, form: { ...dailyForm, ...form } });
        return { name: `${name}, ${language}`, kind: 'digest' as const, language, mail };
      }),
      ...accountMailKinds.map((kind) => {
        const mail = renderAccountMail(templates, { kind, url, noMail, sender, language });
        return {
          name: `${kind.replaceAll('_', ' ')}, ${language}`,
          kind: 'account' as const,
          language,
          mail,
        };
      }),
    ];
  });
}

// A mail about a subscription itself: what happened, one button, what else there is to know, and the way never to get another. Nothing in it was written by
// whoever filled in a form.
import { footerIn } from '../brand/brand.ts';
import type { Language } from '../languages/languages.ts';
import { wordsOf } from '../languages/words.ts';
import type { AccountMailKind } from '../subscribers/account/account-mails.ts';
import { cleanText } from '../text/clean-text.ts';
import { wrapText } from '../text/wrap-text.ts';
import type { MailContent, Sender } from './mail-content.ts';
import { fillBrand, type MailTemplates } from './mail-templates.ts';
import { preheaderFiller } from './subject.ts';

/** `news`: what happened; `offer`: what the button does, followed by the link in the text; `otherwise`: for everybody else. */
type Part = 'subject' | 'preheader' | 'heading' | 'news' | 'offer' | 'button' | 'otherwise';

export function renderAccountMail(
  templates: MailTemplates,
  {
    kind,
    url,
    noMail,
    sender,
    language,
  }: { kind: AccountMailKind; url: string; noMail: string; sender: Sender; language: Language },
): MailContent {
  const siteName = cleanText(sender.name);
  const postalAddress = cleanText(sender.postalAddress);
  const { t } = wordsOf(language);
  const say = (part: Part) => t(`accountMails.${kind}.${part}`, { siteName });
  const words = {
    subject: say('subject'),
    preheader: say('preheader'),
    heading: say('heading'),
    news: say('news'),
    offer: say('offer'),
    button: say('button'),
    otherwise: say('otherwise'),
  };
  const template = templates[language].accountMail;
  const brand = fillBrand(template, sender, language);
  const footer = cleanText(footerIn(sender.footer ?? {}, language));
  const never = t('noMail.offer', { siteName });
  const paragraphs = [words.heading, words.news, words.offer, url, words.otherwise, never, noMail];
  return {
    subject: words.subject,
    html: template.page({
      ...brand,
      ...words,
      url,
      noMail,
      siteName,
      postalAddress,
      filler: preheaderFiller,
    }),
    text: `${[...paragraphs, `${siteName}, ${postalAddress}`, ...(footer === '' ? [] : [footer])].map((text) => wrapText(text)).join('\n\n')}\n`,
  };
}

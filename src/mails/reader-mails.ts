// The mails that readers cause themselves: their preferences link, goodbye, a change of address. One link each, and
// nothing that somebody else could have written.
import type { MessageKey } from '../languages/catalogue.ts';
import type { Language } from '../languages/languages.ts';
import { wordsOf } from '../languages/words.ts';
import { cleanText } from '../text/clean-text.ts';
import { wrapText } from '../text/wrap-text.ts';
import type { MailContent, Sender } from './mail-content.ts';
import type { MailTemplates } from './mail-templates.ts';
import { preheaderFiller } from './subject.ts';

export type ReaderMail = 'preferences_link' | 'goodbye' | 'address_change' | 'address_notice';

/** `news`: what happened; `offer`: what the button does, followed by the link in the text; `otherwise`: for everybody else. */
type Part = 'subject' | 'preheader' | 'heading' | 'news' | 'offer' | 'button' | 'otherwise';

const messages: Record<ReaderMail, Record<Part, MessageKey>> = {
  preferences_link: {
    subject: 'linkMail.subject',
    preheader: 'linkMail.preheader',
    heading: 'linkMail.heading',
    news: 'linkMail.news',
    offer: 'linkMail.offer',
    button: 'linkMail.button',
    otherwise: 'linkMail.otherwise',
  },
  goodbye: {
    subject: 'goodbyeMail.subject',
    preheader: 'goodbyeMail.preheader',
    heading: 'goodbyeMail.heading',
    news: 'goodbyeMail.news',
    offer: 'goodbyeMail.offer',
    button: 'goodbyeMail.button',
    otherwise: 'goodbyeMail.otherwise',
  },
  address_change: {
    subject: 'addressMail.subject',
    preheader: 'addressMail.preheader',
    heading: 'addressMail.heading',
    news: 'addressMail.news',
    offer: 'addressMail.offer',
    button: 'addressMail.button',
    otherwise: 'addressMail.otherwise',
  },
  address_notice: {
    subject: 'noticeMail.subject',
    preheader: 'noticeMail.preheader',
    heading: 'noticeMail.heading',
    news: 'noticeMail.news',
    offer: 'noticeMail.offer',
    button: 'noticeMail.button',
    otherwise: 'noticeMail.otherwise',
  },
};

export function renderReaderMail(
  templates: MailTemplates,
  { kind, url, sender, language }: { kind: ReaderMail; url: string; sender: Sender; language: Language },
): MailContent {
  const siteName = cleanText(sender.name);
  const postalAddress = cleanText(sender.postalAddress);
  const { t } = wordsOf(language);
  const say = (part: Part) => t(messages[kind][part], { siteName });
  const words = {
    subject: say('subject'),
    preheader: say('preheader'),
    heading: say('heading'),
    news: say('news'),
    offer: say('offer'),
    button: say('button'),
    otherwise: say('otherwise'),
  };
  const paragraphs = [words.heading, words.news, words.offer, url, words.otherwise];
  return {
    subject: words.subject,
    html: templates[language].readerNote({ ...words, url, siteName, postalAddress, filler: preheaderFiller }),
    text: `${[...paragraphs, `${siteName}, ${postalAddress}`].map((text) => wrapText(text)).join('\n\n')}\n`,
  };
}

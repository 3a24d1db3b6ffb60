// The mails about a subscription itself. Nothing in them was written by whoever filled in the sign-up form.
import type { Language } from '../languages/languages.ts';
import { wordsOf } from '../languages/words.ts';
import { cleanText } from '../text/clean-text.ts';
import { wrapText } from '../text/wrap-text.ts';
import type { MailContent, Sender } from './mail-content.ts';
import type { MailTemplates } from './mail-templates.ts';
import { preheaderFiller } from './subject.ts';

export function renderConfirmation(
  templates: MailTemplates,
  { confirmUrl, sender, language }: { confirmUrl: string; sender: Sender; language: Language },
): MailContent {
  const { siteName, postalAddress } = describeSender(sender);
  const { t } = wordsOf(language);
  const subject = t('confirmation.subject', { siteName });
  return {
    subject,
    html: templates[language].confirmation({
      subject,
      preheader: t('confirmation.preheader'),
      filler: preheaderFiller,
      siteName,
      postalAddress,
      confirmUrl,
    }),
    text: writeText([
      t('confirmation.question', { siteName }),
      t('confirmation.open'),
      confirmUrl,
      t('confirmation.ignore'),
      `${siteName}, ${postalAddress}`,
    ]),
  };
}

export function renderAlreadySubscribed(
  templates: MailTemplates,
  { preferencesUrl, sender, language }: { preferencesUrl: string; sender: Sender; language: Language },
): MailContent {
  const { siteName, postalAddress } = describeSender(sender);
  const { t } = wordsOf(language);
  const subject = t('alreadySubscribed.subject', { siteName });
  return {
    subject,
    html: templates[language].alreadySubscribed({
      subject,
      preheader: t('alreadySubscribed.preheader'),
      filler: preheaderFiller,
      siteName,
      postalAddress,
      preferencesUrl,
    }),
    text: writeText([
      t('alreadySubscribed.text', { siteName }),
      t('alreadySubscribed.open'),
      preferencesUrl,
      t('alreadySubscribed.ignore'),
      `${siteName}, ${postalAddress}`,
    ]),
  };
}

function describeSender({ name, postalAddress }: Sender): { siteName: string; postalAddress: string } {
  return { siteName: cleanText(name), postalAddress: cleanText(postalAddress) };
}

function writeText(paragraphs: string[]): string {
  return `${paragraphs.map((paragraph) => wrapText(paragraph)).join('\n\n')}\n`;
}

// The mails about a subscription itself. Nothing in them was written by whoever filled in the sign-up form.
import { cleanText } from './clean-text.ts';
import type { MailContent, Sender } from './mail-content.ts';
import type { MailTemplates } from './mail-templates.ts';
import { preheaderFiller } from './subject.ts';
import { wrapText } from './wrap-text.ts';

export function renderConfirmation(
  templates: MailTemplates,
  { confirmUrl, sender }: { confirmUrl: string; sender: Sender },
): MailContent {
  const { siteName, postalAddress } = describeSender(sender);
  const subject = `Confirm your subscription to ${siteName}`;
  return {
    subject,
    html: templates.confirmation({
      subject,
      preheader: 'Was it you who asked for daily research papers? Then confirm it.',
      filler: preheaderFiller,
      siteName,
      postalAddress,
      confirmUrl,
    }),
    text: writeText([
      `This address was entered at ${siteName} to get a daily mail with new research papers: only those that match the topics and keywords chosen there. Was that you? Then open this page and press its button:`,
      confirmUrl,
      'It was not you? Then do nothing: without your confirmation no digest is ever sent here.',
      `${siteName}, ${postalAddress}`,
    ]),
  };
}

export function renderAlreadySubscribed(
  templates: MailTemplates,
  { preferencesUrl, sender }: { preferencesUrl: string; sender: Sender },
): MailContent {
  const { siteName, postalAddress } = describeSender(sender);
  const subject = `You already get ${siteName}`;
  return {
    subject,
    html: templates.alreadySubscribed({
      subject,
      preheader: 'Somebody signed up with this address. Nothing was changed.',
      filler: preheaderFiller,
      siteName,
      postalAddress,
      preferencesUrl,
    }),
    text: writeText([
      `Somebody, perhaps you, just signed up at ${siteName} with this address. It already gets its digest, so nothing was changed: topics, keywords and hour are as you left them.`,
      'To see or change them, no password needed:',
      preferencesUrl,
      'It was not you? Then there is nothing to do. Keep this mail to yourself: whoever has the link can change your digest.',
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

// From what a reader sees to a message that can be sent: sender, recipient and the headers that mailbox providers
// ask of lists (RFC 2369, 2919, 3834, 8058).
import type { Mailbox } from '../config.ts';
import type { OutgoingMail } from '../mailer.ts';
import type { MailContent } from '../mails/mail-content.ts';
import type { MailKind } from './delivery.ts';

export type Letterhead = {
  siteName: string;
  digestFrom: Mailbox;
  /** For what is not a digest: a filter on the one does not hide the other. */
  accountFrom: Mailbox;
};

export type AddressedMail = {
  /** Identifies the delivery: the Message-ID stays the same however often it is tried. */
  id: bigint;
  subscriberId: string;
  kind: MailKind;
  edition: string | null;
  to: string;
  content: MailContent;
  links: { home: string; archive: string; unsubscribe: string };
  date: Date;
};

export function addressMail(letterhead: Letterhead, mail: AddressedMail): OutgoingMail {
  const from = mail.kind === 'digest' ? letterhead.digestFrom : letterhead.accountFrom;
  const domain = from.address.split('@')[1] ?? 'localhost';
  return {
    from,
    to: mail.to,
    ...mail.content,
    messageId: `<${mail.kind.replace('_', '-')}.${mail.id}.${mail.subscriberId}@${domain}>`,
    date: mail.date,
    headers: {
      // RFC 3834: no out-of-office in return.
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      ...(mail.kind === 'digest' ? listHeaders(letterhead, mail, domain) : {}),
    },
  };
}

function listHeaders(
  { siteName, digestFrom }: Letterhead,
  mail: AddressedMail,
  domain: string,
): Record<string, string> {
  const { home, archive, unsubscribe } = mail.links;
  return {
    'List-Id': `${siteName.replace(/[^\p{L}\p{N} ]/gu, '')} <digest.${domain}>`,
    'List-Unsubscribe': `<${unsubscribe}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    'List-Help': `<${home}>`,
    'List-Archive': `<${archive}>`,
    'List-Owner': `<mailto:${digestFrom.address}>`,
    'List-Post': 'NO',
    Precedence: 'bulk',
    // Four parts, the sender last, nothing personal: what Gmail groups its complaint rates by.
    'Feedback-ID': `${mail.edition ?? ''}:digest:daily:${domain.replaceAll('.', '-')}`,
  };
}

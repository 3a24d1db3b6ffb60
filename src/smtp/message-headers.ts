// The headers of a mail: sender, recipient, and those that mailbox providers ask of lists (RFC 2369, 2919, 3834, 8058).
import { LRUCache } from 'lru-cache';
import { encodeWord, foldLines, quoteString } from 'nodemailer/lib/mime-funcs';
import type { Mailbox } from '../config/config.ts';
import type { MailKind } from '../ledger/delivery.ts';
import type { Header } from './dkim.ts';

export type Letterhead = {
  siteName: string;
  digestFrom: Mailbox;
  /** For what is not a digest: a filter on the one does not hide the other. */
  accountFrom: Mailbox;
};

export type Addressed = {
  /** Identifies the delivery: the Message-ID stays the same however often it is tried. */
  id: bigint;
  subscriberId: string;
  kind: MailKind;
  edition: string | null;
  to: string;
  subject: string;
  /** Its tag (BCP 47). */
  language: string;
  date: Date;
  links: { home: string; archive: string; unsubscribe: string };
};

/** In the order in which they are sent, values folded and in ASCII. */
export function writeHeaders(letterhead: Letterhead, mail: Addressed): Header[] {
  const printed = print(letterhead);
  const { from, domain } = mail.kind === 'digest' ? printed.digest : printed.account;
  return [
    ['From', from],
    ['To', mail.to],
    ['Subject', printed.subjects.memo(mail.subject)],
    ['Date', mail.date.toUTCString().replace('GMT', '+0000')],
    ['Message-ID', `<${mail.kind.replaceAll('_', '-')}.${mail.id}.${mail.subscriberId}@${domain}>`],
    ['MIME-Version', '1.0'],
    ['Content-Language', mail.language],
    // RFC 3834: no out-of-office in return.
    ['Auto-Submitted', 'auto-generated'],
    ['X-Auto-Response-Suppress', 'All'],
    ...(mail.kind === 'digest' ? writeListHeaders(printed, mail) : []),
  ];
}

export function chooseSender({ digestFrom, accountFrom }: Letterhead, kind: MailKind): Mailbox {
  return kind === 'digest' ? digestFrom : accountFrom;
}

/** What is the same on all mails with a letterhead, written once. */
type Printed = {
  digest: { from: string; domain: string };
  account: { from: string; domain: string };
  listId: string;
  listOwner: string;
  /** Many readers get the same. */
  subjects: LRUCache<string, string>;
};

const known = new WeakMap<Letterhead, Printed>();

function print(letterhead: Letterhead): Printed {
  const printed = known.get(letterhead) ?? printAnew(letterhead);
  known.set(letterhead, printed);
  return printed;
}

function printAnew({ siteName, digestFrom, accountFrom }: Letterhead): Printed {
  const digest = { from: writeMailbox(digestFrom), domain: domainOf(digestFrom) };
  const listName = writeWords('List-Id', siteName.replace(/[^\p{L}\p{N} ]/gu, ''));
  return {
    digest,
    account: { from: writeMailbox(accountFrom), domain: domainOf(accountFrom) },
    listId: `${listName} <digest.${digest.domain}>`,
    listOwner: `<mailto:${digestFrom.address}>`,
    subjects: new LRUCache({ max: 1_000, memoMethod: (subject: string) => writeWords('Subject', subject) }),
  };
}

function writeListHeaders({ listId, listOwner, digest }: Printed, mail: Addressed): Header[] {
  const { home, archive, unsubscribe } = mail.links;
  return [
    ['List-Id', listId],
    ['List-Unsubscribe', `<${unsubscribe}>`],
    ['List-Unsubscribe-Post', 'List-Unsubscribe=One-Click'],
    ['List-Help', `<${home}>`],
    ['List-Archive', `<${archive}>`],
    ['List-Owner', listOwner],
    ['List-Post', 'NO'],
    ['Precedence', 'bulk'],
    // Four parts, the sender last, nothing personal: what Gmail groups its complaint rates by.
    ['Feedback-ID', `${mail.edition ?? ''}:digest:daily:${digest.domain.replaceAll('.', '-')}`],
  ];
}

function writeMailbox({ name, address }: Mailbox): string {
  if (name === '') return address;
  const isAscii = /^[ -~]*$/.test(name);
  return `${isAscii ? quoteString(name) : writeWords('From', name)} <${address}>`;
}

/** Beyond ASCII only as encoded words (RFC 2047); a line end is never anything but a fold of ours. */
function writeWords(name: string, text: string): string {
  const plain = text.replace(/\p{Cc}+/gu, ' ').trim();
  const line = /^[ -~]*$/.test(plain) && !plain.includes('=?') ? plain : encodeWord(plain, 'Q', 52);
  return foldLines(`${name}: ${line}`, 76).slice(name.length + 2);
}

function domainOf({ address }: Mailbox): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

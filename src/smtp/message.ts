// A mail as it goes over the wire: headers, signature, body, in one buffer that is written once; and who sends it.

import { LRUCache } from 'lru-cache';
import { encodeWord, foldLines, quoteString } from 'nodemailer/lib/mime-funcs';
import type { Config, Mailbox } from '../config/config.ts';
import type { MailKind } from '../ledger/delivery.ts';
import type { BounceAddresses } from '../platform/bounce-address.ts';
import { createDkimSigner, type DkimSigner, type Header } from './dkim.ts';
import type { OutgoingMessage } from './mailer.ts';
import type { Blanks, MessageBody } from './message-body.ts';

/** Who sends the mails of this service, and how they are signed. */
export type SenderIdentity = {
  siteName: string;
  digestFrom: Mailbox;
  /** For what is not a digest: a filter on the one does not hide the other. */
  accountFrom: Mailbox;
  /** Null: mails leave unsigned. */
  signer: DkimSigner | null;
  /** Null: what comes back goes to the sender. */
  bounceAddresses: BounceAddresses | null;
};

export function openSenderIdentity(
  { siteName, mailFrom, mailFromTransactional, dkim }: Config,
  bounceAddresses: BounceAddresses | null,
): SenderIdentity {
  return {
    siteName,
    digestFrom: mailFrom,
    accountFrom: mailFromTransactional,
    signer: dkim.length === 0 ? null : createDkimSigner(dkim),
    bounceAddresses,
  };
}

/** Rejects when it cannot be signed. */
export async function composeMessage(
  identity: SenderIdentity,
  { addressed, body, blanks }: { addressed: Addressed; body: MessageBody; blanks: Blanks },
): Promise<OutgoingMessage> {
  const headers: Header[] = [...writeHeaders(identity, addressed), ['Content-Type', body.contentType]];
  const { signer, bounceAddresses } = identity;
  const unsigned = `${headers.map(toLine).join('')}\r\n`;
  const headroom = unsigned.length + (signer?.longestHeaders ?? 0);
  const filled = body.fill(blanks, headroom);
  const signatures = (await signer?.sign({ headers, body: filled.subarray(headroom) })) ?? [];
  const head = signatures.map(toLine).join('') + unsigned;
  filled.write(head, headroom - head.length, 'latin1');
  return {
    envelope: {
      from:
        bounceAddresses?.write({ deliveryId: addressed.id, signedAt: addressed.date }) ??
        chooseSender(identity, addressed.kind).address,
      to: addressed.to,
      id: String(addressed.id),
    },
    raw: filled.subarray(headroom - head.length),
  };
}

function toLine([name, value]: Header): string {
  return `${name}: ${value}\r\n`;
}

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
function writeHeaders(identity: SenderIdentity, mail: Addressed): Header[] {
  const shared = getSharedHeaders(identity);
  const { from, domain } = mail.kind === 'digest' ? shared.digest : shared.account;
  return [
    ['From', from],
    ['To', mail.to],
    ['Subject', shared.subjects.memo(mail.subject)],
    ['Date', mail.date.toUTCString().replace('GMT', '+0000')],
    ['Message-ID', `<${mail.kind.replaceAll('_', '-')}.${mail.id}.${mail.subscriberId}@${domain}>`],
    ['MIME-Version', '1.0'],
    ['Content-Language', mail.language],
    // RFC 3834: no out-of-office in return.
    ['Auto-Submitted', 'auto-generated'],
    ['X-Auto-Response-Suppress', 'All'],
    ...(mail.kind === 'digest' ? writeListHeaders(shared, mail) : []),
  ];
}

function chooseSender({ digestFrom, accountFrom }: SenderIdentity, kind: MailKind): Mailbox {
  return kind === 'digest' ? digestFrom : accountFrom;
}

/** What is the same on all mails of a sender, written once. */
type SharedHeaders = {
  digest: { from: string; domain: string };
  account: { from: string; domain: string };
  listId: string;
  listOwner: string;
  /** Many readers get the same. */
  subjects: LRUCache<string, string>;
};

const known = new WeakMap<SenderIdentity, SharedHeaders>();

function getSharedHeaders(identity: SenderIdentity): SharedHeaders {
  const shared = known.get(identity) ?? writeSharedHeaders(identity);
  known.set(identity, shared);
  return shared;
}

function writeSharedHeaders({ siteName, digestFrom, accountFrom }: SenderIdentity): SharedHeaders {
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

function writeListHeaders({ listId, listOwner, digest }: SharedHeaders, mail: Addressed): Header[] {
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

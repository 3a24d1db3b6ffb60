// The mails about a subscription itself, one line each: whose they are, how many, and where their one button leads. What
// each says is `accountMails.<kind>` in the catalogues.
import type { Links } from '../platform/links.ts';
import type { TokenSigner } from '../platform/tokens.ts';
import type { AddressChange } from './address-store.ts';
import { dateLinks, signUndo } from './mail-links.ts';
import type { Subscriber } from './subscriber.ts';

/** What a mail is about. */
export type AccountMailSubject = {
  subscriber: Subscriber;
  /** The reader's change of address that is open; null: none. */
  change: AddressChange | null;
  /** When the mail was promised: however often it is tried, it carries the same link. */
  createdAt: Date;
};

type AccountMail = {
  /** What its reader must be for it to leave. */
  neededStatus: Subscriber['status'];
  /** How many an address gets within a day: one more than is needed, in case it was lost. */
  perDay: number;
  /** Null: there is nobody (any more) to whom it could go. */
  recipient(about: Pick<AccountMailSubject, 'subscriber' | 'change'>): string | null;
  /** Throws when what it is about is no more. */
  link(keys: { links: Links; tokens: TokenSigner }, about: AccountMailSubject): string;
};

const toReader: AccountMail['recipient'] = ({ subscriber }) => subscriber.email;

const toPreferences: AccountMail['link'] = ({ links, tokens }, { subscriber, createdAt }) =>
  links.preferences(
    tokens.sign({
      purpose: 'preferences',
      subscriberId: subscriber.id,
      issuedAt: dateLinks({ createdAt }, subscriber),
    }),
  );

export const accountMails = {
  confirmation: {
    neededStatus: 'pending',
    perDay: 2,
    recipient: toReader,
    link: ({ links, tokens }, { subscriber, createdAt }) =>
      links.confirm(tokens.sign({ purpose: 'confirm', subscriberId: subscriber.id, issuedAt: createdAt })),
  },
  already_subscribed: { neededStatus: 'active', perDay: 1, recipient: toReader, link: toPreferences },
  preferences_link: { neededStatus: 'active', perDay: 2, recipient: toReader, link: toPreferences },
  goodbye: {
    neededStatus: 'unsubscribed',
    perDay: 2,
    recipient: ({ subscriber }) => (subscriber.confirmedAt === null ? null : subscriber.email),
    link: ({ links, tokens }, { subscriber }) =>
      links.undo(signUndo(tokens, subscriber) ?? fail('nothing to undo')),
  },
  address_change: {
    neededStatus: 'active',
    perDay: 3,
    recipient: ({ change }) => change?.newEmail ?? null,
    link: ({ links, tokens }, { change }) =>
      links.confirmAddress(tokens.sign({ purpose: 'confirm-address', ...identify(change) })),
  },
  address_notice: {
    neededStatus: 'active',
    perDay: 3,
    recipient: ({ subscriber, change }) => (change === null ? null : subscriber.email),
    link: ({ links, tokens }, { change }) =>
      links.keepAddress(tokens.sign({ purpose: 'keep-address', ...identify(change) })),
  },
} as const satisfies Record<string, AccountMail>;

export type AccountMailKind = keyof typeof accountMails;

/** A token names the change in the place of its reader. */
function identify(change: AddressChange | null): { subscriberId: string; issuedAt: Date } {
  const { id, requestedAt } = change ?? fail('no change of address');
  return { subscriberId: id, issuedAt: requestedAt };
}

function fail(what: string): never {
  throw new Error(`a mail about ${what}`);
}

// The mails about a subscription itself, one line each: whose they are, how many, and where their one button leads. What
// each says is `accountMails.<kind>` in the catalogues.

import type { TokenSigner } from '../../platform/keys/tokens.ts';
import type { Links } from '../../platform/links.ts';
import { isOpen, type SignUp, waitsWithoutRow } from '../sign-up/sign-up-store.ts';
import type { Subscriber } from '../subscriber.ts';
import type { AddressChange } from './address-store.ts';
import { dateLinks, signUndo } from './mail-links.ts';

/** What a mail is about. */
export type AccountMailSubject = {
  subscriber: Subscriber;
  /** The reader's change of address that is open; null: none. */
  change: AddressChange | null;
  /** The sign-up that it asks to confirm. Null for other mails, and for those from before sign-ups had rows of their own. */
  signUp: SignUp | null;
  /** When the mail was promised: however often it is tried, it carries the same link. */
  createdAt: Date;
};

/**
 * Who can bring a mail about: `anyone` who knows an address, its `reader` by a form that anyone can fill in too, a `holder` of
 * a link that was mailed to it; or none of them: a `warning` that something is being done to a subscription.
 */
type AskedBy = 'anyone' | 'reader' | 'holder' | 'warning';

type AccountMail = {
  /** What its reader must be for it to leave: one of these. */
  neededStatus: readonly Subscriber['status'][];
  /** How many a subscriber gets within a day: one more than is needed, in case it was lost. */
  perDay: number;
  /** Which of `mailboxBudgets` it is counted by. */
  askedBy: AskedBy;
  /** Null: there is nobody (any more) to whom it could go. */
  recipient(about: AccountMailSubject): string | null;
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
    // Who left stays so until they confirm that they want to come back.
    neededStatus: ['pending', 'unsubscribed'],
    perDay: 2,
    askedBy: 'anyone',
    recipient: ({ subscriber, signUp }) => {
      if (signUp === null) return waitsWithoutRow(subscriber) ? subscriber.email : null;
      return isOpen(signUp, subscriber) ? signUp.email : null;
    },
    link: ({ links, tokens }, { subscriber, signUp, createdAt }) => {
      const { id } = signUp ?? subscriber;
      return links.confirm(tokens.sign({ purpose: 'confirm', subscriberId: id, issuedAt: createdAt }));
    },
  },
  already_subscribed: {
    neededStatus: ['active'],
    perDay: 1,
    askedBy: 'anyone',
    recipient: toReader,
    link: toPreferences,
  },
  preferences_link: {
    neededStatus: ['active'],
    perDay: 2,
    askedBy: 'reader',
    recipient: toReader,
    link: toPreferences,
  },
  account_link: {
    neededStatus: ['active', 'unsubscribed'],
    perDay: 3,
    askedBy: 'holder',
    recipient: toReader,
    link: ({ links, tokens }, { subscriber, createdAt }) =>
      links.account(
        tokens.sign({
          purpose: 'account',
          subscriberId: subscriber.id,
          issuedAt: dateLinks({ createdAt }, subscriber),
        }),
      ),
  },
  goodbye: {
    neededStatus: ['unsubscribed'],
    perDay: 2,
    askedBy: 'holder',
    recipient: ({ subscriber }) => (subscriber.confirmedAt === null ? null : subscriber.email),
    link: ({ links, tokens }, { subscriber }) =>
      links.undo(signUndo(tokens, subscriber) ?? fail('nothing to undo')),
  },
  address_change: {
    neededStatus: ['active'],
    perDay: 3,
    askedBy: 'anyone',
    // One that was promised for an earlier wish was counted for another mailbox.
    recipient: ({ change, createdAt }) =>
      change === null || change.requestedAt > createdAt ? null : change.newEmail,
    link: ({ links, tokens }, { change }) =>
      links.confirmAddress(tokens.sign({ purpose: 'confirm-address', ...identify(change) })),
  },
  address_notice: {
    neededStatus: ['active'],
    perDay: 3,
    askedBy: 'warning',
    recipient: ({ subscriber, change }) => (change === null ? null : subscriber.email),
    link: ({ links, tokens }, { change }) =>
      links.keepAddress(tokens.sign({ purpose: 'keep-address', ...identify(change) })),
  },
} as const satisfies Record<string, AccountMail>;

/** So many of these together within so many seconds. */
export type MailboxBudget = { askedBy: readonly AskedBy[]; points: number; seconds: number };

const hour = 60 * 60;

/**
 * What one mailbox gets of all kinds, whoever asks and for whichever of its addresses. A form can be filled in by anybody
 * (2 an hour: one may be lost; 3 a day), and may not use up what brings a reader to their own preferences: 2 of the 5 a day
 * are left for that. A warning is never held back, or whoever fills a mailbox up could take its subscription over
 * unseen; a subscription brings 3 of those a day at most, and only with a link of its own.
 */
export const mailboxBudgets: readonly MailboxBudget[] = [
  { askedBy: ['anyone'], points: 2, seconds: hour },
  { askedBy: ['anyone'], points: 3, seconds: 24 * hour },
  { askedBy: ['anyone', 'reader', 'holder'], points: 5, seconds: 24 * hour },
];

export type AccountMailKind = keyof typeof accountMails;

/** A token names the change in the place of its reader. */
function identify(change: AddressChange | null): { subscriberId: string; issuedAt: Date } {
  const { id, requestedAt } = change ?? fail('no change of address');
  return { subscriberId: id, issuedAt: requestedAt };
}

function fail(what: string): never {
  throw new Error(`a mail about ${what}`);
}

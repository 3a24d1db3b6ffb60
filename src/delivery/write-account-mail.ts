// What a mail about a subscription itself says, to which address, and which link it carries.

import { renderAlreadySubscribed, renderConfirmation } from '../mails/account-mails.ts';
import type { MailContent, Sender } from '../mails/mail-content.ts';
import type { MailTemplates } from '../mails/mail-templates.ts';
import { renderReaderMail } from '../mails/reader-mails.ts';
import type { Links } from '../platform/links.ts';
import type { TokenPurpose, TokenSigner } from '../platform/tokens.ts';
import type { AccountMailKind } from '../subscribers/account-mail.ts';
import type { AddressChange } from '../subscribers/address-store.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import { signUndo } from '../subscribers/undo-unsubscribe.ts';
import { dateLinks } from './date-links.ts';

type Deps = { templates: MailTemplates; links: Links; tokens: TokenSigner; sender: Sender };

type Given = {
  delivery: { kind: AccountMailKind; createdAt: Date };
  subscriber: Subscriber;
  /** The reader's change of address that is open; null: none. */
  change: AddressChange | null;
};

/** However often it is tried, a mail says the same. Throws when what it is about is no more. */
export function writeAccountMail(deps: Deps, given: Given): MailContent {
  const { templates, sender } = deps;
  const { kind } = given.delivery;
  const { language } = given.subscriber.preferences;
  const url = linkFor(deps, given);
  switch (kind) {
    case 'confirmation':
      return renderConfirmation(templates, { confirmUrl: url, sender, language });
    case 'already_subscribed':
      return renderAlreadySubscribed(templates, { preferencesUrl: url, sender, language });
    default:
      return renderReaderMail(templates, { kind, url, sender, language });
  }
}

/** Null: there is nobody (any more) to whom this mail could go. */
export function findRecipient(
  kind: string,
  { subscriber, change }: Pick<Given, 'subscriber' | 'change'>,
): string | null {
  if (kind === 'address_change') return change?.newEmail ?? null;
  if (kind === 'address_notice' && change === null) return null;
  if (kind === 'goodbye' && subscriber.confirmedAt === null) return null;
  return subscriber.email;
}

function linkFor({ links, tokens }: Deps, { delivery, subscriber, change }: Given): string {
  const sign = (purpose: TokenPurpose, subscriberId: string, issuedAt: Date) =>
    tokens.sign({ purpose, subscriberId, issuedAt });
  switch (delivery.kind) {
    case 'confirmation':
      return links.confirm(sign('confirm', subscriber.id, delivery.createdAt));
    case 'already_subscribed':
    case 'preferences_link':
      return links.preferences(sign('preferences', subscriber.id, dateLinks(delivery, subscriber)));
    case 'goodbye':
      return links.undo(signUndo(tokens, subscriber) ?? fail('nothing to undo'));
    case 'address_change': {
      const { id, requestedAt } = change ?? fail('no change of address');
      return links.confirmAddress(sign('confirm-address', id, requestedAt));
    }
    case 'address_notice': {
      const { id, requestedAt } = change ?? fail('no change of address');
      return links.keepAddress(sign('keep-address', id, requestedAt));
    }
  }
}

function fail(what: string): never {
  throw new Error(`a mail about ${what}`);
}

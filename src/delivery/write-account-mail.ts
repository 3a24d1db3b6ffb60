// What a mail about a subscription itself says, to which address, and which link it carries.

import type { Language } from '../languages/languages.ts';
import type { MailKind } from '../ledger/delivery.ts';
import { renderAccountMail } from '../mails/account-mail.ts';
import type { MailContent, Sender } from '../mails/mail-content.ts';
import type { MailTemplates } from '../mails/mail-templates.ts';
import type { TokenSigner } from '../platform/keys/tokens.ts';
import type { Links } from '../platform/links.ts';
import {
  type AccountMailKind,
  type AccountMailSubject,
  accountMails,
} from '../subscribers/account/account-mails.ts';
import { signNoMail } from '../subscribers/account/mail-links.ts';

type Deps = { templates: MailTemplates; links: Links; tokens: TokenSigner; sender: Sender };

/** However often it is tried, a mail says the same. Throws when what it is about is no more. */
export function writeAccountMail(
  { templates, sender, ...keys }: Deps,
  { kind, to, ...about }: AccountMailSubject & { kind: AccountMailKind; to: string },
): MailContent {
  const url = accountMails[kind].link(keys, about);
  const noMail = keys.links.noMail(signNoMail(keys.tokens, { to, createdAt: about.createdAt }));
  return renderAccountMail(templates, { kind, url, noMail, sender, language: languageOf(about) });
}

/** Of who signed up anew, that of the page where they did. */
export function languageOf({
  subscriber,
  signUp,
}: Pick<AccountMailSubject, 'subscriber' | 'signUp'>): Language {
  return (signUp ?? subscriber).preferences.language;
}

/** Null: there is nobody (any more) to whom this mail could go. */
export function findRecipient(kind: MailKind, about: AccountMailSubject): string | null {
  return kind === 'digest' ? about.subscriber.email : accountMails[kind].recipient(about);
}

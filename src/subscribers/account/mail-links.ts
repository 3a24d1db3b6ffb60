// What the links of a mail are signed with.
import { formatUuid, type TokenSigner } from '../../platform/keys/tokens.ts';
import { hashMailbox } from '../mailbox.ts';
import type { Subscriber } from '../subscriber.ts';

/**
 * When the mail was promised, so that every attempt carries the same links. A reader who moved since then gets it at the
 * new address, where older links would not work.
 */
export function dateLinks(
  { createdAt }: { createdAt: Date },
  { linksSince }: Pick<Subscriber, 'linksSince'>,
): Date {
  return linksSince !== null && linksSince > createdAt ? linksSince : createdAt;
}

/**
 * The token for the page and the mail that say goodbye. It is about this one leaving: once its reader is back, or has
 * signed up anew, it does nothing. Null for who did not leave, and for who had never confirmed: only double opt-in
 * makes a reader of those.
 */
export function signUndo(
  tokens: TokenSigner,
  { id, unsubscribedAt, confirmedAt }: Pick<Subscriber, 'id' | 'unsubscribedAt' | 'confirmedAt'>,
): string | null {
  if (unsubscribedAt === null || confirmedAt === null) return null;
  return tokens.sign({ purpose: 'undo', subscriberId: id, issuedAt: unsubscribedAt });
}

/** For whoever has the mailbox that a mail goes to: it is never to get another one. */
export function signNoMail(tokens: TokenSigner, { to, createdAt }: { to: string; createdAt: Date }): string {
  return tokens.sign({ purpose: 'no-mail', subscriberId: formatUuid(hashMailbox(to)), issuedAt: createdAt });
}

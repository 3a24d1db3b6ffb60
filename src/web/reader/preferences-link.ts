// A fresh link to one's preferences, for the pages at the end of a journey.
import { dateLinks } from '../../subscribers/account/mail-links.ts';
import type { Subscriber } from '../../subscribers/subscriber.ts';
import type { PageDeps } from '../http/deps.ts';

export function linkToPreferences(
  { tokens, links, now }: Pick<PageDeps, 'tokens' | 'links' | 'now'>,
  subscriber: Pick<Subscriber, 'id' | 'linksSince'>,
): string {
  const issuedAt = dateLinks({ createdAt: now() }, subscriber);
  return links.preferences(tokens.sign({ purpose: 'preferences', subscriberId: subscriber.id, issuedAt }));
}

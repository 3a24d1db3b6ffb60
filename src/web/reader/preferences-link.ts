// A fresh link to one's preferences, for the pages at the end of a journey.
import type { Subscriber } from '../../subscribers/subscriber.ts';
import type { PageDeps } from '../http/deps.ts';

export function linkToPreferences(
  { tokens, links, now }: Pick<PageDeps, 'tokens' | 'links' | 'now'>,
  { id }: Pick<Subscriber, 'id'>,
): string {
  return links.preferences(tokens.sign({ purpose: 'preferences', subscriberId: id, issuedAt: now() }));
}

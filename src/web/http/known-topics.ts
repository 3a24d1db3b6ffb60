// Which topics a reader may ask for.
import { defaultPreferences, type Preferences } from '../../subscribers/preferences/preferences.ts';
import type { Topics } from '../../topics/store.ts';

/** Those on offer, and those that are mentioned already: a retired topic stays with whoever follows or excludes it. */
export function listKnownTopicIds(
  { offered }: Topics,
  { topics, excludedTopics }: Preferences = defaultPreferences,
): ReadonlySet<string> {
  return new Set([...offered.map(({ id }) => id), ...topics, ...excludedTopics]);
}

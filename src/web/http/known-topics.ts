// Which topics a reader may ask for.
import type { Db } from '../../platform/db.ts';
import type { Preferences } from '../../subscribers/preferences.ts';
import { defaultPreferences } from '../../subscribers/preferences.ts';
import { listTopics } from '../../topics/store.ts';

/** Those on offer, and those that are mentioned already: a retired topic stays with whoever follows or excludes it. */
export async function listKnownTopicIds(
  db: Db,
  { topics, excludedTopics }: Preferences = defaultPreferences,
): Promise<ReadonlySet<string>> {
  const offered = await listTopics(db);
  return new Set([...offered.map(({ id }) => id), ...topics, ...excludedTopics]);
}

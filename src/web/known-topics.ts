// Which topics a reader may ask for.
import type { Db } from '../db.ts';
import { listTopics } from '../matching/store.ts';

/** Those on offer, and those in `followed`: a retired topic stays with whoever follows it. */
export async function listKnownTopicIds(db: Db, followed: string[] = []): Promise<ReadonlySet<string>> {
  const topics = await listTopics(db);
  return new Set([...topics.map(({ id }) => id), ...followed]);
}

import type { Db } from '../platform/postgres/db.ts';
import type { ListedTopic } from '../topics/store.ts';
import type { Surroundings } from './run.ts';

/** Those that a reader may choose. Where nothing was started yet, the file's are taken in first. */
export async function openTopics({ config }: Surroundings, db: Db): Promise<ListedTopic[]> {
  const { listTopics } = await import('../topics/store.ts');
  const known = await listTopics(db);
  if (known.length > 0) return known;
  const { readTopics } = await import('../topics/topics-file.ts');
  await (await readTopics(config)).storeTopics(db);
  return listTopics(db);
}

// A worker that only fetches, in a process of its own, for tests that kill it: says when it is ready, begins when told.
import { createDb } from '../../src/platform/postgres/db.ts';
import { createTopicAssigner } from '../../src/topics/assign-topics.ts';
import { openLiveSources } from './live-sources.ts';
import { topicsYaml } from './world.ts';

export type IngestSettings = { databaseUrl: string; serverUrl: string; folder: string };
/** What it is told: when it is now. It tells when nothing is left to be fetched. */
export type Begin = { now: string };

const [given = ''] = process.argv.slice(2);
const { databaseUrl, serverUrl, folder }: IngestSettings = JSON.parse(given);
const db = createDb(databaseUrl, 5);
const topics = createTopicAssigner(topicsYaml, 'topics.yaml');

process.once('message', async ({ now }: Begin) => {
  const world = { db, topics, now: () => new Date(now) };
  const sources = openLiveSources(world, serverUrl, { env: { LISTINGS_FOLDER: folder } });
  for (const id of ['hf', 'folder', 'arxiv'] as const) await sources.wake(id);
  process.send?.('done');
});
process.once('disconnect', () => process.exit());
process.send?.('ready');

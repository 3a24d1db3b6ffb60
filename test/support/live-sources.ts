// The live sources of a test's world: configured as an operator would, asking a local server, in a hurry.
import { readConfig } from '../../src/config/config.ts';
import { createLogger } from '../../src/platform/logger.ts';
import { ingest } from '../../src/service/jobs.ts';
import { type FetchPolicy, openSources } from '../../src/service/open-sources.ts';
import { type Fetch, listFetches } from '../../src/sources/fetch-store.ts';
import type { Source } from '../../src/sources/source.ts';
import type { World } from './world.ts';

export const hurried: FetchPolicy = {
  limits: { timeoutMs: 400, maxBytes: 100_000 },
  attempts: { max: 2, firstWaitMs: 10, maxWaitMs: 1500 },
  pauses: { hf: 5, arxiv: 50 },
  reach: 'anywhere',
  patience: { quietMs: 200, lookMs: 50 },
};

export type LiveSources = {
  get(id: string): Source;
  /** What a worker does when it is woken. Returns the records that came of it, oldest first. */
  wake(id: string): Promise<Fetch[]>;
};

export function openLiveSources(
  world: Pick<World, 'db' | 'now' | 'topics'>,
  serverUrl: string,
  { env = {}, policy = hurried }: { env?: Record<string, string>; policy?: FetchPolicy } = {},
): LiveSources {
  const config = readConfig({
    SOURCES: 'hf,arxiv:cs.LG+cs.DC',
    HF_URL: serverUrl,
    ARXIV_FEED_URL: serverUrl,
    ARXIV_API_URL: serverUrl,
    BIORXIV_URL: serverUrl,
    OPENREVIEW_URL: serverUrl,
    ...env,
  });
  const { db, now, topics } = world;
  const sources = openSources({ config, db, now, policy }).map(({ source }) => source);
  const deps = { db, now, topics, random: () => 0.5, log: createLogger('silent') };
  const get = (id: string) => {
    const source = sources.find((candidate) => candidate.id === id);
    if (source === undefined) throw new Error(`no source ${id}`);
    return source;
  };
  return {
    get,
    async wake(id) {
      const before = (await listFetches(db, { source: id, limit: 1000 })).length;
      await ingest(deps, get(id), new AbortController().signal);
      const all = await listFetches(db, { source: id, limit: 1000 });
      return all.slice(0, all.length - before).reverse();
    },
  };
}

/** An entry of the daily papers API, about experts, so that it gets that topic. */
export function hfEntry(id: string, { day = '2026-03-03', upvotes = 1, title = `Experts ${id}` } = {}) {
  return {
    paper: {
      id,
      title: `Mixture of experts: ${title}`,
      summary: 'We train mixture of experts models.',
      authors: [{ name: 'Ada Lovelace', hidden: false }],
      publishedAt: '2026-03-01T00:00:00.000Z',
      submittedOnDailyAt: `${day}T00:00:00.000Z`,
      upvotes,
    },
    title,
    numComments: 2,
  };
}

// Libraries at Zotero, as readers give them for their own: asked at one host, in short.
import type { Config } from '../config/config.ts';
import { createZoteroReader, type ZoteroReader } from '../library/zotero-library.ts';
import type { Db } from '../platform/postgres/db.ts';
import { createHttpClient } from '../sources/http/client.ts';
import { createHostLock } from '../sources/http/host-lock.ts';
import { describeUs } from './open-sources.ts';

const zoteroApi = 'https://api.zotero.org';
/** A reader waits for it: for one page, and for all of them. */
const usualPatience = { pageMs: 6000, patienceMs: 10_000 };
/** Some hundred papers with their abstracts. */
const maxBytes = 4 * 1024 * 1024;

export function openZotero({
  config,
  db,
  now,
  patience = usualPatience,
}: {
  config: Pick<Config, 'zoteroUrl' | 'baseUrl' | 'mailFrom'>;
  db: Db;
  now: () => Date;
  patience?: { pageMs: number; patienceMs: number };
}): ZoteroReader {
  const { pageMs, patienceMs } = patience;
  const http = createHttpClient({
    userAgent: describeUs(config),
    // Another address is the operator's own choice.
    reach: config.zoteroUrl === null ? 'public' : 'anywhere',
    withHostLock: createHostLock({ db, host: 'zotero', pauseMs: 200 }),
    limits: { timeoutMs: pageMs, maxBytes },
    attempts: { max: 1, firstWaitMs: 0, maxWaitMs: 0 },
    now,
    random: Math.random,
  });
  return createZoteroReader({ http, baseUrl: config.zoteroUrl ?? zoteroApi, patienceMs });
}

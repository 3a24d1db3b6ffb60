// The pages and the API beside a post office, on its database and its clock: what a mail links to.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { createBudgets } from '../../src/platform/budgets.ts';
import { createKeyedHash } from '../../src/platform/keys/keyed-hash.ts';
import { createStamps } from '../../src/platform/keys/stamps.ts';
import { createApp } from '../../src/web/app.ts';
import { defaultRateLimits } from '../../src/web/http/limits/rate-limits.ts';
import type { PostOffice } from './post-office.ts';

export type Site = {
  /** Where it is served. The links in mails have another host, `writerDeps.sender.baseUrl`. */
  url: string;
  close(): void;
};

export async function openSite(post: PostOffice): Promise<Site> {
  const { matches, sender } = post.writerDeps;
  const stamps = createStamps('a secret for tests that is long enough');
  const app = createApp({
    hooks: null,
    ...post,
    // Whoever delivers or sweeps answers them.
    wakeRequests: () => {},
    // The post office's clock stands still: whoever opened a form has taken their time.
    stamps: { ...stamps, issue: (now) => stamps.issue(new Date(now.getTime() - 60_000)) },
    proofs: null,
    hashSource: createKeyedHash('a secret for tests that is long enough', 'sources'),
    matches,
    config: {
      baseUrl: sender.baseUrl,
      trustProxy: 0,
      disposableDomains: new Set(),
      hstsSubdomains: false,
      hookTargets: 'public',
      accountMailsPerHour: 10_000,
      accountMailsPerDomain: 10_000,
      siteName: sender.name,
      postalAddress: sender.postalAddress,
    },
    logger: pino({ level: 'silent' }),
    health: { live: () => [], ready: async () => [] },
    checkDatabase: async () => {},
    budgets: createBudgets(post.db),
    sources: [],
    settings: [],
    zotero: { recall: () => null, read: async () => ({ type: 'trouble', trouble: 'silent' }) },
    pagesKeptMs: 0,
    metrics: null,
    rateLimits: defaultRateLimits,
  });
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

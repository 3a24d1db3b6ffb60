// What the first visitors of a process would else wait for: code that was never run, statements that were never planned,
// connections that are not open. The pages are asked for once or twice before the port opens, of an app that logs and counts
// nothing; reading them changes nothing.
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '../platform/logger.ts';

/** A start waits no longer than that. */
const usualLongestMs = 3000;
/** The second time shows what the first could not: pages that are served from memory, and compressed. */
const rounds = 2;
/** Of each kind of page that the front page leads to. */
const kinds = [/\/paper\/[^/?]+$/, /\/topics\/[^/?]+$/, /\/papers\/[^/?]+$/];
const always = [
  '/search?q=learning',
  '/feeds/all.atom',
  '/api/v1/topics',
  '/preview/fragment?keywords=learning',
];

/** Never rejects: whatever fails here is seen when a visitor asks. */
export async function rehearse(app: RequestListener, log: Logger, longestMs = usualLongestMs): Promise<void> {
  const server = createServer(app).listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const signal = AbortSignal.timeout(longestMs);
    const read = async (path: string) =>
      (await fetch(`http://127.0.0.1:${port}${path}`, { signal, redirect: 'manual' })).text();
    for (let round = 0; round < rounds; round += 1) {
      const found = findLinks(await read('/'));
      for (const path of [...found, ...always]) await read(path);
    }
  } catch (error) {
    log.debug({ err: error }, 'the pages were not all rehearsed');
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

/** Without the path of BASE_URL, which a proxy takes away. */
function findLinks(html: string): string[] {
  const links = [...html.matchAll(/href="(\/[^"]*)"/g)].map(([, link = '']) => link);
  return kinds.flatMap(
    (kind) => links.map((link) => kind.exec(link)?.[0]).find((path) => path !== undefined) ?? [],
  );
}

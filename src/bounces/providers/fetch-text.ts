// Fetches small texts from a mail provider, each once: the address comes from whoever writes to us, so that nothing inside our
// own networks is ever reached, and not much is asked for by those who only try.
import { text } from 'node:stream/consumers';
import { LRUCache } from 'lru-cache';
import { hasInsideHost, loadFetch } from '../../sources/http/public-only.ts';

const timeoutMs = 5000;
const mostBytes = 64 * 1024;
const keptMs = 24 * 60 * 60 * 1000;
const mostPerMinute = 20;

/** Over HTTPS only; follows no redirect. Rejects when it does not come, or comes too late or too large. */
export function createFetchText(): (url: string) => Promise<string> {
  const kept = new LRUCache<string, Promise<string>>({ max: 50, ttl: keptMs });
  let asked: number[] = [];

  async function ask(url: string): Promise<string> {
    const now = performance.now();
    asked = asked.filter((at) => at > now - 60_000);
    if (asked.length >= mostPerMinute) throw new Error('too many texts are asked for');
    asked.push(now);
    if (new URL(url).protocol !== 'https:') throw new Error('is not https');
    if (hasInsideHost(url)) throw new Error('is a private address');
    const fetch = await loadFetch('public');
    const response = await fetch(url, {
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.status !== 200 || response.body === null) throw new Error(`answered ${response.status}`);
    return text(limit(response.body));
  }

  return (url) => {
    const found = kept.get(url) ?? ask(url);
    kept.set(url, found);
    // What failed may be asked for again.
    found.catch(() => kept.delete(url));
    return found;
  };
}

async function* limit(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new Error('is too large');
    yield chunk;
  }
}

// One visitor in a process of their own, so that what they cost is not taken for what they ask for. Run as a child process;
// asks for one address at a time.
import { get } from 'node:http';
import { buffer } from 'node:stream/consumers';

export type Visit = { status: number; ms: number };

process.on('message', (url: string) => {
  const startedAt = performance.now();
  get(url, { headers: { 'Accept-Encoding': 'gzip' } }, async (response) => {
    await buffer(response);
    process.send?.({ status: response.statusCode ?? 0, ms: performance.now() - startedAt } satisfies Visit);
  }).on('error', (error) => {
    throw error;
  });
});
process.on('disconnect', () => process.exit());

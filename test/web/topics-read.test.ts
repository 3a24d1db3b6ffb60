// Topics are the same for a whole request: it reads them once, however much of its page is about them.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startApp, type TestApp } from './start-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.stop());

const form = { topics: 'language', keywords: 'doubt' };

test.each([
  ['the front page with a preview', () => app.post('/preview', form)],
  ['a preview alone', () => app.request('/preview/fragment?topics=language')],
  ['a sign-up that is refused', () => app.post('/subscribe', { ...form, email: 'x' })],
  ['a topic with its papers', () => app.request('/topics/language')],
  ['preferences with votes', async () => app.request(await pathOfVoter())],
  ['preferences that are refused', async () => app.post(await pathOfVoter(), { ...form, hour: '99' })],
])('%s reads topics once', async (_, ask) => {
  await pathOfVoter();
  const reads = vi.spyOn(app.db.topic, 'findMany');
  try {
    await (await ask()).text();
    expect(reads).toHaveBeenCalledTimes(1);
  } finally {
    reads.mockRestore();
  }
});

let path: Promise<string> | undefined;
function pathOfVoter(): Promise<string> {
  path ??= (async () => {
    const reader = await app.addActive('voter@example.org');
    const token = app.signToken('preferences', reader);
    const { vote } = await app.sendDigest(reader);
    await app.post(`${vote}/papers/2`, { wish: 'more' });
    return `/preferences/${token}`;
  })();
  return path;
}

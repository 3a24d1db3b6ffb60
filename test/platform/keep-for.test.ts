// What many ask for: read once for all of them, whoever asked first.
import { expect, test, vi } from 'vitest';
import { keepFor } from '../../src/platform/keep-for.ts';
import { askWith, stopIfGone } from '../../src/platform/postgres/shared-pool.ts';

test('is read once by all who ask meanwhile, and once more when its time is over', async () => {
  const read = vi.fn(async () => 'words');
  const [kept, always] = [keepFor(60_000, read), keepFor(0, read)];
  expect(await Promise.all([kept(), kept()])).toEqual(['words', 'words']);
  expect(await kept()).toBe('words');
  expect(read).toHaveBeenCalledTimes(1);
  await always();
  await always();
  expect(read).toHaveBeenCalledTimes(3);
});

test('is read to its end although whoever asked first is gone: others wait for it', async () => {
  const leaving = new AbortController();
  const kept = keepFor(60_000, async () => {
    leaving.abort();
    stopIfGone();
    return 'words';
  });
  expect(await askWith({ gone: leaving.signal }, kept)).toBe('words');
});

test('what could not be read is asked for again', async () => {
  const read = vi.fn(async () => 'words').mockRejectedValueOnce(new Error('away'));
  const kept = keepFor(60_000, read);
  await expect(kept()).rejects.toThrow('away');
  expect(await kept()).toBe('words');
});

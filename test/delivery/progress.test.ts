import { describe, expect, test } from 'vitest';
import { drawProgress, measureProgress } from '../../src/delivery/progress.ts';

const counts = { accepted: 400, deferred: 20, rejected: 0, unknown: 0, nothing: 0, cancelled: 0 };

describe('progress', () => {
  test('tells rate and time left from what is done', () => {
    const progress = measureProgress(counts, { total: 1000, elapsedMs: 4200 });
    expect(progress).toEqual({ done: 420, total: 1000, perSecond: 100, secondsLeft: 5.8 });
    expect(drawProgress(counts, progress)).toBe(
      '[=============                 ] 420 of 1000 · 400 accepted, 20 deferred · 100/s · 6 s left',
    );
  });

  test('of a run that found more than was due at its start never passes the end', () => {
    const progress = measureProgress(counts, { total: 100, elapsedMs: 1000 });
    expect(progress).toMatchObject({ done: 420, total: 420, secondsLeft: 0 });
    expect(drawProgress(counts, progress)).toContain(`[${'='.repeat(30)}]`);
  });

  test('before anything is done promises nothing', () => {
    const none = { ...counts, accepted: 0, deferred: 0 };
    const progress = measureProgress(none, { total: 0, elapsedMs: 0 });
    expect(progress).toEqual({ done: 0, total: 0, perSecond: 0, secondsLeft: null });
    expect(drawProgress(none, progress)).toContain('0 of 0 · 0.0/s');
  });
});

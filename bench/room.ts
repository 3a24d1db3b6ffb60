// How much more two busy processes do on this machine than one: no second worker can gain more than that.
import type { Closer } from '../src/service/closer.ts';
import { startWorker } from './children.ts';
import { round } from './measure.ts';
import type { Setting } from './setting.ts';

/** 2 where both have a processor of their own, 1 where they share one. */
export async function measureRoom(setting: Setting, closer: Closer): Promise<number> {
  const workers = await Promise.all([
    startWorker('spin', setting, closer),
    startWorker('spin', setting, closer),
  ]);
  const alone = await workers[0].run('spin');
  const together = await Promise.all(workers.map((worker) => worker.run('spin')));
  await Promise.all(workers.map((worker) => worker.end()));
  return round(together.reduce((sum, { count }) => sum + count, 0) / alone.count, 2);
}

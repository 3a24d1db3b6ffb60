// Keeps the schedule alive: a queue that was emptied has forgotten it.
import type { JobQueue } from '../queue.ts';

const planEveryMs = 60_000;

/** Returns how to stop. */
export function keepPlanning(queue: JobQueue, onError: (error: Error) => void): () => void {
  const renew = () => queue.keepSchedule('plan', planEveryMs).catch(onError);
  renew();
  const timer = setInterval(renew, planEveryMs);
  return () => clearInterval(timer);
}

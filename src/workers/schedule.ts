// Keeps the schedule alive: a queue that was emptied has forgotten it.
import type { JobQueue } from '../queue.ts';

const planEveryMs = 60_000;

/** Returns how to stop. */
export function keepPlanning(
  queue: JobQueue,
  { onError, everyMs = planEveryMs }: { onError: (error: Error) => void; everyMs?: number },
): () => void {
  const renew = () => queue.keepSchedule('plan', everyMs).catch(onError);
  renew();
  const timer = setInterval(renew, everyMs);
  return () => clearInterval(timer);
}

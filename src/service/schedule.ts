// Keeps the schedules alive: a queue that was emptied has forgotten them.
import type { JobQueue, QueueName } from '../platform/queue.ts';
import type { SourceId } from '../sources/source.ts';

type Options = { onError: (error: Error) => void; everyMs?: number };

const planEveryMs = 60_000;

/** Returns how to stop. */
export function keepPlanning(queue: JobQueue, { onError, everyMs = planEveryMs }: Options): () => void {
  return keepWaking(queue, 'plan', { onError, everyMs });
}

/** How often it is looked whether anything is due; most of the time nothing is, and no request is made. */
const ingestEveryMs: Record<SourceId, number> = { hf: 60_000, arxiv: 60_000, folder: 15_000 };

/** Returns how to stop. */
export function keepIngesting(
  queue: JobQueue,
  source: SourceId,
  { onError, everyMs = ingestEveryMs[source] }: Options,
): () => void {
  return keepWaking(queue, `ingest-${source}`, { onError, everyMs });
}

function keepWaking(queue: JobQueue, name: QueueName, { onError, everyMs }: Required<Options>): () => void {
  const renew = () => queue.keepSchedule(name, everyMs).catch(onError);
  renew();
  const timer = setInterval(renew, everyMs);
  return () => clearInterval(timer);
}

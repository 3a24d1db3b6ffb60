// Keeps the schedules alive: a queue that was emptied has forgotten them.
import type { JobQueue, QueueName } from '../platform/queue.ts';
import { getSourceKind } from '../sources/registry.ts';

type Options = { onError: (error: Error) => void; everyMs?: number };

const planEveryMs = 60_000;

/** Returns how to stop. */
export function keepPlanning(queue: JobQueue, { onError, everyMs = planEveryMs }: Options): () => void {
  return keepWaking(queue, 'plan', { onError, everyMs });
}

/** For the sources of a kind. Returns how to stop. */
export function keepIngesting(
  queue: JobQueue,
  kind: string,
  { onError, everyMs = getSourceKind(kind).lookEveryMs }: Options,
): () => void {
  return keepWaking(queue, `ingest-${kind}`, { onError, everyMs });
}

function keepWaking(queue: JobQueue, name: QueueName, { onError, everyMs }: Required<Options>): () => void {
  const renew = () => queue.keepSchedule(name, everyMs).catch(onError);
  renew();
  const timer = setInterval(renew, everyMs);
  return () => clearInterval(timer);
}

// BullMQ, on Redis when there is one, else on the same PostgreSQL. The queue only wakes workers: what is to be done
// stands in the ledger, and a queue that loses everything costs a minute.
import { createPostgresBackend, createRedisBackend, Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';

export const queueNames = ['plan', 'deliver', 'ingest-hf', 'ingest-arxiv', 'ingest-folder'] as const;
export type QueueName = (typeof queueNames)[number];

export type JobQueue = {
  /** Resolves once the job is stored; rejects soon when the queue is away. */
  enqueue(name: QueueName): Promise<void>;
  /** From now on one job of this name every `everyMs`, in all processes together. Repeating it changes nothing. */
  keepSchedule(name: QueueName, everyMs: number): Promise<void>;
  /** One job at a time in this process. A job that throws is logged by `onError`, and comes again with the schedule. */
  startWorker(name: QueueName, handle: () => Promise<void>, onError: (error: Error) => void): void;
  /** Waits for running jobs, then lets go of all connections; not for a queue that is away. */
  close(): Promise<void>;
};

type Options = {
  redisUrl: string | null;
  databaseUrl: string;
  onError: (error: Error) => void;
  prefix?: string;
};

/** What the two backends, whose types differ, have in common for us. */
type QueueHandle = {
  add(name: string, data: object, options: object): Promise<unknown>;
  getJobScheduler(id: string): Promise<{ every?: number; next?: number } | undefined>;
  upsertJobScheduler(
    id: string,
    repeat: { every: number },
    template: { name: string; opts: object },
  ): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(): Promise<void>;
};
type WorkerHandle = {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'failed', listener: (job: unknown, error: Error) => void): unknown;
  close(): Promise<void>;
};

const keptJobs = { removeOnComplete: { count: 100 }, removeOnFail: { count: 100 } };
const enqueueTimeoutMs = 5000;
const closeTimeoutMs = 5000;

export function createQueue({ redisUrl, databaseUrl, onError, prefix = 'paperround' }: Options): JobQueue {
  const backend = redisUrl === null ? onPostgres(databaseUrl) : onRedis(redisUrl);
  const queues = new Map<QueueName, QueueHandle>();
  const workers: WorkerHandle[] = [];
  const running = new Set<Promise<void>>();

  const getQueue = (name: QueueName) => {
    const queue = queues.get(name) ?? backend.createQueue(name, prefix);
    if (!queues.has(name)) queue.on('error', onError);
    queues.set(name, queue);
    return queue;
  };

  return {
    async enqueue(name) {
      await within(enqueueTimeoutMs, getQueue(name).add(name, {}, keptJobs));
    },
    async keepSchedule(name, everyMs) {
      const scheduler = await within(enqueueTimeoutMs, getQueue(name).getJobScheduler(name));
      // What is overdue by a whole turn was lost: a schedule whose next job is gone never fires again by itself.
      if (scheduler?.every === everyMs && (scheduler.next ?? 0) + everyMs > Date.now()) return;
      await within(
        enqueueTimeoutMs,
        getQueue(name).upsertJobScheduler(name, { every: everyMs }, { name, opts: keptJobs }),
      );
    },
    startWorker(name, handle, onJobError) {
      const worker = backend.createWorker(name, prefix, async () => {
        const job = handle();
        running.add(job);
        await job.finally(() => running.delete(job));
      });
      worker.on('error', onError);
      worker.on('failed', (_, error) => onJobError(error));
      workers.push(worker);
    },
    async close() {
      const closing = closeAll(workers).then(() => closeAll([...queues.values()]));
      closing.catch(() => {});
      // Jobs end whatever became of the queue, but a worker that has lost its Redis would wait for it forever.
      await Promise.allSettled(running);
      await within(closeTimeoutMs, closing).catch(onError);
      await Promise.allSettled(running);
      backend.close();
    },
  };
}

async function closeAll(handles: { close(): Promise<void> }[]): Promise<void> {
  await Promise.all(handles.map((handle) => handle.close()));
}

function onPostgres(connectionString: string) {
  const options = (prefix: string) => ({ connection: { connectionString, migrate: true, max: 5 }, prefix });
  return {
    createQueue: (name: string, prefix: string): QueueHandle =>
      new Queue(name, options(prefix), createPostgresBackend),
    createWorker: (name: string, prefix: string, handle: () => Promise<void>): WorkerHandle =>
      new Worker(name, handle, options(prefix), createPostgresBackend),
    close: () => {},
  };
}

function onRedis(url: string) {
  // A producer is to fail soon, a worker waits until Redis is back.
  const producer = new Redis(url, { maxRetriesPerRequest: 1 });
  const consumer = new Redis(url, { maxRetriesPerRequest: null });
  return {
    createQueue: (name: string, prefix: string): QueueHandle =>
      new Queue(name, { connection: producer, prefix }, createRedisBackend),
    createWorker: (name: string, prefix: string, handle: () => Promise<void>): WorkerHandle =>
      new Worker(name, handle, { connection: consumer, prefix }, createRedisBackend),
    close: () => {
      producer.disconnect();
      consumer.disconnect();
    },
  };
}

async function within<Result>(ms: number, promise: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the queue did not answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

// BullMQ, on Redis when there is one, else on the same PostgreSQL. The queue only wakes workers: what is to be done
// stands in the ledger, and a queue that loses everything costs a minute.
import {
  assertSchemaCompatibility,
  createPostgresBackend,
  createRedisBackend,
  LATEST_SCHEMA_VERSION,
  Queue,
  runMigrations,
  SchemaMigrationRequiredError,
  Worker,
} from 'bullmq';
import type pg from 'pg';
import { ConfigError } from './errors.ts';
import { createPgClient, describeDatabase, WatchedClient } from './postgres/pg.ts';
import { connectToRedis } from './redis/redis.ts';
import { readRedisUrl } from './redis/redis-url.ts';

/** Papers are taken in by a queue for each kind of source. */
export type QueueName = 'plan' | 'deliver' | 'read-mailbox' | `ingest-${string}`;

export type JobQueue = {
  /** Resolves once the job is stored; rejects soon when the queue is away. */
  enqueue(name: QueueName): Promise<void>;
  /** From now on one job of this name every `everyMs`, in all processes together. Repeating it changes nothing. */
  keepSchedule(name: QueueName, everyMs: number): Promise<void>;
  /** One job at a time in this process. A job that throws is logged by `onError`, and comes again with the schedule. */
  startWorker(name: QueueName, handle: () => Promise<void>, onError: (error: Error) => void): void;
  /** Rejects soon when no job could be stored now. */
  check(): Promise<void>;
  /** Waits for running jobs, then lets go of all connections; not for a queue that is away. */
  close(): Promise<void>;
};

type Options = {
  redisUrl: string | null;
  /** That of `prepareQueueDatabase`; without meaning where there is Redis. */
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
  waitUntilReady(): Promise<unknown>;
  run(): Promise<void>;
  close(force?: boolean): Promise<void>;
};

const keptJobs = { removeOnComplete: { count: 100 }, removeOnFail: { count: 100 } };
const enqueueTimeoutMs = 5000;
const closeTimeoutMs = 5000;
/** A worker of BullMQ's asks for a job at most ten seconds long. */
const silenceMs = { producer: 5000, consumer: 20_000 };

/** What BullMQ calls its schema, and how its connections are told to look there. */
const queueSchema = 'bullmq';
const queueSearchPath = `-c search_path="${queueSchema}"`;

/**
 * Makes or updates what the queue needs in PostgreSQL. Throws ConfigError naming the remedy where there cannot be a queue:
 * its workers would ask for ever, and as fast as they can.
 */
export async function prepareQueueDatabase(databaseUrl: string): Promise<void> {
  const client = createPgClient(databaseUrl, { options: queueSearchPath });
  try {
    await client.connect();
    const { rows } = await client.query('SHOW search_path');
    if (!String(rows[0].search_path).includes(queueSchema)) throw new Error('it drops “search_path”');
    if (!(await isQueueUpToDate(client))) await runMigrations(client, queueSchema);
  } catch (error) {
    throw new ConfigError(describeQueueTrouble(error, databaseUrl), { cause: error });
  } finally {
    await client.end().catch(() => {});
  }
}

/**
 * What `prepareQueueDatabase` would find, without changing anything. Rejects where the queue's connections cannot be opened, as
 * behind a pooler that refuses their start-up parameters.
 */
export async function examineQueueDatabase(
  databaseUrl: string,
  { patienceMs }: { patienceMs: number },
): Promise<{ keepsSearchPath: boolean; isUpToDate: boolean; mayCreate: boolean }> {
  const client = createPgClient(databaseUrl, {
    options: queueSearchPath,
    connectionTimeoutMillis: patienceMs,
    query_timeout: patienceMs,
  });
  try {
    await client.connect();
    const { rows } = await client.query(
      `SELECT current_setting('search_path') AS path,
         has_database_privilege(current_database(), 'CREATE') OR to_regnamespace($1) IS NOT NULL AS "mayCreate"`,
      [queueSchema],
    );
    return {
      keepsSearchPath: String(rows[0].path).includes(queueSchema),
      mayCreate: rows[0].mayCreate,
      isUpToDate: await isQueueUpToDate(client),
    };
  } finally {
    await client.end().catch(() => {});
  }
}

/** Asked first: only who has to make something needs the right to. */
async function isQueueUpToDate(client: pg.Client): Promise<boolean> {
  try {
    return (await assertSchemaCompatibility(client, queueSchema)) >= LATEST_SCHEMA_VERSION;
  } catch (error) {
    if (error instanceof SchemaMigrationRequiredError) return false;
    throw error;
  }
}

function describeQueueTrouble(error: unknown, databaseUrl: string): string {
  const message = error instanceof Error ? error.message : String(error);
  const mayNotCreate = error instanceof Error && 'code' in error && error.code === '42501';
  const [name, role] = URL.canParse(databaseUrl)
    ? [new URL(databaseUrl).pathname.slice(1), new URL(databaseUrl).username]
    : ['<database>', '<role>'];
  const remedy = mayNotCreate
    ? `let its role make the schema “${queueSchema}” (GRANT CREATE ON DATABASE "${name}" TO "${role}"), or`
    : 'it needs a connection of its own to the server, without a pooler in transaction mode: set QUEUE_DATABASE_URL to one, or';
  return `The queue cannot be in the database ${describeDatabase(databaseUrl)} (${message}): ${remedy} set REDIS_URL`;
}

export function createQueue({ redisUrl, databaseUrl, onError, prefix = 'paperround' }: Options): JobQueue {
  const backend = redisUrl === null ? onPostgres(databaseUrl) : onRedis(redisUrl, onError);
  const queues = new Map<QueueName, QueueHandle>();
  const workers: { close(): Promise<void> }[] = [];
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
      const open = () => {
        const worker = backend.createWorker(name, prefix, async () => {
          const job = handle();
          running.add(job);
          await job.finally(() => running.delete(job));
        });
        worker.on('failed', (_, error) => onJobError(error));
        return worker;
      };
      workers.push(keepWorker(open, onError));
    },
    async check() {
      await within(enqueueTimeoutMs, backend.check(getQueue('deliver'), prefix));
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

const failingMs = 1000;
const failuresAtMost = 20;
const reopenAfterMs = 5000;

/**
 * BullMQ's worker asks again at once when it fails for anything but a refused connection, and one that was not ready when it
 * was made never gets ready: both would take a whole processor. Such a worker is given up, and after a pause a new one made.
 */
function keepWorker(open: () => WorkerHandle, onError: (error: Error) => void): { close(): Promise<void> } {
  let current: WorkerHandle;
  let timer: NodeJS.Timeout | undefined;
  let isClosing = false;

  const start = () => {
    const worker = open();
    current = worker;
    let failures: number[] = [];
    const giveUp = () => {
      if (isClosing || current !== worker || timer !== undefined) return;
      worker.close(true).catch(onError);
      timer = setTimeout(() => {
        timer = undefined;
        if (!isClosing) start();
      }, reopenAfterMs);
    };
    worker.on('error', (error) => {
      onError(error);
      const now = Date.now();
      failures = [...failures.filter((at) => at > now - failingMs), now];
      if (failures.length >= failuresAtMost) giveUp();
    });
    worker
      .waitUntilReady()
      .then(() => worker.run())
      .catch((error: Error) => {
        if (isClosing) return;
        onError(error);
        giveUp();
      });
  };
  start();

  return {
    async close() {
      isClosing = true;
      clearTimeout(timer);
      await current.close();
    },
  };
}

async function closeAll(handles: { close(): Promise<void> }[]): Promise<void> {
  await Promise.all(handles.map((handle) => handle.close()));
}

function onPostgres(connectionString: string) {
  const options = (prefix: string) => ({
    connection: { connectionString, max: 5, Client: WatchedClient },
    prefix,
    autorun: false,
  });
  return {
    createQueue: (name: string, prefix: string): QueueHandle =>
      new Queue(name, options(prefix), createPostgresBackend),
    createWorker: (name: string, prefix: string, handle: () => Promise<void>): WorkerHandle =>
      new Worker(name, handle, options(prefix), createPostgresBackend),
    check: async (queue: QueueHandle) => {
      await queue.getJobScheduler('deliver');
    },
    close: () => {},
  };
}

function onRedis(url: string, onError: (error: Error) => void) {
  const place = readRedisUrl(url);
  if (typeof place === 'string') throw new ConfigError(`REDIS_URL ${place}`);
  // A producer is to fail soon, a worker waits until Redis is back.
  const producer = connectToRedis(place, { maxRetriesPerRequest: 1, silenceMs: silenceMs.producer });
  const consumer = connectToRedis(place, { maxRetriesPerRequest: null, silenceMs: silenceMs.consumer });
  for (const connection of [producer, consumer]) connection.on('error', onError);
  // Of a cluster, one server is to hold all the keys of a queue: those with the same word in braces.
  const keep = (prefix: string) => (place.type === 'cluster' ? `{${prefix}}` : prefix);
  return {
    createQueue: (name: string, prefix: string): QueueHandle =>
      new Queue(name, { connection: producer, prefix: keep(prefix) }, createRedisBackend),
    createWorker: (name: string, prefix: string, handle: () => Promise<void>): WorkerHandle =>
      new Worker(
        name,
        handle,
        { connection: consumer, prefix: keep(prefix), autorun: false },
        createRedisBackend,
      ),
    /** A replica answers a PING, and takes no job. */
    check: async (_queue: QueueHandle, prefix: string) => {
      await producer.set(`${keep(prefix)}:check`, '', 'EX', 60);
    },
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

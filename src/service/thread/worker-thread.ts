// The thread: loads what a worker needs, begins when it is told, and ends when it is told, with what is under way finished.
import { parentPort } from 'node:worker_threads';
import { giveWay } from '../../platform/give-way.ts';
import { createHealth, type Health } from '../../platform/health.ts';
import { createLogger } from '../../platform/logger.ts';
import { countConnections, createDb } from '../../platform/postgres/db.ts';
import { readTopicsLater } from '../../topics/topics-file.ts';
import { createCloser } from '../closer.ts';
import { startWorker } from '../start-worker.ts';
import type { FromWorker, ToWorker, WorkerTask } from './life.ts';

const aliveEveryMs = 1000;

// Visitors wait for their pages; a mail may leave a moment later.
giveWay();

const closer = createCloser();
const tell = (message: FromWorker) => parentPort?.postMessage(message);
let health: Health = { live: () => [], ready: async () => ['worker'] };
let wakeDelivery: () => Promise<void> = async () => {};

async function begin({ config, databaseUrl, isMeasured }: WorkerTask): Promise<void> {
  const log = createLogger(config.logLevel);
  const db = createDb(databaseUrl);
  closer.add(() => db.$disconnect());
  const worker = await startWorker(
    {
      config,
      db,
      databaseUrl,
      topics: await readTopicsLater(config),
      onSent: isMeasured ? (mail) => tell({ type: 'sent', mail }) : null,
      log,
    },
    closer,
  );
  wakeDelivery = worker.wakeDelivery;
  health = createHealth({ ...worker, log });
  setInterval(
    () => tell({ type: 'alive', stalled: health.live(), pool: countConnections(db) }),
    aliveEveryMs,
  ).unref();
  tell({ type: 'began', inboxUrl: worker.inboxUrl });
}

parentPort?.on('message', async (message: ToWorker) => {
  switch (message.type) {
    case 'begin':
      return begin(message.task);
    case 'wake':
      return wakeDelivery();
    case 'ask':
      return tell({ type: 'ready', stalled: await health.ready() });
    case 'stop':
      await closer.close();
      // A queue that is away still tries to reach its server, and would keep the thread.
      process.exit();
  }
});

// The textbook pipeline, from what its parts' own manuals show: one BullMQ job per mail, in which the subscriber is
// read, MJML rendered, and the message composed and signed by nodemailer's pool. To its advantage, papers are chosen by
// our matcher, nothing is written back, and Redis holds the queue where there is one.
import { readFile } from 'node:fs/promises';
import { createPostgresBackend, createRedisBackend, Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import mjml2html from 'mjml';
import { createTransport } from 'nodemailer';
import { questionOf, readInterests } from '../src/digests/interests.ts';
import { createMatchFinder } from '../src/digests/match-finder.ts';
import { selectDigest } from '../src/digests/select.ts';
import { createDb, type Db } from '../src/platform/postgres/db.ts';
import { findSubscriber } from '../src/subscribers/store.ts';
import type { Phase } from './phase.ts';
import { baseUrl, dkimDomain, dkimSelector, type Setting, siteName } from './setting.ts';
import { writeTextbookMail } from './textbook-mail.ts';

const jobsPerCall = 1000;

export const textbook: Phase = async (setting, closer) => {
  const db = createDb(setting.databaseUrl);
  closer.add(() => db.$disconnect());
  const transport = createTransport({
    url: setting.smtpUrl,
    pool: true,
    maxConnections: setting.connections,
    maxMessages: Number.POSITIVE_INFINITY,
    ...(setting.dkimKeyFile === null
      ? {}
      : {
          dkim: {
            domainName: dkimDomain,
            keySelector: dkimSelector,
            privateKey: await readFile(setting.dkimKeyFile, 'utf8'),
          },
        }),
  });
  closer.add(() => transport.close());
  const compose = await createComposer(db);
  const sendTo = async (subscriberId: string) => {
    await transport.sendMail(await compose(subscriberId));
  };

  const { queue, startWorker, close } = openQueue(setting);
  closer.add(close);
  await queue.count();

  return {
    async send() {
      const ids = await listSubscriberIds(db, setting.mails);
      const finished = countJobs(ids.length, (onEnd) => startWorker(sendTo, 2 * setting.connections, onEnd));
      for (let start = 0; start < ids.length; start += jobsPerCall) {
        const chunk = ids.slice(start, start + jobsPerCall);
        await queue.addBulk(chunk.map((id) => ({ name: 'mail', data: { subscriberId: id } })));
      }
      return finished;
    },
  };
};

async function createComposer(db: Db) {
  const { through } = await findWindow(db);
  const topicNames = new Map((await db.topic.findMany()).map(({ id, name }) => [id, name]));
  const matches = createMatchFinder({ db });

  return async (subscriberId: string) => {
    const subscriber = await findSubscriber(db, subscriberId);
    if (subscriber === null) throw new Error(`There is no subscriber ${subscriberId}`);
    const { preferences, votes } = subscriber;
    const interests = readInterests(preferences, { topicNames, votes });
    const digest = selectDigest({
      edition: new Date().toISOString().slice(0, 10),
      papers: await matches.findMatches({
        after: subscriber.servedThrough,
        through,
        listedFrom: '2025-01-01',
        ...questionOf(interests),
      }),
      interests,
      maxPapers: preferences.maxPapers,
    });
    const unsubscribeUrl = `${baseUrl}/unsubscribe/${subscriberId}`;
    const { subject, mjml, text } = writeTextbookMail(digest, unsubscribeUrl);
    const { html } = await mjml2html(mjml, { validationLevel: 'skip' });
    return {
      from: `${siteName} <digest@${dkimDomain}>`,
      to: subscriber.email,
      subject,
      html,
      text,
      list: { unsubscribe: unsubscribeUrl },
    };
  };
}

async function findWindow(db: Db): Promise<{ through: number }> {
  const newest = await db.paper.aggregate({ _max: { seq: true } });
  return { through: newest._max.seq ?? 0 };
}

async function listSubscriberIds(db: Db, count: number): Promise<string[]> {
  const rows = await db.subscriber.findMany({ select: { id: true }, orderBy: { id: 'asc' }, take: count });
  return rows.map(({ id }) => id);
}

type OnEnd = (error: Error | null) => void;

/** Resolves to their number once that many jobs have ended well; rejects at the first that did not. */
function countJobs(count: number, start: (onEnd: OnEnd) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    let ended = 0;
    start((error) => {
      if (error !== null) reject(error);
      ended += 1;
      if (ended === count) resolve(ended);
    });
  });
}

type Job = { name: string; data: { subscriberId: string } };

type QueueHandle = { addBulk(jobs: Job[]): Promise<unknown>; count(): Promise<number> };

function openQueue({ redisUrl, databaseUrl }: Setting) {
  const closing: (() => Promise<unknown> | unknown)[] = [];
  const handle = (send: (id: string) => Promise<void>) => (job: { data: Job['data'] }) =>
    send(job.data.subscriberId);
  const listen = (
    worker: {
      on(event: 'completed', listener: () => void): unknown;
      on(event: 'failed', listener: (job: unknown, error: Error) => void): unknown;
      close(): Promise<void>;
    },
    onEnd: OnEnd,
  ) => {
    worker.on('completed', () => onEnd(null));
    worker.on('failed', (_, error) => onEnd(error));
    closing.unshift(() => worker.close());
  };
  const close = async () => {
    for (const step of closing) await step();
  };
  const name = 'mails';

  if (redisUrl === null) {
    const connection = { connectionString: databaseUrl, migrate: true, max: 10 };
    const queue = new Queue(name, { connection }, createPostgresBackend);
    closing.push(() => queue.close());
    return {
      queue: queue as QueueHandle,
      startWorker: (send: (id: string) => Promise<void>, concurrency: number, onEnd: OnEnd) =>
        listen(new Worker(name, handle(send), { connection, concurrency }, createPostgresBackend), onEnd),
      close,
    };
  }
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
  const queue = new Queue(name, { connection }, createRedisBackend);
  closing.push(
    () => queue.obliterate({ force: true }),
    () => queue.close(),
    () => connection.disconnect(),
  );
  return {
    queue: queue as QueueHandle,
    startWorker: (send: (id: string) => Promise<void>, concurrency: number, onEnd: OnEnd) =>
      listen(new Worker(name, handle(send), { connection, concurrency }, createRedisBackend), onEnd),
    close,
  };
}

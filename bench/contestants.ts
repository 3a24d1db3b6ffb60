// Who sends against whom. Each starts fresh processes on a fresh copy of the database, sends, and is held to account:
// the sink must have got every mail once, and our ledger must say so.
import type { Closer } from '../src/service/closer.ts';
import { startWorker, takeSteps } from './children.ts';
import { checkLedger, checkSink } from './ledger.ts';
import { joinMeasurements, type Measurement, type Rate, toRate } from './measure.ts';
import type { Servers } from './servers.ts';
import type { Setting } from './setting.ts';

export type Contestant = {
  label: string;
  /** Sends `setting.mails` mails, and returns what its processes used. */
  send(setting: Setting, closer: Closer): Promise<Measurement>;
};

export const contestants = {
  textbook: {
    label: 'textbook: job, render, signature per mail',
    send: async (setting, closer) =>
      joinMeasurements(await takeSteps('textbook', { setting, steps: ['send'] }, closer)),
  },
  bare: {
    label: 'bare transport: nodemailer’s pool, ready-made messages',
    send: async (setting, closer) =>
      joinMeasurements(await takeSteps('bare', { setting, steps: ['send'] }, closer)),
  },
  bareMailer: {
    label: 'our mailer, ready-made messages',
    send: async (setting, closer) =>
      joinMeasurements(await takeSteps('bareMailer', { setting, steps: ['send'] }, closer)),
  },
  ours: {
    label: 'ours, from planning to the last ledger write',
    async send(setting, closer) {
      const results = await takeSteps('ours', { setting, steps: ['plan', 'deliver'] }, closer);
      await checkLedger(setting);
      return joinMeasurements(results);
    },
  },
  oursTwoWorkers: {
    label: 'ours, two worker processes',
    async send(setting, closer) {
      const workers = await Promise.all([
        startWorker('ours', setting, closer),
        startWorker('ours', setting, closer),
      ]);
      const planned = await workers[0].run('plan');
      const delivered = await Promise.all(workers.map((worker) => worker.run('deliver')));
      await Promise.all(workers.map((worker) => worker.end()));
      await checkLedger(setting);
      return joinMeasurements([planned, ...delivered]);
    },
  },
} satisfies Record<string, Contestant>;

export type Run = { rate: Rate; bytesPerMail: number; sinkCpuMsPerMail: number };

export type Conditions = {
  /** To the first of the subscribers. */
  mails: number;
  /** How long the sink takes for each answer. */
  delayMs?: number;
  /** Else signed. */
  isUnsigned?: boolean;
  /** Else as many as the benchmark is told. */
  connections?: number;
};

/** Throws when a mail is missing, or came twice. */
export async function measure(
  { send }: Contestant,
  { mails, delayMs = 0, isUnsigned = false, ...more }: Conditions,
  { servers, closer }: { servers: Servers; closer: Closer },
): Promise<Run> {
  const copy = await servers.copyDatabase({ subscribers: mails });
  const setting = { ...copy, mails, ...more, ...(isUnsigned ? { dkimKeyFile: null } : {}) };
  await servers.sink.takeCounts({ delayMs });
  const measured = await send(setting, closer);
  const counts = await servers.sink.takeCounts({ delayMs: 0 });
  checkSink(counts, mails);
  await servers.dropDatabase(setting);
  return {
    rate: toRate(mails, measured),
    bytesPerMail: counts.bytes / mails,
    sinkCpuMsPerMail: counts.cpuMs / mails,
  };
}

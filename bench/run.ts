// How fast mail leaves: the textbook pipeline, the bare transport, and ours with one and with two workers, side by side
// on one machine, to one sink: npm run bench. The last line is JSON. Sizes: BENCH_MAILS, BENCH_ROUNDS, BENCH_CONNECTIONS.
import type { Closer } from '../src/service/closer.ts';
import { takeSteps } from './children.ts';
import { contestants, measure, type Run } from './contestants.ts';
import { type Rate, round, takeMedian, takeMiddle } from './measure.ts';
import { measureRoom } from './room.ts';
import { runBenchmark } from './run-benchmark.ts';
import { openServers, type Servers } from './servers.ts';
import { readSizes } from './sizes.ts';
import { measureSmtpSource } from './smtp-source.ts';
import { printTable } from './table.ts';

const sizes = readSizes({ BENCH_MAILS: 10_000, BENCH_ROUNDS: 3, BENCH_CONNECTIONS: 5 });
const mails = sizes.BENCH_MAILS;
const connections = sizes.BENCH_CONNECTIONS;
/** The textbook takes so long per mail that a tenth of them tells as much. */
const textbookMails = Math.ceil(mails / 10);
/** To a server that is far away, time goes by with waiting: fewer mails tell as much. */
const farMails = Math.ceil(mails / 5);
const delayMs = 20;

type Runs = Record<keyof typeof contestants | 'far' | 'farTwoWorkers', Run[]>;

const labels: Record<keyof Runs, string> = {
  textbook: contestants.textbook.label,
  bare: contestants.bare.label,
  bareMailer: contestants.bareMailer.label,
  ours: contestants.ours.label,
  oursTwoWorkers: contestants.oursTwoWorkers.label,
  far: `ours, to a server that takes ${delayMs} ms for each answer`,
  farTwoWorkers: 'the same, two worker processes',
};

await runBenchmark(async (closer) => {
  const servers = await openServers({ mails, connections }, closer);
  await prepare(servers, closer);

  const runs: Runs = {
    textbook: [],
    bare: [],
    bareMailer: [],
    ours: [],
    oursTwoWorkers: [],
    far: [],
    farTwoWorkers: [],
  };
  const rooms: number[] = [];
  for (let number = 1; number <= sizes.BENCH_ROUNDS; number += 1) {
    // In turn, so that what disturbs the machine for a while disturbs all of them.
    const input = { mails, servers, closer };
    rooms.push(await measureRoom(servers.setting, closer));
    runs.textbook.push(await measure(contestants.textbook, { ...input, mails: textbookMails }));
    runs.bare.push(await measure(contestants.bare, input));
    runs.bareMailer.push(await measure(contestants.bareMailer, input));
    runs.ours.push(await measure(contestants.ours, input));
    runs.oursTwoWorkers.push(await measure(contestants.oursTwoWorkers, input));
    const far = { ...input, mails: farMails, delayMs };
    runs.far.push(await measure(contestants.ours, far));
    runs.farTwoWorkers.push(await measure(contestants.oursTwoWorkers, far));
  }
  await report(runs, { servers, room: takeMiddle(rooms) });
});

async function prepare({ setting, copyDatabase, dropDatabase }: Servers, closer: Closer): Promise<void> {
  const steps = ['listPapers', 'addSubscribers', 'addInterests'];
  const [papers] = await takeSteps('populate', { setting, steps }, closer);
  const copy = await copyDatabase({ subscribers: mails });
  const [samples] = await takeSteps('samples', { setting: copy, steps: ['write'] }, closer);
  await dropDatabase(copy);
  const queue = setting.redisUrl === null ? 'PostgreSQL (no redis-server on the PATH)' : 'Redis';
  console.log(
    `${papers?.count} papers, ${mails} subscribers, ${samples?.count} ready-made messages; ${connections} connections ` +
      `per process; DKIM RSA-2048; the textbook's queue is on ${queue}; ` +
      `${sizes.BENCH_ROUNDS} rounds, of which the median\n`,
  );
}

async function report(
  runs: Runs,
  { servers: { sink }, room }: { servers: Servers; room: number },
): Promise<void> {
  const rateOf = (name: keyof Runs) => takeMedian(runs[name].map(({ rate }) => rate));
  const [textbook, bare, bareMailer] = [rateOf('textbook'), rateOf('bare'), rateOf('bareMailer')];
  const [ours, oursTwoWorkers] = [rateOf('ours'), rateOf('oursTwoWorkers')];
  const [far, farTwoWorkers] = [rateOf('far'), rateOf('farTwoWorkers')];
  const ratios = {
    toTextbook: round(ours.perSecond / textbook.perSecond, 2),
    toBare: round(ours.perSecond / bare.perSecond, 3),
    twoWorkersToOne: round(oursTwoWorkers.perSecond / ours.perSecond, 2),
    farTwoWorkersToOne: round(farTwoWorkers.perSecond / far.perSecond, 2),
    twoProcessesToOne: room,
  };
  const line = (name: keyof Runs, count: number, { perSecond, ...used }: Rate) => [
    labels[name],
    String(count),
    perSecond.toFixed(0),
    used.cpuMsPerMail.toFixed(2),
    used.peakRssMb.toFixed(0),
    ((runs[name][0]?.bytesPerMail ?? 0) / 1024).toFixed(1),
    (perSecond / textbook.perSecond).toFixed(1),
    (perSecond / bare.perSecond).toFixed(2),
  ];
  printTable([
    ['', 'mails', 'mails/s', 'CPU ms/mail', 'peak RSS MB', 'KB/mail', 'x textbook', 'x bare'],
    line('textbook', textbookMails, textbook),
    line('bare', mails, bare),
    line('bareMailer', mails, bareMailer),
    line('ours', mails, ours),
    line('oursTwoWorkers', mails, oursTwoWorkers),
    line('far', farMails, far),
    line('farTwoWorkers', farMails, farTwoWorkers),
  ]);

  const sinkCpuMs = Math.min(
    ...Object.values(runs).flatMap((all) => all.map(({ sinkCpuMsPerMail }) => sinkCpuMsPerMail)),
  );
  console.log(
    `\nThe sink used ${sinkCpuMs.toFixed(3)} ms of CPU per mail: it can take ${(1000 / sinkCpuMs).toFixed(0)}/s`,
  );
  const bytesPerMail = Math.round(runs.ours[0]?.bytesPerMail ?? 0);
  const limit = await measureSmtpSource({ port: sink.port, mails, bytesPerMail, connections });
  console.log(
    limit === null
      ? 'smtp-source (Postfix) is not on the PATH: its rate to this sink was not measured'
      : `smtp-source (Postfix) sends ${limit.toFixed(0)}/s to this sink: the limit`,
  );
  console.log(
    `Two workers send ${ratios.twoWorkersToOne} times as much as one, and ${ratios.farTwoWorkersToOne} times as much where ` +
      `the server takes ${delayMs} ms for each answer; two processes that only compute do ${room} times as much as one on ` +
      'this machine\n',
  );
  const all = { textbook, bare, bareMailer, ours, oursTwoWorkers, far, farTwoWorkers };
  console.log(JSON.stringify({ mails, ...all, ratios }));
}

// How fast mail leaves: the textbook pipeline, the bare transport, and ours, signed and unsigned, over more connections, with
// two workers, side by side on one machine, to one sink: npm run bench. The last line is JSON. Sizes: BENCH_MAILS, BENCH_ROUNDS, BENCH_CONNECTIONS.
import type { Closer } from '../src/service/closer.ts';
import { takeSteps } from './children.ts';
import { type Conditions, type Contestant, contestants, measure, type Run } from './contestants.ts';
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
const manyConnections = 20;

type Row = { contestant: Contestant; conditions: Conditions; label?: string };

/** In the order of the table. */
const rows = {
  textbook: { contestant: contestants.textbook, conditions: { mails: textbookMails } },
  bare: { contestant: contestants.bare, conditions: { mails } },
  bareMailer: { contestant: contestants.bareMailer, conditions: { mails } },
  ours: { contestant: contestants.ours, conditions: { mails } },
  unsigned: {
    contestant: contestants.ours,
    conditions: { mails, isUnsigned: true },
    label: 'the same, unsigned',
  },
  manyConnections: {
    contestant: contestants.ours,
    conditions: { mails, connections: manyConnections },
    label: `the same, signed, over ${manyConnections} connections`,
  },
  oursTwoWorkers: { contestant: contestants.oursTwoWorkers, conditions: { mails } },
  far: {
    contestant: contestants.ours,
    conditions: { mails: farMails, delayMs },
    label: `ours, to a server that takes ${delayMs} ms for each answer`,
  },
  farTwoWorkers: {
    contestant: contestants.oursTwoWorkers,
    conditions: { mails: farMails, delayMs },
    label: 'the same, two worker processes',
  },
} satisfies Record<string, Row>;

type RowName = keyof typeof rows;
const rowNames = Object.keys(rows) as RowName[];
type Runs = Record<RowName, Run[]>;

await runBenchmark(async (closer) => {
  const servers = await openServers({ mails, connections }, closer);
  await prepare(servers, closer);

  const runs = Object.fromEntries(rowNames.map((name) => [name, [] as Run[]])) as Runs;
  const rooms: number[] = [];
  for (let number = 1; number <= sizes.BENCH_ROUNDS; number += 1) {
    rooms.push(await measureRoom(servers.setting, closer));
    // In turn, so that what disturbs the machine for a while disturbs all of them.
    for (const name of rowNames) {
      const { contestant, conditions }: Row = rows[name];
      runs[name].push(await measure(contestant, conditions, { servers, closer }));
    }
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
  const rates = Object.fromEntries(
    rowNames.map((name) => [name, takeMedian(runs[name].map(({ rate }) => rate))]),
  ) as Record<RowName, Rate>;
  const compare = (one: RowName, other: RowName, digits = 2) =>
    round(rates[one].perSecond / rates[other].perSecond, digits);
  const ratios = {
    toTextbook: compare('ours', 'textbook'),
    toBare: compare('ours', 'bare', 3),
    unsignedToBare: compare('unsigned', 'bare', 3),
    manyConnectionsToFew: compare('manyConnections', 'ours'),
    twoWorkersToOne: compare('oursTwoWorkers', 'ours'),
    farTwoWorkersToOne: compare('farTwoWorkers', 'far'),
    twoProcessesToOne: room,
  };
  printTable([
    ['', 'mails', 'mails/s', 'CPU ms/mail', 'peak RSS MB', 'KB/mail', 'x textbook', 'x bare'],
    ...rowNames.map((name) => {
      const { contestant, conditions, label = contestant.label }: Row = rows[name];
      const { perSecond, cpuMsPerMail, peakRssMb } = rates[name];
      return [
        label,
        String(conditions.mails),
        perSecond.toFixed(0),
        cpuMsPerMail.toFixed(2),
        peakRssMb.toFixed(0),
        ((runs[name][0]?.bytesPerMail ?? 0) / 1024).toFixed(1),
        compare(name, 'textbook', 1).toFixed(1),
        compare(name, 'bare').toFixed(2),
      ];
    }),
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
  console.log(JSON.stringify({ mails, ...rates, ratios }));
}

// What grows with the number of subscribers, and what must not: npm run bench:scale. Memory of a worker and processor time
// per mail at two sizes, and planning everyone at once. The last line is JSON. Sizes: SCALE_SMALL, SCALE_LARGE, SCALE_PLANNED.
import type { Closer } from '../src/service/closer.ts';
import { startWorker, takeSteps } from './children.ts';
import { contestants, measure } from './contestants.ts';
import { type Rate, round } from './measure.ts';
import { runBenchmark } from './run-benchmark.ts';
import { openServers } from './servers.ts';
import { readSizes } from './sizes.ts';
import { printTable } from './table.ts';

const sizes = readSizes({
  SCALE_SMALL: 20_000,
  SCALE_LARGE: 200_000,
  SCALE_PLANNED: 1_000_000,
  BENCH_CONNECTIONS: 5,
});

type Planning = { due: number; seconds: number; rssBeforeMb: number; peakRssMb: number };

await runBenchmark(async (closer) => {
  const small = await deliver(sizes.SCALE_SMALL, closer);
  const large = await deliver(sizes.SCALE_LARGE, closer);
  const ratios = {
    peakRss: round(large.peakRssMb / small.peakRssMb, 2),
    cpuPerMail: round(large.cpuMsPerMail / small.cpuMsPerMail, 2),
  };
  printTable([
    ['delivering', 'mails/s', 'CPU ms/mail', 'peak RSS MB'],
    ...[small, large].map(({ mails, ...rate }) => [
      `${mails} subscribers`,
      rate.perSecond.toFixed(0),
      rate.cpuMsPerMail.toFixed(2),
      rate.peakRssMb.toFixed(0),
    ]),
    ['growth (goal: RSS 1.15, CPU 1.1)', '', ratios.cpuPerMail.toFixed(2), ratios.peakRss.toFixed(2)],
  ]);

  const planning = await plan(sizes.SCALE_PLANNED, closer);
  console.log(
    `\nplanning ${planning.due} due subscribers: ${planning.seconds} s (goal: 60 s for a million), ` +
      `RSS ${planning.rssBeforeMb} MB before, ${planning.peakRssMb} MB at its highest\n`,
  );
  console.log(JSON.stringify({ small, large, ratios, planning }));
});

async function deliver(mails: number, closer: Closer): Promise<{ mails: number } & Rate> {
  const servers = await openServers({ mails, connections: sizes.BENCH_CONNECTIONS }, closer);
  const { setting } = servers;
  await takeSteps('populate', { setting, steps: ['listPapers', 'addSubscribers', 'addInterests'] }, closer);
  const { rate } = await measure(contestants.ours, { mails }, { servers, closer });
  await servers.close();
  return { mails, ...rate };
}

async function plan(due: number, closer: Closer): Promise<Planning> {
  const servers = await openServers({ mails: due, connections: sizes.BENCH_CONNECTIONS }, closer);
  const { setting } = servers;
  await takeSteps('populate', { setting, steps: ['listPapers', 'addSubscribers'] }, closer);
  const worker = await startWorker('ours', setting, closer);
  const before = await worker.run('rest');
  const { count, startedAt, endedAt, peakRssMb } = await worker.run('plan');
  await worker.end();
  await servers.close();
  if (count !== due) throw new Error(`${count} were planned, instead of ${due}`);
  return {
    due,
    seconds: round((endedAt - startedAt) / 1000, 1),
    rssBeforeMb: round(before.peakRssMb, 1),
    peakRssMb: round(peakRssMb, 1),
  };
}

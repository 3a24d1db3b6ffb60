// Workers are killed with -9, and frozen, in the middle of their work: nobody gets a mail twice, and who got none is
// told by the ledger.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { mostPerBatch } from '../../src/delivery/batch-size.ts';
import { countCopies, listBrokenPromises } from '../support/broken-promises.ts';
import { subscribeCrowd } from '../support/crowd.ts';
import { createSeededRandom, type Random } from '../support/random.ts';
import { type SmtpCatcher, startSmtpCatcher } from '../support/smtp-catcher.ts';
import { startWorkerCrew, type WorkerCrew } from '../support/worker-crew.ts';
import type { WorkerSettings } from '../support/worker-process.ts';
import { createWorld, expertPaper, type World } from '../support/world.ts';

const mailCount = Number(process.env.FAULT_MAILS ?? 5000);
const killCount = Number(process.env.FAULT_KILLS ?? 20);
const timeoutMs = 60_000 + killCount * 10_000 + mailCount * 10;

let world: World;
let smtp: SmtpCatcher;
let crew: WorkerCrew | undefined;

beforeEach(async () => {
  world = await createWorld();
  smtp = await startSmtpCatcher({ keptBytes: 4000 });
  await world.list('2026-03-02', [expertPaper('translation'), expertPaper('speech')]);
});

afterEach(async () => {
  await crew?.close();
  crew = undefined;
  await smtp.close();
  await world.close();
});

async function startCrew(settings: Pick<WorkerSettings, 'leases' | 'unknownPolicy'>): Promise<WorkerCrew> {
  const { databaseUrl } = world;
  crew = await startWorkerCrew({ databaseUrl, smtpUrl: smtp.smtpUrl, connections: 5, ...settings }, 2);
  return crew;
}

/** How many rows satisfy the condition. */
async function count(
  condition: 'that left' | 'under way' | 'unknown' | 'resent' | 'accepted',
): Promise<number> {
  const { delivery } = world.db;
  switch (condition) {
    case 'that left':
      return delivery.count({
        where: { OR: [{ resent: true }, { state: { notIn: ['planned', 'claimed'] } }] },
      });
    case 'under way':
      return delivery.count({ where: { finishedAt: null } });
    case 'resent':
      return delivery.count({ where: { resent: true } });
    default:
      return delivery.count({ where: { state: condition } });
  }
}

async function waitUntil(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(20);
}

/** Twenty kills, say, spread by chance over the first `share` of the run, with two workers each time. */
async function killAtRandom(workers: WorkerCrew, random: Random, share: number): Promise<void> {
  const moments = Array.from({ length: killCount }, (_, index) =>
    Math.floor((share * mailCount * (index + random.next())) / killCount),
  );
  let nextMoment = 0;
  let left = 0;
  // The server waits for the next kill, so that there are as many in a fast run as in a slow one.
  smtp.behave((stage) => {
    if (stage !== 'end' && stage !== 'stored') return null;
    return { type: 'wait', ms: left > nextMoment + 50 ? 40 : 1 };
  });
  for (const moment of moments) {
    nextMoment = moment;
    await waitUntil(async () => {
      left = await count('that left');
      return left >= moment;
    });
    await sleep(random.below(60));
    await workers.kill(random.pick([...workers.atWork]));
    await workers.add();
  }
  nextMoment = mailCount;
}

const isEverySettled = async () => {
  const rows = await world.db.delivery.count();
  return rows === mailCount && (await count('under way')) === 0;
};

test(
  `killed ${killCount} times in ${mailCount} mails, two workers send everyone one mail, or none and the ledger says unknown`,
  async () => {
    const random = createSeededRandom('kill, leave');
    await subscribeCrowd(world.databaseUrl, mailCount);
    const leases = { claimedMs: 4000, dataStartedMs: 6000 };
    await killAtRandom(await startCrew({ leases, unknownPolicy: 'leave' }), random, 0.95);
    await waitUntil(isEverySettled);

    expect(await listBrokenPromises(world.db, smtp.mails)).toEqual([]);
    const unknown = await count('unknown');
    console.info(`${unknown} of ${mailCount} are unknown after ${killCount} kills`);
    expect(unknown + (await count('accepted'))).toBe(mailCount);
    // Two batches are under way in a worker.
    expect(unknown).toBeLessThanOrEqual(killCount * 2 * mostPerBatch);
  },
  timeoutMs,
);

test(
  `killed ${killCount} times in ${mailCount} mails, two workers that send again what is unknown reach everyone`,
  async () => {
    const random = createSeededRandom('kill, resend-once');
    await subscribeCrowd(world.databaseUrl, mailCount);
    const leases = { claimedMs: 4000, dataStartedMs: 6000 };
    // What is sent again comes after everything that was never sent: none of it is under way at the last kill.
    await killAtRandom(await startCrew({ leases, unknownPolicy: 'resend-once' }), random, 0.8);
    await waitUntil(async () => (await isEverySettled()) && (await count('unknown')) === 0);

    expect(await listBrokenPromises(world.db, smtp.mails)).toEqual([]);
    expect(await count('accepted')).toBe(mailCount);
    expect(new Set(smtp.mails.map(({ to }) => to)).size).toBe(mailCount);
    const resent = await count('resent');
    const copies = countCopies(smtp.mails);
    const rows = await world.db.delivery.findMany({ select: { id: true } });
    const twice = rows.filter((row) => copies.of(row) > 1).length;
    console.info(
      `${resent} of ${mailCount} were sent again after ${killCount} kills, ${twice} of them had arrived`,
    );
    expect(smtp.mails.length - mailCount).toBe(twice);
    expect(twice).toBeLessThanOrEqual(resent);
    expect(resent).toBeLessThanOrEqual(killCount * 2 * mostPerBatch);
  },
  timeoutMs,
);

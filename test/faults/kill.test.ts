// Workers are killed with -9 in the middle of their work: nobody gets a mail twice unasked, and who got none is told
// by the ledger.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { mostPerBatch } from '../../src/delivery/batch-size.ts';
import { countCopies, listBrokenPromises } from '../support/broken-promises.ts';
import { subscribeCrowd } from '../support/crowd.ts';
import { createSeededRandom, type Random } from '../support/random.ts';
import { type SmtpCatcher, startSmtpCatcher } from '../support/smtp-catcher.ts';
import { waitFor } from '../support/wait-for.ts';
import { startWorkerCrew, type WorkerCrew } from '../support/worker-crew.ts';
import { createWorld, expertPaper, type World } from '../support/world.ts';

const mailCount = Number(process.env.FAULT_MAILS ?? 5000);
const killCount = Number(process.env.FAULT_KILLS ?? 20);
const timeoutMs = 60_000 + killCount * 5000 + mailCount * 10;
/** Two batches are under way in a worker. */
const mostPerKill = 2 * mostPerBatch;

let world: World;
let smtp: SmtpCatcher;
let crew: WorkerCrew | undefined;

beforeEach(async () => {
  world = await createWorld();
  smtp = await startSmtpCatcher({ keptBytes: 4000 });
  await world.list('2026-03-02', [expertPaper('translation'), expertPaper('speech')]);
  await subscribeCrowd(world.databaseUrl, mailCount);
});

afterEach(async () => {
  await crew?.close();
  crew = undefined;
  await smtp.close();
  await world.close();
});

/** Long enough for workers on a busy machine: only the killed lose theirs. */
const leases = { claimedMs: 6000, dataStartedMs: 10_000 };

/**
 * Two workers; the kills are spread by chance over the first `share` of the mails. Returns for each kill the deliveries
 * whose mails could be leaving then.
 */
async function killAtRandom(
  unknownPolicy: 'leave' | 'resend-once',
  { random, share }: { random: Random; share: number },
): Promise<Set<bigint>[]> {
  const { databaseUrl } = world;
  const { smtpUrl } = smtp;
  crew = await startWorkerCrew({ databaseUrl, smtpUrl, connections: 5, leases, unknownPolicy }, 2);
  const underWay: Set<bigint>[] = [];
  for (let kill = 0; kill < killCount; kill += 1) {
    const moment = Math.floor((share * mailCount * (kill + random.next())) / killCount);
    let left = 0;
    // From then on the server waits for the kill, so that there are as many in a fast run as in a slow one.
    smtp.behave((stage) => {
      if (stage !== 'end' && stage !== 'stored') return null;
      return { type: 'wait', ms: left >= moment ? 40 : 1 };
    });
    const isTime = async () => {
      left = await countLeft();
      return left >= moment;
    };
    await waitFor('the next kill', isTime, timeoutMs);
    await crew.kill(random.pick([...crew.atWork]));
    const before = await listLeaving();
    await crew.add();
    // What the killed one had asked of PostgreSQL last may have been done after its end.
    underWay.push(new Set([...before, ...(await listLeaving())]));
  }
  smtp.behave(() => null);
  return underWay;
}

/** Tried at least once. */
async function countLeft(): Promise<number> {
  const hasLeft = [{ resent: true }, { state: { notIn: ['planned' as const, 'claimed' as const] } }];
  return world.db.delivery.count({ where: { OR: hasLeft } });
}

async function listLeaving(): Promise<bigint[]> {
  const rows = await world.db.delivery.findMany({ where: { state: 'data_started' }, select: { id: true } });
  return rows.map(({ id }) => id);
}

/** Everyone was planned, nothing is open, and nothing unknown is still to be sent again. */
async function comeToRest(unknownPolicy: 'leave' | 'resend-once'): Promise<void> {
  const { delivery } = world.db;
  const again = unknownPolicy === 'leave' ? [] : [{ state: 'unknown' as const, resent: false }];
  const isAtRest = async () =>
    (await delivery.count({ where: { OR: [{ finishedAt: null }, ...again] } })) === 0 &&
    (await delivery.count()) === mailCount;
  await waitFor('all to come to rest', isAtRest, timeoutMs);
}

/** Only what was under way at a kill is in doubt. */
function expectDoubtsToComeFromKills(doubtful: { id: bigint }[], underWay: Set<bigint>[]): void {
  const all = new Set(underWay.flatMap((ids) => [...ids]));
  expect(doubtful.filter(({ id }) => !all.has(id))).toEqual([]);
  for (const ids of underWay)
    expect(doubtful.filter(({ id }) => ids.has(id)).length).toBeLessThanOrEqual(2 * mostPerKill);
  expect(doubtful.length).toBeLessThanOrEqual(killCount * mostPerKill);
}

test(
  `killed ${killCount} times in ${mailCount} mails, two workers send everyone one mail, or none and the ledger says unknown`,
  async () => {
    const underWay = await killAtRandom('leave', { random: createSeededRandom('kill, leave'), share: 0.95 });
    await comeToRest('leave');

    expect(await listBrokenPromises(world.db, smtp.mails)).toEqual([]);
    const rows = await world.db.delivery.findMany({ select: { id: true, state: true } });
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['accepted', 'unknown']));
    const unknown = rows.filter(({ state }) => state === 'unknown');
    expectDoubtsToComeFromKills(unknown, underWay);
    console.info(`${unknown.length} of ${mailCount} are unknown after ${killCount} kills`);
  },
  timeoutMs,
);

test(
  `killed ${killCount} times in ${mailCount} mails, two workers that send again what is unknown reach everyone`,
  async () => {
    const random = createSeededRandom('kill, resend-once');
    // What is sent again comes after everything that was never sent: none of it is under way at the last kill.
    const underWay = await killAtRandom('resend-once', { random, share: 0.7 });
    await comeToRest('resend-once');

    expect(await listBrokenPromises(world.db, smtp.mails)).toEqual([]);
    expect(new Set(smtp.mails.map(({ to }) => to)).size).toBe(mailCount);
    const rows = await world.db.delivery.findMany({ select: { id: true, state: true, resent: true } });
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['accepted']));
    const resent = rows.filter((row) => row.resent);
    expectDoubtsToComeFromKills(resent, underWay);
    const copies = countCopies(smtp.mails);
    const twice = rows.filter((row) => copies.of(row) === 2);
    expect(twice.filter((row) => !row.resent)).toEqual([]);
    expect(smtp.mails.length).toBe(mailCount + twice.length);
    console.info(`${resent.length} of ${mailCount} were sent again, ${twice.length} of them had arrived`);
  },
  timeoutMs,
);

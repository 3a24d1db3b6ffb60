// A run of many mails with two workers, of which one or the other is killed with -9 again and again.
import { expect, inject } from 'vitest';
import { mostPerBatch } from '../../src/delivery/deliver.ts';
import { utcDay } from '../../src/text/days.ts';
import { subscribeCrowd } from '../support/crowd.ts';
import { watchTheLiving } from '../support/dead-leases.ts';
import { faultSize } from '../support/fault-sizes.ts';
import type { Random } from '../support/random.ts';
import { type SmtpCatcher, startSmtpCatcher } from '../support/smtp-catcher.ts';
import { waitFor } from '../support/wait-for.ts';
import { startWorkerCrew, type WorkerCrew } from '../support/worker-crew.ts';
import { createWorld, expertPaper, type World } from '../support/world.ts';

export const mailCount = faultSize('MAILS');
export const killCount = faultSize('KILLS');
export const timeoutMs = 300_000 + killCount * 10_000 + mailCount * 20;
/** Two batches are under way in a worker. */
const mostPerKill = 2 * mostPerBatch;
/** Long enough for workers on a busy machine: only the killed lose theirs. */
const leases = { claimedMs: 15_000, dataStartedMs: 40_000 };

export type KillRun = {
  world: World;
  smtp: SmtpCatcher;
  /** The kills are spread by chance over the first `share` of the mails. */
  killAtRandom(plan: { random: Random; share: number }): Promise<void>;
  /** Everyone was planned, nothing is open, and nothing unknown is still to be sent again. */
  comeToRest(): Promise<void>;
  /** Only what was under way at a kill is in doubt. */
  expectDoubtsToComeFromKills(doubtful: { id: bigint }[]): void;
  close(): Promise<void>;
};

export async function openKillRun(unknownPolicy: 'leave' | 'resend-once'): Promise<KillRun> {
  const world = await createWorld();
  const smtp = await startSmtpCatcher({ keptBytes: 4000 });
  // The workers go by the real clock, and what was listed long ago is no news.
  await world.list(utcDay(new Date()), [expertPaper('translation'), expertPaper('speech')]);
  await subscribeCrowd(world.databaseUrl, mailCount);
  const { delivery } = world.db;
  let crew: WorkerCrew | undefined;
  /** For each kill the deliveries whose mails could be leaving then. */
  const underWay: Set<bigint>[] = [];

  const listLeaving = async () => {
    const rows = await delivery.findMany({ where: { state: 'data_started' }, select: { id: true } });
    return rows.map(({ id }) => id);
  };
  const countLeft = () =>
    delivery.count({ where: { OR: [{ resent: true }, { state: { notIn: ['planned', 'claimed'] } }] } });

  return {
    world,
    smtp,
    async killAtRandom({ random, share }) {
      const { databaseUrl } = world;
      const { smtpUrl } = smtp;
      crew = await startWorkerCrew(
        { databaseUrl, mailSources: inject('mailSources'), smtpUrl, connections: 5, leases, unknownPolicy },
        2,
      );
      for (let kill = 0; kill < killCount; kill += 1) {
        const moment = Math.floor((share * mailCount * (kill + random.next())) / killCount);
        let left = 0;
        // From then on the server waits for the kill and the substitute, so that no run is faster than its kills.
        let goOn = () => {};
        const isReplaced = new Promise<void>((resolve) => {
          goOn = resolve;
        });
        smtp.behave((stage) => {
          if (stage !== 'end' && stage !== 'stored') return null;
          return left >= moment ? { type: 'hold', until: isReplaced } : { type: 'wait', ms: 1 };
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
        goOn();
      }
      smtp.behave(() => null);
    },
    async comeToRest() {
      const look = watchTheLiving({
        databaseUrl: world.databaseUrl,
        countSent: () => smtp.mails.length,
        planned: mailCount,
        resends: unknownPolicy === 'resend-once',
      });
      const isAtRest = async () => (await look()) === 'at rest';
      await waitFor('all to come to rest', isAtRest, timeoutMs);
    },
    expectDoubtsToComeFromKills(doubtful) {
      const all = new Set(underWay.flatMap((ids) => [...ids]));
      expect(doubtful.filter(({ id }) => !all.has(id))).toEqual([]);
      expect(doubtful.length).toBeLessThanOrEqual(killCount * mostPerKill);
    },
    async close() {
      await crew?.close();
      await smtp.close();
      await world.close();
    },
  };
}

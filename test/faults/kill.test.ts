// Workers are killed with -9 in the middle of their work: everyone has one mail, or none, and then the ledger says so.
import { afterEach, expect, test } from 'vitest';
import { listBrokenPromises } from '../support/broken-promises.ts';
import { createSeededRandom } from '../support/random.ts';
import { type KillRun, killCount, mailCount, openKillRun, timeoutMs } from './kill-run.ts';

let run: KillRun | undefined;
afterEach(() => run?.close());

test(
  `killed ${killCount} times in ${mailCount} mails, two workers send everyone one mail, or none and the ledger says unknown`,
  async () => {
    run = await openKillRun('leave');
    const { world, smtp } = run;
    await run.killAtRandom({ random: createSeededRandom('kill, leave'), share: 0.95 });
    await run.comeToRest();

    expect(await listBrokenPromises(world.db, smtp.mails)).toEqual([]);
    const rows = await world.db.delivery.findMany({ select: { id: true, state: true } });
    const unknown = rows.filter(({ state }) => state === 'unknown');
    const accepted = rows.filter(({ state }) => state === 'accepted');
    expect(accepted.length + unknown.length).toBe(mailCount);
    run.expectDoubtsToComeFromKills(unknown);
    console.info(`${unknown.length} of ${mailCount} are unknown after ${killCount} kills`);
  },
  timeoutMs,
);

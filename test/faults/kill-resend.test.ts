// Workers are killed with -9, and what is unknown then is sent once more: everyone has the mail, and who has it twice can
// tell by its Message-ID.
import { afterEach, expect, test } from 'vitest';
import { countCopies, listBrokenPromises } from '../support/broken-promises.ts';
import { createSeededRandom } from '../support/random.ts';
import { type KillRun, killCount, mailCount, openKillRun, timeoutMs } from './kill-run.ts';

let run: KillRun | undefined;
afterEach(() => run?.close());

test(
  `killed ${killCount} times in ${mailCount} mails, two workers that send again what is unknown reach everyone`,
  async () => {
    run = await openKillRun('resend-once');
    const { world, smtp } = run;
    // What is sent again comes after everything that was never sent: none of it is under way at the last kill.
    await run.killAtRandom({ random: createSeededRandom('kill, resend-once'), share: 0.7 });
    await run.comeToRest();

    expect(await listBrokenPromises(world.db, smtp.mails)).toEqual([]);
    expect(new Set(smtp.mails.map(({ to }) => to)).size).toBe(mailCount);
    const rows = await world.db.delivery.findMany({ select: { id: true, state: true, resent: true } });
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['accepted']));
    const resent = rows.filter((row) => row.resent);
    run.expectDoubtsToComeFromKills(resent);
    const copies = countCopies(smtp.mails);
    const twice = rows.filter((row) => copies.of(row) === 2);
    expect(twice.filter((row) => !row.resent)).toEqual([]);
    expect(smtp.mails.length).toBe(mailCount + twice.length);
    console.info(`${resent.length} of ${mailCount} were sent again, ${twice.length} of them had arrived`);
  },
  timeoutMs,
);

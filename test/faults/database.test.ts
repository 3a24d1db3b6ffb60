// The database goes away in the middle of a run, and its answers get lost: what was sent is known, what was not is sent.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { deliverDue } from '../../src/delivery/deliver.ts';
import { expireLeases } from '../../src/ledger/leases.ts';
import { planDigests } from '../../src/ledger/plan.ts';
import { utcDay } from '../../src/text/days.ts';
import { listBrokenPromises } from '../support/broken-promises.ts';
import { subscribeCrowd } from '../support/crowd.ts';
import { faultSize } from '../support/fault-sizes.ts';
import { openPostOffice } from '../support/post-office.ts';
import { createSeededRandom, rounds } from '../support/random.ts';
import { startRestlessPostgres } from '../support/restless-postgres.ts';
import { startSmtpCatcher } from '../support/smtp-catcher.ts';
import { undoAll } from '../support/undo-all.ts';
import { waitFor } from '../support/wait-for.ts';
import { statements, watchStatements } from '../support/watch-statements.ts';
import { wireDelivery } from '../support/wire-delivery.ts';
import { createWorld, expertPaper } from '../support/world.ts';

type Loss = 'statement' | 'answer' | null;

const readers = faultSize('READERS');
const restarts = faultSize('RESTARTS');
const timeoutMs = 300_000 + restarts * 30_000 + readers * 40;
const closers: (() => unknown)[] = [];
afterEach(() => undoAll(closers));

test(
  `PostgreSQL restarted ${restarts} times in the middle of a run costs no mail, and doubles none`,
  async () => {
    const random = createSeededRandom('database');
    const postgres = await startRestlessPostgres();
    closers.push(postgres.stop);
    const { databaseUrl } = postgres;
    const world = await createWorld(undefined, { databaseUrl, drop: async () => {} });
    closers.push(world.close);
    const smtp = await startSmtpCatcher();
    closers.push(smtp.close);
    await world.list(utcDay(new Date()), [expertPaper('translation')]);
    await subscribeCrowd(databaseUrl, readers);
    smtp.behave((stage) => (stage === 'stored' ? { type: 'wait', ms: 10 } : null));

    const now = () => new Date();
    const leases = { claimedMs: 3000, dataStartedMs: 3000 };
    const { deps } = await wireDelivery({
      db: world.db,
      mailSources: inject('mailSources'),
      smtpUrl: smtp.smtpUrl,
      now,
      connections: 4,
      leases,
    });
    closers.push(() => deps.mailer.close());
    const stopping = new AbortController();
    // As the queue does: a job that failed comes again.
    const repeat = async (act: () => Promise<unknown>) => {
      while (!stopping.signal.aborted) {
        await act().catch(() => {});
        await sleep(50);
      }
    };
    const workers = [
      repeat(() => deliverDue(deps, stopping.signal)),
      repeat(() => deliverDue(deps, stopping.signal)),
      repeat(async () => {
        await expireLeases(world.db, { now: now(), unknownPolicy: 'leave' });
        await planDigests({ db: world.db, now: now() });
        await sleep(200);
      }),
    ];
    closers.push(async () => {
      stopping.abort();
      await Promise.all(workers);
    });

    for (let restart = 1; restart <= restarts; restart += 1) {
      const moment = (readers * (restart - random.next())) / restarts;
      await waitFor('the next restart', () => smtp.mails.length >= moment, timeoutMs);
      await postgres.restart();
    }
    // A worker may still be trying to write down what was answered while the database was away.
    const areAllKnown = async () =>
      (await world.db.delivery.count({ where: { state: 'accepted' } })) === readers;
    await waitFor('everyone to have the mail', areAllKnown, timeoutMs);

    expect(await listBrokenPromises(world.db, smtp.mails)).toEqual([]);
    expect(await world.db.delivery.groupBy({ by: ['state'], _count: true })).toEqual([
      { state: 'accepted', _count: readers },
    ]);
  },
  timeoutMs,
);

describe('a connection to the database that breaks', () => {
  const minute = 60_000;
  async function openLossy(count: number, lose: (sql: string) => Loss) {
    const post = await openPostOffice({ connections: 3 });
    closers.push(post.close);
    await post.list('2026-03-02', [expertPaper('translation')]);
    await subscribeCrowd(post.databaseUrl, count);
    await planDigests({ db: post.db, now: post.now() });
    const losses = new Map<string, Loss>();
    const failIf = (sql: string, loss: Loss) => {
      if (losses.get(sql) === loss) throw new Error(`connection lost before the ${loss}`);
    };
    const db = watchStatements(post.db, {
      before(sql) {
        losses.set(sql, lose(sql));
        failIf(sql, 'statement');
      },
      after: (sql) => failIf(sql, 'answer'),
    });
    const deps = { ...post.deps, db };
    /** Runs until nothing is left to be tried. In the first run the mail server is away, so that claims are given back. */
    const deliverAll = async () => {
      post.smtp.behave((stage) => (stage === 'greeting' ? { type: 'hang-up' } : null));
      while ((await post.db.delivery.count({ where: { finishedAt: null } })) > 0) {
        await deliverDue(deps).catch(() => {});
        post.smtp.behave(() => null);
        post.pass(3 * minute);
        await expireLeases(post.db, { now: post.now(), unknownPolicy: 'leave' });
        // So many losses of one mail no database has: what they would park is tested with the ledger.
        await post.db.delivery.updateMany({ where: { finishedAt: null }, data: { lostWorkers: 0 } });
      }
    };
    return { post, deliverAll };
  }

  test.each(
    (['claim', 'gate', 'record', 'release'] as const).flatMap((name) =>
      (['statement', 'answer'] as const).map((loss) => [name, loss] as const),
    ),
  )('at the %s, with the %s lost, costs no mail and doubles none', async (name, loss) => {
    let losses = 0;
    const { post, deliverAll } = await openLossy(20, (sql) => {
      if (losses > 0 || !statements[name].test(sql)) return null;
      losses += 1;
      return loss;
    });
    await deliverAll();
    expect(losses).toBe(1);
    expect(await listBrokenPromises(post.db, post.smtp.mails)).toEqual([]);
    expect(new Set((await post.ledger()).map(({ state }) => state))).toEqual(new Set(['accepted']));
    expect(post.smtp.mails).toHaveLength(20);
  });

  test.each(rounds)(
    'at random moments leaves everyone with one mail (round %i)',
    async () => {
      const random = createSeededRandom('lossy database');
      const { post, deliverAll } = await openLossy(600, () => {
        const dice = random.next();
        return dice < 0.1 ? 'statement' : dice < 0.2 ? 'answer' : null;
      });
      await deliverAll();
      expect(await listBrokenPromises(post.db, post.smtp.mails)).toEqual([]);
      expect(new Set((await post.ledger()).map(({ state }) => state))).toEqual(new Set(['accepted']));
    },
    300_000,
  );
});

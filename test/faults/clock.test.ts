// Clocks that jump, and workers that sleep: a lease that ran out is lost, whatever its worker thinks.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DeliverDeps, deliverDue } from '../../src/delivery/deliver.ts';
import { claimDeliveries, startData } from '../../src/ledger/claims.ts';
import type { ClaimedDelivery, Outcome } from '../../src/ledger/delivery.ts';
import { expireLeases } from '../../src/ledger/leases.ts';
import { recordOutcomes } from '../../src/ledger/outcomes.ts';
import { planDigests } from '../../src/ledger/plan.ts';
import { unsubscribe } from '../../src/subscribers/account/unsubscribe.ts';
import { listBrokenPromises } from '../support/broken-promises.ts';
import { subscribeCrowd } from '../support/crowd.ts';
import { openPostOffice, type PostOffice } from '../support/post-office.ts';
import { createSeededRandom, rounds } from '../support/random.ts';
import { statements, watchStatements } from '../support/watch-statements.ts';
import { expertPaper } from '../support/world.ts';

const minute = 60_000;
const hour = 60 * minute;

let post: PostOffice;
beforeEach(async () => {
  post = await openPostOffice({ connections: 3 });
  await post.list('2026-03-02', [expertPaper('translation')]);
});
afterEach(() => post.close());

async function subscribe(readers: number): Promise<void> {
  await subscribeCrowd(post.databaseUrl, readers);
  await planDigests({ db: post.db, now: post.now() });
}

const isAtRest = async () => (await post.db.delivery.count({ where: { finishedAt: null } })) === 0;

/** The workers again and again, and beside them a sweep that never rests. */
async function deliverAll(
  workers: DeliverDeps[],
  {
    unknownPolicy = 'leave',
    sweepNow = post.now,
  }: { unknownPolicy?: 'leave' | 'resend-once'; sweepNow?: () => Date } = {},
): Promise<void> {
  let isOver = false;
  const sweeping = (async () => {
    while (!isOver) {
      await expireLeases(post.db, { now: sweepNow(), unknownPolicy });
      await sleep(20);
    }
  })();
  try {
    while (!(await isAtRest())) {
      await Promise.all(workers.map((deps) => deliverDue(deps)));
      post.pass(2 * minute);
    }
  } finally {
    isOver = true;
    await sweeping;
  }
}

async function claim(): Promise<ClaimedDelivery> {
  const limits = { now: post.now(), leaseMs: minute, limit: 1 };
  const [claimed] = await claimDeliveries(post.db, { claimId: crypto.randomUUID(), ...limits });
  if (claimed === undefined) throw new Error('nothing to claim');
  return claimed;
}

async function expectOneMailEach(readers: number): Promise<void> {
  expect(await listBrokenPromises(post.db, post.smtp.mails)).toEqual([]);
  expect(await post.db.delivery.groupBy({ by: ['state', 'resent'], _count: true })).toEqual([
    { state: 'accepted', resent: false, _count: readers },
  ]);
  expect(post.smtp.mails).toHaveLength(readers);
}

describe('a clock', () => {
  test.each(rounds)(
    'that jumps ahead over every lease, at random moments, doubles and loses no mail (round %i)',
    async () => {
      const random = createSeededRandom('clock');
      await subscribe(300);
      const jumpAt = Array.from({ length: 4 }, () => random.below(2500));
      let events = 0;
      const mayJump = () => {
        events += 1;
        if (jumpAt.includes(events)) post.pass(3 * hour);
      };
      post.smtp.behave(() => {
        mayJump();
        return null;
      });
      const deps = { ...post.deps, db: watchStatements(post.db, { before: mayJump, after: mayJump }) };
      await deliverAll([deps, deps]);
      await expectOneMailEach(300);
    },
    300_000,
  );

  test('that is set back leaves for later what is due later, and loses nothing', async () => {
    // More than are claimed ahead.
    await subscribe(400);
    post.smtp.behave((stage) => {
      if (stage === 'answered' && post.smtp.mails.length === 20) post.pass(-hour);
      return null;
    });
    await deliverDue(post.deps);
    expect(await isAtRest()).toBe(false);
    await deliverAll([post.deps, post.deps]);
    await expectOneMailEach(400);
  }, 300_000);

  test('that is an hour ahead of another worker’s takes no living mail from it', async () => {
    await subscribe(60);
    const ahead = () => new Date(post.now().getTime() + hour);
    const deps = { ...post.deps, now: ahead };
    await deliverAll([post.deps, deps], { sweepNow: ahead });
    await expectOneMailEach(60);
  }, 300_000);
});

describe('a worker', () => {
  test('that slept past its lease, after the gate, sends nothing any more', async () => {
    await subscribe(2);
    const { id } = await post.find('reader1@d1.example.org');
    let isAsleep = false;
    const db = watchStatements(post.db, {
      async after(sql) {
        if (isAsleep || !statements.gate.test(sql)) return;
        isAsleep = true;
        post.pass(hour);
        await expireLeases(post.db, { now: post.now(), unknownPolicy: 'leave' });
        await unsubscribe(post, id);
      },
    });
    await deliverDue({ ...post.deps, db });
    expect(isAsleep).toBe(true);
    expect(post.smtp.mails.map(({ to }) => to)).not.toContain('reader1@d1.example.org');

    await deliverAll([post.deps, post.deps]);
    expect(post.smtp.mails.map(({ to }) => to)).toEqual(['reader2@d2.example.org']);
    expect(await listBrokenPromises(post.db, post.smtp.mails)).toEqual([]);
  });

  test('that hears an answer when the mail is another’s changes nothing of it', async () => {
    await subscribe(1);
    const { db, now } = post;
    const pass = (claimed: ClaimedDelivery) =>
      startData(db, { mails: [{ ...claimed, picks: null }], now: now(), leaseMs: minute });
    const hear = (claimed: ClaimedDelivery, outcome: Outcome) =>
      recordOutcomes(db, { outcomes: [{ ...claimed, outcome }], now: now() });
    const late: Outcome = { type: 'rejected', code: 'unclear', reply: null, detail: 'late' };

    const slow = await claim();
    await pass(slow);
    post.pass(hour);
    await expireLeases(db, { now: now(), unknownPolicy: 'resend-once' });
    const quick = await claim();
    await hear(slow, late);
    expect(await post.ledger()).toMatchObject([{ state: 'claimed' }]);
    expect(await pass(quick)).toHaveLength(1);
    await hear(slow, late);
    expect(await post.ledger()).toMatchObject([{ state: 'data_started' }]);
    await hear(quick, { type: 'accepted', reply: { code: 250, text: '250', stage: null, status: null } });
    await hear(slow, late);
    expect(await post.ledger()).toMatchObject([
      { state: 'accepted', reasonCode: null, replyText: '250', detail: null },
    ]);
  });

  test('that claimed anew what it had lost holds the same mail twice, and one of them passes the gate', async () => {
    await subscribe(1);
    const lost = await claim();
    post.pass(hour);
    await expireLeases(post.db, { now: post.now(), unknownPolicy: 'leave' });
    const mails = [lost, await claim()].map((claimed) => ({ ...claimed, picks: null }));
    const open = await startData(post.db, { mails, now: post.now(), leaseMs: minute });
    expect(open).toEqual([mails[1]]);
  });

  test('whose mails take longer than their lease, for the server is slow, has none of them sent again', async () => {
    await subscribe(400);
    // The server is slow, not the ledger: no time passes while answers are written down.
    let writing = 0;
    const count = (change: number) => (sql: string) => {
      if (statements.record.test(sql)) writing += change;
    };
    const db = watchStatements(post.db, { before: count(1), after: count(-1) });
    post.smtp.behave((stage) => {
      // Quick at first, so that many mails pass the gate together.
      if (stage === 'end' && writing === 0 && post.smtp.mails.length > 250) post.pass(5000);
      return null;
    });
    await deliverAll([{ ...post.deps, db }], { unknownPolicy: 'resend-once' });
    await expectOneMailEach(400);
  }, 300_000);
});

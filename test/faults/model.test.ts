// The ledger under everything at once: whatever the order of planning, claiming, sending, dying, sweeping, leaving and
// coming back, no mail is lost or sent twice silently.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { countDueDeliveries } from '../../src/ledger/claims.ts';
import { planDigests } from '../../src/ledger/plan.ts';
import { faultSize } from '../support/fault-sizes.ts';
import { runSql } from '../support/sql.ts';
import { wireDelivery } from '../support/wire-delivery.ts';
import { createWorld, type World } from '../support/world.ts';
import {
  advance,
  anyCommands,
  claim,
  claimRisky,
  claimSlowly,
  crash,
  firstCommands,
  type LedgerCommand,
  leaseMs,
  minute,
  pass,
  plan,
  sweep,
} from './ledger-commands.ts';
import { createModel, expectNothingLost, type Model, type Real } from './ledger-model.ts';

const seconds = faultSize('MODEL_SECONDS');
/** A failure is made small before it is told. */
const mostSecondsToShrink = 180;

let world: World;
let beginning: Model;

/** Every run begins with two readers and something to send them; made once, for it takes longer than most commands. */
beforeAll(async () => {
  world = await createWorld();
  beginning = createModel();
  const real = await openRun();
  for (const command of firstCommands()) await command.run(beginning, real);
  const save = tables.map((table) => `CREATE TABLE saved_${table} AS SELECT * FROM ${table}`);
  await runSql(world.databaseUrl, ...save);
});
afterAll(() => world.close());

const tables = [
  'subscriber',
  'subscriber_topic',
  'paper',
  'paper_topic',
  'listing',
  'listing_paper',
  'delivery',
];
const restore = [
  ...['suppression', 'edition_hold', 'listing', 'paper', 'subscriber'].map((table) => `DELETE FROM ${table}`),
  ...tables.map((table) => `INSERT INTO ${table} SELECT * FROM saved_${table}`),
].join(';');

async function startAnew(): Promise<{ model: Model; real: Real }> {
  await runSql(world.databaseUrl, restore);
  world.clock.now = new Date('2026-03-02T09:00:00Z');
  return { model: structuredClone(beginning), real: await openRun() };
}

/** What a process remembers is forgotten between runs. */
async function openRun(): Promise<Real> {
  const { deps } = await wireDelivery({
    db: world.db,
    mailSources: inject('mailSources'),
    now: world.now,
    smtpUrl: 'smtp://127.0.0.1:1',
  });
  deps.mailer.close();
  return { world, writeMails: deps.writeMails };
}

/** Every worker dies, and from then on all goes well, for three days. */
async function comeToRest(model: Model, real: Real): Promise<void> {
  const { db, topics, now } = world;
  const act = async (command: LedgerCommand) => {
    if (await command.check(model)) await command.run(model, real);
  };
  while (model.jobs.length > 0) await act(crash(0));
  await db.editionHold.deleteMany();
  model.held.clear();
  await topics.assignTopics(db);
  for (let day = 1; day <= 3; day += 1) {
    await act(pass(24 * 60 * minute + leaseMs));
    await act(sweep('leave'));
    await planDigests({ db, now: now() });
    while ((await countDueDeliveries(db, now())) > 0) {
      await act(claim(10));
      if (model.jobs.length === 0) await act(claimRisky());
      while (model.jobs.length > 0)
        await act(advance({ at: 0, answers: fc.stream(always('accepted' as const)) }));
    }
  }
}

function* always<Item>(item: Item): Generator<Item> {
  for (;;) yield item;
}

test(
  'in no order of events is a mail lost or sent twice silently, a paper sent twice, or a mail sent to who left',
  async () => {
    let runs = 0;
    const property = fc.asyncProperty(
      fc.oneof(anyCommands('leave'), anyCommands('resend-once')),
      async (commands) => {
        runs += 1;
        const { model, real } = await startAnew();
        try {
          await fc.asyncModelRun(() => ({ model, real }), commands);
          await comeToRest(model, real);
          await expectNothingLost(model, world);
        } finally {
          // A claim that is still held would hold up the next run.
          for (const job of model.jobs) if (job.stage === 'claiming') job.end('die');
        }
      },
    );
    const firstSeed = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000);
    const endAt = Date.now() + seconds * 1000;
    while (Date.now() < endAt) {
      const seed = firstSeed + runs;
      await fc.assert(property, { numRuns: 10, seed, interruptAfterTimeLimit: mostSecondsToShrink * 1000 });
    }
    console.info(`model: ${runs} runs, FAULT_SEED=${firstSeed}`);
    expect(runs).toBeGreaterThan(0);
  },
  seconds * 1000 + 300_000,
);

test('a reader’s digests of two days, claimed in the same instant, hold no paper twice', async () => {
  const { model, real } = await startAnew();
  const goOn = (at: number) => advance({ at, answers: fc.stream(always('accepted' as const)) });
  for (const command of [
    pass(24 * 60 * minute),
    claimSlowly(4),
    plan(),
    claim(4),
    ...Array.from({ length: 5 }, () => [goOn(0), goOn(1)]).flat(),
  ]) {
    if (await command.check(model)) await command.run(model, real);
  }
  await comeToRest(model, real);
  await expectNothingLost(model, world);
});

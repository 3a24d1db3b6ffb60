// Everything that can happen to the ledger, in any order, as commands of a fast-check model run.
import { ok } from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import {
  claimDeliveries,
  claimRisky as claimOneRisky,
  releaseClaims,
  startData,
} from '../../src/ledger/claims.ts';
import type { ClaimedDelivery, Outcome } from '../../src/ledger/delivery.ts';
import { holdEdition } from '../../src/ledger/hold-edition.ts';
import { expireLeases } from '../../src/ledger/leases.ts';
import { recordOutcomes } from '../../src/ledger/outcomes.ts';
import { planDigests } from '../../src/ledger/plan.ts';
import { retryFailed } from '../../src/ledger/retry.ts';
import { importListing } from '../../src/papers/import-listing.ts';
import { listPicks } from '../../src/papers/pick-store.ts';
import { unsubscribe } from '../../src/subscribers/account/unsubscribe.ts';
import { expertPaper } from '../support/world.ts';
import { examine, type Job, type Model, type Reader, type Real } from './ledger-model.ts';

export type LedgerCommand = fc.AsyncCommand<Model, Real, true>;

/** What the mail server does with a mail; `silent`: the worker hears nothing. */
export const answers = ['accepted', 'deferred', 'rejected', 'silent, stored', 'silent, lost'] as const;
export type Answer = (typeof answers)[number];

export const minute = 60_000;
export const leaseMs = 2 * minute;
const day = 24 * 60 * minute;

type Act = (model: Model, real: Real) => Promise<void>;

function command(
  name: string,
  run: Act,
  check: (model: Readonly<Model>) => boolean = () => true,
): LedgerCommand {
  return {
    check: async (model) => check(model),
    async run(model, real) {
      await letClaimsEnd(model, run(model, real));
      await examine(model, real.world);
    },
    toString: () => name,
  };
}

/** What needs a row that a slow claim holds waits for it: then the claim comes to its end, as it would by itself. */
async function letClaimsEnd(model: Model, work: Promise<void>): Promise<void> {
  const isDone = () => true;
  const isQuick = await Promise.race([work.then(isDone, isDone), sleep(1000, false)]);
  if (!isQuick) for (const job of model.jobs) if (job.stage === 'claiming') job.end('commit');
  await work;
}

/** Two that mostly come together. */
function both(one: LedgerCommand, other: LedgerCommand): LedgerCommand {
  return {
    check: async () => true,
    async run(model, real) {
      await one.run(model, real);
      await other.run(model, real);
    },
    toString: () => `${one}, ${other}`,
  };
}

/** What happens often stands there as often. */
export const anyCommands = (policy: 'leave' | 'resend-once') => {
  const anyAdvance = fc
    .record({ at: fc.nat(), answers: fc.infiniteStream(fc.constantFrom(...answers)) })
    .map(advance);
  const anyPass = fc.constantFrom(minute, leaseMs, 60 * minute, day, day, day + leaseMs).map(pass);
  const anyClaim = fc.integer({ min: 1, max: 4 });
  const findTopics: Act = async (_, { world }) => void (await world.topics.assignTopics(world.db));
  return fc.commands(
    [
      ...[1, 2, 3, 4, 5].map(() => anyAdvance),
      anyPass,
      fc.constant(plan()),
      fc.constant(both(pass(day), plan())),
      fc.constant(both(pass(leaseMs), sweep(policy))),
      anyClaim.map(claim),
      fc.constant(claimRisky()),
      anyClaim.map(claimSlowly),
      fc.constant(sweep(policy)),
      fc.record({ count: fc.integer({ min: 1, max: 3 }), isReady: fc.boolean() }).map(listPapers),
      fc.constant(command('find topics', findTopics)),
      fc.nat(2).map(join),
      fc.oneof(
        fc.nat(2).map(leave),
        fc.constantFrom('paused' as const, 'cancelled' as const, null).map(hold),
        fc.constant(takeBack()),
        fc.constant(both(hold(null), takeBack())),
      ),
      fc.oneof(fc.nat().map(giveBack), fc.nat().map(crash), fc.nat().map(crash), fc.nat(2).map(complain)),
    ],
    { maxCommands: 70, size: 'max' },
  );
};

/** So that every run begins with something to send. */
export const firstCommands = () => [listPapers({ count: 2, isReady: true }), join(0), join(1)];

const listPapers = ({ count, isReady }: { count: number; isReady: boolean }) =>
  command(`list ${count} papers${isReady ? '' : ', topics later'}`, async (model, { world }) => {
    const papers = Array.from({ length: count }, (_, index) =>
      expertPaper(`subject ${model.listed + index}`),
    );
    model.listed += count;
    await importListing({ db: world.db }, { source: 'test', date: today(world.now()), papers });
    if (isReady) await world.topics.assignTopics(world.db);
  });

const join = (index: number) =>
  command(
    `reader ${index} signs up and confirms`,
    async (model, { world }) => {
      const reader = readerAt(model, index);
      const { id, servedThrough } = await world.subscribe(reader.email, { maxPapers: 50 });
      ok(servedThrough >= reader.since, 'served less after coming back');
      Object.assign(reader, { id, wantsMail: true, since: servedThrough });
    },
    (model) => !readerAt(model, index).wantsMail && !readerAt(model, index).isSuppressed,
  );

const leave = (index: number) =>
  command(
    `reader ${index} unsubscribes`,
    async (model, { world }) => {
      const reader = readerAt(model, index);
      await unsubscribe(world, reader.id ?? '');
      reader.wantsMail = false;
    },
    (model) => readerAt(model, index).wantsMail,
  );

const complain = (index: number) =>
  command(
    `reader ${index} complains`,
    async (model, { world }) => {
      const reader = readerAt(model, index);
      await world.db.suppression.create({ data: { emailKey: reader.email, reason: 'complaint' } });
      reader.isSuppressed = true;
    },
    (model) => !readerAt(model, index).isSuppressed,
  );

export const pass = (ms: number) =>
  command(`${ms / minute} minutes pass`, async (_, { world }) => {
    world.clock.now = new Date(world.clock.now.getTime() + ms);
  });

export const sweep = (unknownPolicy: 'leave' | 'resend-once') =>
  command(`sweep, ${unknownPolicy}`, async (_, { world: { db, now } }) => {
    await expireLeases(db, { now: now(), unknownPolicy });
  });

export const plan = () =>
  command('plan', async (_, { world: { db, now } }) => {
    await planDigests({ db, now: now() });
  });

const hold = (state: 'paused' | 'cancelled' | null) =>
  command(`today’s edition is ${state ?? 'let go'}`, async (model, { world: { db, now } }) => {
    await holdEdition(db, { edition: today(now()), state, now: now() });
    if (state === null) model.held.delete(today(now()));
    else model.held.add(today(now()));
  });

const takeBack = () =>
  command('what was cancelled with its edition is taken back', async (_, { world: { db, now } }) => {
    await retryFailed(db, { filter: { reason: 'edition_cancelled' }, now: now() });
  });

const wanted = (limit: number, now: Date) => ({ claimId: crypto.randomUUID(), now, leaseMs, limit });

export const claim = (limit: number) =>
  command(`claim ${limit}`, async (model, { world: { db, now } }) => {
    const claimed = await claimDeliveries(db, wanted(limit, now()));
    if (claimed.length > 0) model.jobs.push({ stage: 'claimed', claimed });
  });

/** What the next lost worker would park. */
export const claimRisky = () =>
  command('claim what is risky', async (model, { world: { db, now } }) => {
    const claimed = await claimOneRisky(db, wanted(1, now()));
    if (claimed.length > 0) model.jobs.push({ stage: 'claimed', claimed });
  });

/** Everything else may happen between the claim and its commit. */
export const claimSlowly = (limit: number) =>
  command(
    `claim ${limit}, slowly`,
    async (model, { world: { db, now } }) => {
      let end: (fate: 'commit' | 'die') => void = () => {};
      const fate = new Promise<'commit' | 'die'>((resolve) => {
        end = resolve;
      });
      let tellTaken = () => {};
      const isTaken = new Promise<void>((resolve) => {
        tellTaken = resolve;
      });
      const claimed = db
        .$transaction(
          async (tx) => {
            const taken = await claimDeliveries(tx, wanted(limit, now()));
            tellTaken();
            if ((await fate) === 'die') throw new Dead();
            return taken;
          },
          { timeout: 60_000 },
        )
        .catch((error: unknown) => {
          if (error instanceof Dead) return [];
          throw error;
        });
      await Promise.race([isTaken, claimed]);
      model.jobs.push({ stage: 'claiming', claimed, end });
    },
    (model) => model.jobs.every(({ stage }) => stage !== 'claiming'),
  );

/** A worker that dies in the middle of a statement: PostgreSQL undoes it. */
class Dead extends Error {}

export const advance = ({ at, answers }: { at: number; answers: Iterable<Answer> }) =>
  command(
    `a worker goes on (${at})`,
    async (model, real) => {
      const job = model.jobs[at % model.jobs.length];
      if (job === undefined) return;
      const next = await takeStep(job, { model, real, answers: answers[Symbol.iterator]() });
      model.jobs = model.jobs.flatMap((other) => (other !== job ? [other] : next === null ? [] : [next]));
    },
    (model) => model.jobs.length > 0,
  );

type StepNeeds = { model: Model; real: Real; answers: Iterator<Answer> };

async function takeStep(
  job: Job,
  { model, real: { world, writeMails }, answers }: StepNeeds,
): Promise<Job | null> {
  const { db, now } = world;
  switch (job.stage) {
    case 'claiming': {
      job.end('commit');
      const claimed = await job.claimed;
      return claimed.length === 0 ? null : { stage: 'claimed', claimed };
    }
    case 'claimed': {
      const written = await writeMails(job.claimed);
      const mails = written.filter((item) => item.type === 'mail');
      const unsent = written
        .filter((item) => item.type === 'unsent')
        .map(({ delivery: { id, day, claimId }, outcome }) => ({ id, day, claimId, outcome }));
      return { stage: 'written', mails, unsent };
    }
    case 'written': {
      await recordOutcomes(db, { outcomes: job.unsent, now: now() });
      if (job.mails.length === 0) return null;
      const wantedMails = job.mails.map((mail) => ({ ...mail.delivery, picks: mail.picks, mail }));
      const open = await startData(db, { mails: wantedMails, now: now(), leaseMs });
      const mails = open.map(({ mail }) => mail);
      for (const { delivery } of mails) expectWanted(model, delivery);
      return {
        stage: 'past the gate',
        mails,
        closed: job.mails.filter((mail) => !mails.includes(mail)),
      };
    }
    case 'past the gate': {
      const held = await listPicks(
        db,
        job.mails.map(({ picks }) => picks ?? []),
      );
      const outcomes = job.mails.map(({ delivery: { id, day, claimId } }, index) => {
        const answer: Answer = answers.next().value;
        if (answer === 'accepted' || answer === 'silent, stored') {
          model.stored.push({ deliveryId: id, papers: (held[index] ?? []).map(({ seq }) => seq) });
        }
        return { id, day, claimId, outcome: toOutcome(answer, now()) };
      });
      return { stage: 'sent', outcomes, closed: job.closed };
    }
    case 'sent': {
      await recordOutcomes(db, { outcomes: job.outcomes, now: now() });
      // Told again, as when the database's answer was lost.
      await recordOutcomes(db, { outcomes: job.outcomes, now: now() });
      await releaseClaims(
        db,
        job.closed.map(({ delivery }) => ({ ...delivery, nextTryAt: now() })),
      );
      return null;
    }
  }
}

function expectWanted(model: Model, { kind, edition, subscriberId }: ClaimedDelivery): void {
  ok(edition === null || !model.held.has(edition), `a mail may leave though ${edition} is held`);
  const reader = model.readers.find(({ id }) => id === subscriberId);
  ok(reader !== undefined && !reader.isSuppressed, 'a mail may leave for a suppressed reader');
  ok(reader.wantsMail === (kind !== 'confirmation'), `a ${kind} may leave for a reader who does not want it`);
}

const refusal = {
  code: 'unclear',
  reply: { code: 550, text: '550 no', stage: 'recipient', status: null },
  detail: null,
} as const;

function toOutcome(answer: Answer, now: Date): Outcome {
  switch (answer) {
    case 'accepted':
      return { type: answer, reply: { code: 250, text: '250 ok', stage: null, status: null } };
    case 'rejected':
      return { type: answer, ...refusal };
    case 'deferred':
      return { type: answer, ...refusal, nextTryAt: new Date(now.getTime() + minute) };
    default:
      return { type: 'unknown', code: 'no_answer', detail: 'the server fell silent' };
  }
}

/** As a worker that is stopped does with what it has not sent. */
const giveBack = (at: number) =>
  command(
    `a worker gives back (${at})`,
    async (model, { world: { db, now } }) => {
      const written = model.jobs.filter((job) => job.stage === 'written');
      const job = written[at % written.length];
      if (job === undefined) return;
      await releaseClaims(
        db,
        job.mails.map(({ delivery }) => ({ ...delivery, nextTryAt: now() })),
      );
      model.jobs = model.jobs.filter((other) => other !== job);
    },
    (model) => model.jobs.some(({ stage }) => stage === 'written'),
  );

export const crash = (at: number) =>
  command(
    `a worker dies (${at})`,
    async (model) => {
      const job = model.jobs[at % model.jobs.length];
      if (job?.stage === 'claiming') {
        job.end('die');
        await job.claimed;
      }
      model.jobs = model.jobs.filter((other) => other !== job);
    },
    (model) => model.jobs.length > 0,
  );

function readerAt({ readers }: Readonly<Model>, index: number): Reader {
  const reader = readers[index];
  if (reader === undefined) throw new Error(`no reader ${index}`);
  return reader;
}

function today(now: Date): string {
  return now.toISOString().slice(0, 10);
}

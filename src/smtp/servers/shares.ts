// The connections of a mail server, shared by all workers: what one learns that the server takes, all know, and together
// they hold no more of them. The sum is kept in PostgreSQL: a worker takes only what the others have given up.
import type { Db, DbOrTransaction } from '../../platform/postgres/db.ts';
import type { ServerLimits, SharedMailer } from '../mailer.ts';
import type { WindowLimit } from '../quota.ts';
import type { ServerHealth } from './health.ts';
import { quietMs } from './states.ts';

export type SharedServer = {
  /** The account: two users of one host have limits of their own. */
  server: string;
  name: string;
  worker: string;
  configured: number;
  perSecond: number | null;
  windows: WindowLimit[];
};

export type ServerShare = {
  /** Tells how it stands, and takes, or gives up, what its share is now. */
  look(): Promise<void>;
  /** What its mailer has just learned; the next look tells the others. */
  learn(limits: ServerLimits): void;
  isServedElsewhere(): boolean;
  /** Gives everything up. */
  leave(): Promise<void>;
};

const keptMs = 24 * 3_600_000;
const learnedForMs = 3_600_000;
const firstRaiseMs = 60_000;
const longestRaiseMs = learnedForMs / 2;

export function createServerShare(
  { db, now, health }: { db: Db; now: () => Date; health: () => ServerHealth },
  { server, worker, ...facts }: SharedServer,
  mailer: () => SharedMailer,
): ServerShare {
  let othersOpen = 0;
  let learned: ServerLimits | null = null;
  let isTrying = false;

  return {
    async look() {
      const at = now();
      const news = learned;
      learned = null;
      const { others, limit, mayTry } = await db.$transaction(async (tx) => {
        await lockServer(tx, server);
        const rows = await tx.serverReport.findMany({
          where: { server, worker: { not: worker }, seenAt: { gt: before(at, quietMs) } },
          select: { worker: true, open: true, held: true },
        });
        const open = sum(rows.map((row) => row.open));
        if (news !== null)
          await storeLearned(tx, { server, news, othersOpen: open, wasTrial: isTrying, now: at });
        const stored = await tx.serverLimit.findFirst({ where: { server, expiresAt: { gt: at } } });
        const total = stored?.connections ?? null;
        const mine = Math.min(
          facts.configured,
          total === null ? facts.configured : takeShare({ total, worker, others: rows, now: at }),
        );
        const isUsedUp = mine > 0 && mine < facts.configured && mailer().count().open >= mine;
        const mayTry = total !== null && isUsedUp && (await takeRaise(tx, { server, now: at }));
        // What is busy above the share is held until its mail is over.
        mailer().allow(mine);
        const count = mailer().count();
        const report = { ...facts, seenAt: at, ...health(), open: count.open, held: count.held };
        await tx.serverReport.upsert({
          where: { server_worker: { server, worker } },
          create: { server, worker, ...report },
          update: report,
        });
        await tx.serverReport.deleteMany({ where: { seenAt: { lt: before(at, keptMs) } } });
        return { others: open, limit: stored, mayTry };
      });
      othersOpen = others;
      isTrying = mayTry;
      if (limit?.mailsPerSession != null) mailer().limitSessions(limit.mailsPerSession, limit.expiresAt);
      if (mayTry) mailer().tryOneMore();
    },
    learn(limits) {
      learned = limits;
    },
    isServedElsewhere: () => othersOpen > 0,
    async leave() {
      // What it found stays, as from one that is quiet.
      const data = { open: 0, held: 0, seenAt: before(now(), quietMs) };
      await db.serverReport.updateMany({ where: { server, worker }, data });
    },
  };
}

type Other = { worker: string; open: number; held: number };

/** Its part, as far as the others have given it up: who has not heard of the limit yet keeps what is open. */
function takeShare({
  total,
  worker,
  others,
  now,
}: {
  total: number;
  worker: string;
  others: Other[];
  now: Date;
}): number {
  const all = [worker, ...others.map((other) => other.worker)];
  const taken = others.map(({ worker: other, open, held }) =>
    Math.min(held, Math.max(open, shareOf({ total, worker: other, all, now }))),
  );
  return Math.max(0, Math.min(shareOf({ total, worker, all, now }), total - sum(taken)));
}

/** An equal part of what the server takes. What cannot be parted goes round, a minute each. */
export function shareOf({
  total,
  worker,
  all,
  now,
}: {
  total: number;
  worker: string;
  all: string[];
  now: Date;
}): number {
  const turn = Math.floor(now.getTime() / 60_000);
  const place = ([...all].sort().indexOf(worker) + turn) % all.length;
  return Math.floor(total / all.length) + (place < total % all.length ? 1 : 0);
}

/** One look after the other: none sees what another is about to take as free. */
async function lockServer(tx: DbOrTransaction, server: string): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`share:${server}`}, 0))::text`;
}

async function storeLearned(
  tx: DbOrTransaction,
  {
    server,
    news,
    othersOpen,
    wasTrial,
    now,
  }: { server: string; news: ServerLimits; othersOpen: number; wasTrial: boolean; now: Date },
): Promise<void> {
  const before = await tx.serverLimit.findFirst({ where: { server, expiresAt: { gt: now } } });
  const known = before?.connections ?? null;
  const isTrialRefused = wasTrial && news.because === 'refused' && known !== null;
  const raiseAfterMs = isTrialRefused
    ? Math.min((before?.raiseAfterMs ?? firstRaiseMs) * 2, longestRaiseMs)
    : firstRaiseMs;
  const found = {
    // Never none: then nobody would find out that it takes mail again.
    refused: isTrialRefused ? known : Math.max(1, news.connections + othersOpen),
    taken: Math.max(known === null ? 0 : known + 1, news.connections + othersOpen),
    session: known,
  };
  const limit = {
    connections: found[news.because],
    mailsPerSession: news.mailsPerSession ?? before?.mailsPerSession ?? null,
    learnedAt: now,
    expiresAt: new Date(now.getTime() + learnedForMs),
    raiseAt: new Date(now.getTime() + raiseAfterMs),
    raiseAfterMs,
  };
  await tx.serverLimit.upsert({ where: { server }, create: { server, ...limit }, update: limit });
}

/** Whether this worker is the one to try a connection more, now. */
async function takeRaise(
  tx: DbOrTransaction,
  { server, now }: { server: string; now: Date },
): Promise<boolean> {
  const taken = await tx.$executeRaw`
    UPDATE server_limit SET raise_at = ${now}::timestamptz + make_interval(secs => raise_after_ms / 1000.0)
    WHERE server = ${server} AND raise_at <= ${now}`;
  return taken > 0;
}

const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0);

const before = (now: Date, ms: number) => new Date(now.getTime() - ms);

// Deliveries as an operator looks for them: by state, reason, domain, day or reader, the newest first; and all that is known of one.

import { listPicks } from '../../papers/pick-store.ts';
import { type DbOrTransaction, fromDateColumn, Prisma } from '../../platform/postgres/db.ts';
import { isPromisedSince } from '../conditions.ts';
import type { MailKind } from '../delivery.ts';
import { type EarlierTry, readTries, type TryEnd } from '../earlier-tries.ts';
import { findOutcomeCode, findRemedy, type OutcomeCode } from '../outcome-codes.ts';
import type { DeliveryState } from '../states.ts';

/** Which of them; what is left out counts for all. */
export type DeliveryFilter = {
  id?: bigint | undefined;
  state?: DeliveryState | undefined;
  /** A code of outcome-codes.ts. */
  reason?: string | undefined;
  /** Of the reader's address. */
  domain?: string | undefined;
  /** YYYY-MM-DD */
  edition?: string | undefined;
  subscriberId?: string | undefined;
  /** Promised then or later, and before that. */
  since?: Date | undefined;
  until?: Date | undefined;
};

export type ListedDelivery = TryEnd & {
  id: bigint;
  subscriberId: string;
  /** The reader's address of today. */
  email: string;
  kind: MailKind;
  /** YYYY-MM-DD; null for all but digests. */
  edition: string | null;
  state: DeliveryState;
  attempts: number;
  resent: boolean;
  createdAt: Date;
  /** Null while a worker has it in hand, and once it is finished. */
  nextTryAt: Date | null;
  finishedAt: Date | null;
};

type Row = Omit<ListedDelivery, 'edition' | 'nextTryAt'> & { edition: Date | null; nextTryAt: Date };

/** The newest first, in steps of `limit`; `before` is the id of the last one seen. */
export async function listDeliveries(
  db: DbOrTransaction,
  { filter, before, limit }: { filter: DeliveryFilter; before: bigint | null; limit: number },
): Promise<ListedDelivery[]> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT delivery.id, subscriber_id::text AS "subscriberId", email, kind::text AS kind, edition, state::text AS state,
      reason_code AS reason, reply_text AS reply, reply_code AS "replyCode", reply_status AS "replyStatus",
      smtp_stage::text AS "smtpStage", detail, attempts, resent, delivery.created_at AS "createdAt",
      next_try_at AS "nextTryAt", finished_at AS "finishedAt"
    FROM delivery JOIN subscriber ON subscriber.id = delivery.subscriber_id
    WHERE ${before === null ? Prisma.sql`true` : Prisma.sql`delivery.id < ${before}`} AND ${fitsDelivery(filter)}
    ORDER BY delivery.id DESC LIMIT ${limit}`;
  return rows.map(({ edition, nextTryAt, ...row }) => ({
    ...row,
    edition: edition && fromDateColumn(edition),
    nextTryAt: row.state === 'planned' || row.state === 'deferred' ? nextTryAt : null,
  }));
}

const perStep = 1000;

/** All of them, one by one, or the newest `most`. */
export async function* walkDeliveries(
  db: DbOrTransaction,
  { filter, most = Number.POSITIVE_INFINITY }: { filter: DeliveryFilter; most?: number },
): AsyncGenerator<ListedDelivery> {
  for (let before: bigint | null = null, left = most; left > 0; ) {
    const limit = Math.min(perStep, left);
    const step: ListedDelivery[] = await listDeliveries(db, { filter, before, limit });
    yield* step;
    left -= step.length;
    before = step.at(-1)?.id ?? null;
    if (step.length < limit) return;
  }
}

export type ShownDelivery = ListedDelivery & {
  /** Whose matter the reason is, and what can be done about it; null where nothing is to be said. */
  concerns: string | null;
  remedy: string | null;
  lostWorkers: number;
  resent: boolean;
  /** Those that did not end it, the first comes first: the last 20. A mail that waits has its last try there too. */
  earlierTries: EarlierTry[];
  bounces: { kind: string; status: string | null; diagnostic: string | null; receivedAt: Date }[];
  /** What the digest held, in its order. */
  papers: { seq: number; title: string | null }[];
};

/** Null: there is none. */
export async function findDeliveryById(db: DbOrTransaction, id: bigint): Promise<ShownDelivery | null> {
  const [listed] = await listDeliveries(db, { filter: { id }, before: null, limit: 1 });
  const row = await db.delivery.findFirst({
    where: { id },
    select: { day: true, picks: true, lostWorkers: true, earlierTries: true },
  });
  if (listed === undefined || row === null) return null;
  const bounces = await db.bounce.findMany({
    where: { deliveryId: id, day: row.day },
    select: { kind: true, status: true, diagnostic: true, receivedAt: true },
    orderBy: { receivedAt: 'asc' },
  });
  const [picks = []] = await listPicks(db, [row.picks]);
  const seqs = [...new Set(picks.map(({ seq }) => seq))];
  const papers = await db.paper.findMany({
    where: { seq: { in: seqs } },
    select: { seq: true, title: true },
  });
  const titles = new Map(papers.map(({ seq, title }) => [seq, title]));
  return {
    ...listed,
    concerns: findOutcomeCode(listed.reason)?.concerns ?? null,
    remedy: findRemedy(listed.reason as OutcomeCode | null),
    lostWorkers: row.lostWorkers,
    earlierTries: readTries(row.earlierTries),
    bounces,
    papers: seqs.map((seq) => ({ seq, title: titles.get(seq) ?? null })),
  };
}

/** SQL: whether a row of `delivery`, with its `subscriber`, is one of these. */
export function fitsDelivery({
  id,
  state,
  reason,
  domain,
  edition,
  subscriberId,
  since,
  until,
}: DeliveryFilter): Prisma.Sql {
  return Prisma.join(
    [
      Prisma.sql`true`,
      ...(id === undefined ? [] : [Prisma.sql`delivery.id = ${id}`]),
      ...(state === undefined ? [] : [Prisma.sql`delivery.state = ${state}::delivery_state`]),
      ...(reason === undefined ? [] : [Prisma.sql`delivery.reason_code = ${reason}`]),
      ...(domain === undefined
        ? []
        : [Prisma.sql`split_part(subscriber.email_key, '@', 2) = lower(${domain} COLLATE "C")`]),
      ...(edition === undefined
        ? []
        : [Prisma.sql`delivery.edition = ${edition}::date AND delivery.day = ${edition}::date`]),
      ...(subscriberId === undefined ? [] : [Prisma.sql`delivery.subscriber_id = ${subscriberId}::uuid`]),
      ...(since === undefined ? [] : [isPromisedSince(since)]),
      ...(until === undefined ? [] : [Prisma.sql`delivery.created_at < ${until}`]),
    ],
    ' AND ',
  );
}

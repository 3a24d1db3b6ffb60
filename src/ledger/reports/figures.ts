// What the database tells of how the service is, in one look of a few indexed counts.

import type { Figures } from '../../platform/metrics.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { isNotOver, isPromisedSince } from '../conditions.ts';

const dayMs = 24 * 60 * 60 * 1000;

export async function readFigures({ db, now }: { db: Db; now: Date }): Promise<Figures> {
  const lately = new Date(now.getTime() - 2 * dayMs);
  const deliveries = await db.$queryRaw<Count[]>`
    SELECT state::text AS label, count(*)::int AS value FROM delivery WHERE ${isPromisedSince(lately)} GROUP BY state`;
  const [due] = await db.$queryRaw<{ count: number; oldest: Date | null }[]>`
    SELECT count(*)::int AS count, min(next_try_at) AS oldest FROM delivery
    WHERE ${isNotOver} AND state IN ('planned', 'deferred') AND next_try_at <= ${now}`;
  const sources = await db.$queryRaw<Count[]>`
    SELECT source AS label, extract(epoch FROM ${now}::timestamptz - max(finished_at))::float AS value FROM source_fetch
    WHERE outcome IN ('ok', 'empty') GROUP BY source`;
  const subscribers = await db.$queryRaw<Count[]>`
    SELECT status::text AS label, count(*)::int AS value FROM subscriber GROUP BY status`;
  return {
    deliveries: toMap(deliveries),
    due: due?.count ?? 0,
    oldestDueSeconds: due?.oldest ? (now.getTime() - due.oldest.getTime()) / 1000 : 0,
    sourceAgeSeconds: toMap(sources),
    subscribers: toMap(subscribers),
    editionsHeld: await db.editionHold.count({ where: { state: 'paused' } }),
  };
}

type Count = { label: string; value: number };

const toMap = (rows: Count[]) => new Map(rows.map(({ label, value }) => [label, value]));

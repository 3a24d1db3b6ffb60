// Tells endpoints what happened: by rows in PostgreSQL, written in the statement or the transaction of what they tell of. Nothing
// is told that did not happen, and nothing is lost at a kill. They have ids and counts: no address, no secret.
import { type DbOrTransaction, Prisma } from '../platform/postgres/db.ts';
import type { EventType } from './events.ts';

type Told = {
  type: EventType;
  at: Date;
  /** A SELECT of one JSON object `data` for each event. */
  rows: Prisma.Sql;
};

/** As SQL, to end a statement that does what it tells of. */
export function tellInSql({ type, at, rows }: Told): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO webhook_message (event_id, endpoint_id, type, payload, created_at, next_try_at)
    SELECT event.id, endpoint.id, ${type}::text,
      json_build_object('type', ${type}::text, 'timestamp', ${at.toISOString()}::text, 'data', event.data)::text,
      ${at}::timestamptz, ${at}::timestamptz
    FROM (SELECT gen_random_uuid() AS id, fact.data FROM (${rows}) AS fact) AS event, webhook_endpoint AS endpoint
    WHERE endpoint.disabled_at IS NULL AND ${type}::text = ANY(endpoint.events)`;
}

export async function tell(tx: DbOrTransaction, told: Told): Promise<void> {
  await tx.$executeRaw(tellInSql(told));
}

/** `rows` of an event about one reader. */
export function aboutReader(id: string): Prisma.Sql {
  return Prisma.sql`SELECT json_build_object('subscriberId', ${id}::text) AS data`;
}

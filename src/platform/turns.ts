// Whose turn it is to do what comes round and is done by any one worker: kept in PostgreSQL, by its clock, so that it
// comes round whatever the queue does.
import type { Db } from './postgres/db.ts';

/** True for one of all who ask, once what was last begun lies `afterMs` back. */
export async function takeTurn(
  db: Db,
  { name, afterMs }: { name: string; afterMs: number },
): Promise<boolean> {
  const taken = await db.$executeRaw`
    INSERT INTO turn (name, taken_at) VALUES (${name}, clock_timestamp())
    ON CONFLICT (name) DO UPDATE SET taken_at = clock_timestamp()
    WHERE turn.taken_at <= clock_timestamp() - make_interval(secs => ${afterMs / 1000})`;
  return taken > 0;
}

/** As told by the queue: whoever asks after this waits. */
export async function beginTurn(db: Db, name: string): Promise<void> {
  await takeTurn(db, { name, afterMs: 0 });
}

export async function endTurn(db: Db, name: string): Promise<void> {
  await db.$executeRaw`UPDATE turn SET done_at = clock_timestamp() WHERE name = ${name}`;
}

/** How long ago anybody did it to its end, in milliseconds. Null: nobody ever did. */
export async function measureAge(db: Db, name: string): Promise<number | null> {
  const [row] = await db.$queryRaw<{ ageMs: number | null }[]>`
    SELECT (EXTRACT(EPOCH FROM clock_timestamp() - done_at) * 1000)::float8 AS "ageMs" FROM turn WHERE name = ${name}`;
  return row?.ageMs ?? null;
}

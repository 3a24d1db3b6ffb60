// What dead workers had in hand is free once its lease ends: here that is when the living have sent nothing for a while.
import { runSql } from './sql.ts';

/** Longer than a mail server of the tests takes for an answer. */
const quietMs = 8000;

/**
 * `countSent`: of mails, in all. `planned`: how many deliveries there are to be. `resends`: what is unknown is sent once more,
 * so that it is open until it was. To be asked again and again once nobody dies any more.
 */
export function watchTheLiving({
  databaseUrl,
  countSent,
  planned,
  resends = false,
}: {
  databaseUrl: string;
  countSent: () => number;
  planned: number;
  resends?: boolean;
}): () => Promise<'at rest' | 'leases ended' | 'at work'> {
  let sent = { count: -1, at: 0 };
  return async () => {
    if (countSent() > sent.count) sent = { count: countSent(), at: performance.now() };
    // In one statement: between two, a worker could plan what the first did not see and the second does not ask for.
    const [row] = await runSql(
      databaseUrl,
      `SELECT count(*)::int AS planned,
         count(*) FILTER (WHERE finished_at IS NULL OR (${resends} AND state = 'unknown' AND NOT resent))::int AS open,
         count(*) FILTER (WHERE finished_at IS NULL AND state IN ('claimed', 'data_started'))::int AS held
       FROM delivery`,
    );
    if (row?.planned === planned && row?.open === 0) return 'at rest';
    if (row?.open !== row?.held || performance.now() - sent.at < quietMs) return 'at work';
    await runSql(
      databaseUrl,
      "UPDATE delivery SET lease_until = now() WHERE finished_at IS NULL AND state IN ('claimed', 'data_started')",
    );
    return 'leases ended';
  };
}

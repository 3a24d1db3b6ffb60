// What dead workers had in hand is free once its lease ends: here that is when the living have sent nothing for a while.
import { runSql } from './sql.ts';

/** Longer than a mail server of the tests takes for an answer. */
const quietMs = 8000;

/** `countSent`: of mails, in all. To be asked again and again once nobody dies any more. */
export function watchTheLiving({
  databaseUrl,
  countSent,
}: {
  databaseUrl: string;
  countSent: () => number;
}): () => Promise<'nothing open' | 'leases ended' | 'at work'> {
  let sent = { count: -1, at: 0 };
  return async () => {
    if (countSent() > sent.count) sent = { count: countSent(), at: performance.now() };
    const [row] = await runSql(
      databaseUrl,
      `SELECT count(*)::int AS open, count(*) FILTER (WHERE state IN ('claimed', 'data_started'))::int AS held
       FROM delivery WHERE finished_at IS NULL`,
    );
    if (row?.open === 0) return 'nothing open';
    if (row?.open !== row?.held || performance.now() - sent.at < quietMs) return 'at work';
    await runSql(
      databaseUrl,
      "UPDATE delivery SET lease_until = now() WHERE finished_at IS NULL AND state IN ('claimed', 'data_started')",
    );
    return 'leases ended';
  };
}

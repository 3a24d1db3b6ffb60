// Very many readers at once, for runs in which a confirmation for each would cost more than the run.
import { runSql } from './sql.ts';

/**
 * `reader1@d1.example.org` and so on, over seven domains: active, following mixture-of-experts, served nothing so far,
 * due for as long as PostgreSQL's clock has been going. Their digests are still to be planned.
 */
export async function subscribeCrowd(databaseUrl: string, count: number): Promise<void> {
  const address = "'reader' || n || '@d' || (n % 7) || '.example.org'";
  await runSql(
    databaseUrl,
    `INSERT INTO subscriber (email, email_key, status, confirmed_at, next_digest_at)
     SELECT ${address}, ${address}, 'active', '2026-01-01', '2026-01-02' FROM generate_series(1, ${Number(count)}) AS n`,
    `INSERT INTO subscriber_topic (subscriber_id, topic_id) SELECT id, 'mixture-of-experts' FROM subscriber`,
  );
}

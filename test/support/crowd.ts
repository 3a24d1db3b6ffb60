// Very many readers at once, for runs in which a confirmation for each would cost more than the run.
import pg from 'pg';
import { runSql } from './sql.ts';

/**
 * `reader1@d1.example.org` and so on, over seven domains: active, following mixture-of-experts, served nothing so far,
 * due for as long as PostgreSQL's clock has been going. Their digests are still to be planned.
 */
export async function subscribeCrowd(databaseUrl: string, count: number): Promise<void> {
  await subscribeAll(
    databaseUrl,
    Array.from({ length: count }, (_, index) => `reader${index + 1}@d${(index + 1) % 7}.example.org`),
  );
}

/** Likewise, with these addresses, all in lower case. */
export async function subscribeAll(databaseUrl: string, emails: readonly string[]): Promise<void> {
  const list = pg.escapeLiteral(JSON.stringify(emails));
  await runSql(
    databaseUrl,
    `INSERT INTO subscriber (email, email_key, status, confirmed_at, next_digest_at)
     SELECT email, email, 'active', '2026-01-01', '2026-01-02' FROM jsonb_array_elements_text(${list}) AS email`,
    `INSERT INTO subscriber_topic (subscriber_id, topic_id)
     SELECT id, 'mixture-of-experts' FROM subscriber ON CONFLICT DO NOTHING`,
  );
}

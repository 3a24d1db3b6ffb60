// What became of mails that were claimed: one statement, so that a kill leaves all of it or nothing.
import { type DbOrTransaction, Prisma, queryPrepared } from '../platform/postgres/db.ts';
import { maskAddresses } from '../text/mask-addresses.ts';
import type { Outcome, RecordedOutcome, Reply } from './delivery.ts';
import { addTry } from './earlier-tries.ts';
import { claimIdsOf, daysOf, idsOf } from './given-columns.ts';
import { spanOf } from './months.ts';
import { isOurTrouble } from './outcome-codes.ts';

/**
 * Writes outcomes, and with them how far their readers are served; what puts a mail off stays with it among its earlier
 * tries. Told again, it changes nothing more. An answer that comes after the lease ran out still tells what happened: the
 * `unknown` it left is replaced.
 */
export async function recordOutcomes(
  db: DbOrTransaction,
  { outcomes, now }: { outcomes: RecordedOutcome[]; now: Date },
): Promise<void> {
  if (outcomes.length === 0) return;
  const { first, last } = spanOf(outcomes);
  const states = outcomes.map(({ outcome }) => outcome.type);
  const columns = outcomes.map(({ outcome }) => toColumns(outcome));
  const nextTries = outcomes.map(({ outcome }) =>
    outcome.type === 'deferred' ? outcome.nextTryAt.toISOString() : null,
  );
  const areOurs = outcomes.map(({ outcome }) => outcome.type === 'deferred' && isOurTrouble(outcome.code));
  const record = Prisma.sql`
    WITH given AS (
      SELECT * FROM unnest(${idsOf(outcomes)}::bigint[], ${daysOf(outcomes)}::date[], ${claimIdsOf(outcomes)}::uuid[], ${states}::delivery_state[],
        ${nextTries}::timestamptz[], ${columns.map(({ code }) => code)}::text[], ${columns.map(({ detail }) => detail)}::text[],
        ${columns.map(({ reply }) => reply?.stage ?? null)}::smtp_stage[], ${columns.map(({ reply }) => reply?.code ?? null)}::smallint[],
        ${columns.map(({ reply }) => reply?.status ?? null)}::text[], ${columns.map(({ reply }) => reply?.text ?? null)}::text[],
        ${areOurs}::boolean[])
        AS given(id, day, claim_id, state, next_try_at, reason_code, detail, smtp_stage, reply_code, reply_status, reply_text,
          is_ours)
    ), written AS (
      UPDATE delivery SET state = given.state, lease_until = NULL, reason_code = given.reason_code, detail = given.detail,
        smtp_stage = given.smtp_stage, reply_code = given.reply_code, reply_status = given.reply_status,
        reply_text = given.reply_text,
        earlier_tries = CASE WHEN given.state = 'deferred' THEN ${addTry(Prisma.sql`given`, Prisma.sql`${now}::timestamptz`)}
          ELSE delivery.earlier_tries END,
        patience_from = CASE WHEN given.is_ours THEN ${now}::timestamptz ELSE delivery.patience_from END,
        next_try_at = COALESCE(given.next_try_at, delivery.next_try_at),
        finished_at = CASE WHEN given.state = 'deferred' THEN NULL ELSE ${now}::timestamptz END
      FROM given
      WHERE delivery.id = given.id AND delivery.day = given.day AND delivery.day BETWEEN ${first}::date AND ${last}::date
        AND delivery.claim_id = given.claim_id
        AND (delivery.state IN ('claimed', 'data_started', 'unknown')
          -- Settled as not sent, and not claimed again yet: it was sent after all.
          OR delivery.state = 'deferred' AND delivery.resent AND given.state = 'accepted')
      RETURNING delivery.subscriber_id, delivery.through_seq, delivery.state
    )
    UPDATE subscriber SET served_through = GREATEST(served_through, written.through_seq)
    FROM written
    WHERE subscriber.id = written.subscriber_id AND written.through_seq IS NOT NULL
      AND written.state IN ('accepted', 'nothing')`;
  await queryPrepared(db, record);
}

function toColumns(outcome: Outcome): { code: string | null; detail: string | null; reply: Reply | null } {
  const code = 'code' in outcome ? outcome.code : null;
  const detail = 'detail' in outcome ? outcome.detail : null;
  const reply = 'reply' in outcome ? outcome.reply : null;
  return {
    code,
    detail: detail && toText(detail),
    reply: reply && { ...reply, text: toText(reply.text) },
  };
}

/** What a server says can hold whom it refused, and a byte that PostgreSQL stores in no text. */
function toText(words: string): string {
  return maskAddresses(words.slice(0, 1000)).replaceAll('\0', ' ');
}

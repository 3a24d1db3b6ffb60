// The tries of a mail that did not end it, beside the last one, which its row has in columns of their own: so that what servers
// said on the way is not lost with the next answer.

import { z } from 'zod';
import { Prisma } from '../platform/postgres/db.ts';
import { type SmtpStage, smtpStages } from './outcome-codes.ts';
import { type DeliveryState, deliveryStates } from './states.ts';

/** What is known of how a try ended. */
export type TryEnd = {
  /** One of outcome-codes.ts. */
  reason: string | null;
  /** What the server answered last; with how far the conversation was, and its codes, when it refused. */
  reply: string | null;
  replyCode: number | null;
  replyStatus: string | null;
  smtpStage: SmtpStage | null;
  /** What went wrong on our side, in words. */
  detail: string | null;
};

export type EarlierTry = TryEnd & {
  at: Date;
  /** What it came to: put off; or refused, unknown or accepted, and sent again after all. */
  state: DeliveryState;
};

/** A mail that waits for our own matter is tried for as long as it takes. */
const mostTries = 20;
const newestTries = `$[last - ${mostTries - 1} to last]`;

/**
 * SQL: `delivery.earlier_tries` with one more, as `row` says it: `delivery` itself, or what is given to be written to it. The
 * oldest makes room.
 */
export function addTry(row: Prisma.Sql, at: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`jsonb_path_query_array(
    COALESCE(delivery.earlier_tries, '[]') || jsonb_strip_nulls(jsonb_build_object(
      'at', to_char(${at} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'state', ${row}.state,
      'reasonCode', ${row}.reason_code, 'smtpStage', ${row}.smtp_stage, 'replyCode', ${row}.reply_code,
      'replyStatus', ${row}.reply_status, 'replyText', ${row}.reply_text, 'detail', ${row}.detail)),
    ${newestTries}::jsonpath)`;
}

/** SQL: the same with the outcome that the row has, which is to be set back. */
export const addLastTry = addTry(Prisma.sql`delivery`, Prisma.sql`COALESCE(delivery.finished_at, now())`);

const storedTries = z.array(
  z
    .object({
      at: z.coerce.date(),
      state: z.enum(deliveryStates),
      reasonCode: z.string().nullable().default(null),
      smtpStage: z.enum(smtpStages).nullable().default(null),
      replyCode: z.int().nullable().default(null),
      replyStatus: z.string().nullable().default(null),
      replyText: z.string().nullable().default(null),
      detail: z.string().nullable().default(null),
    })
    .transform(({ reasonCode, replyText, ...rest }) => ({ ...rest, reason: reasonCode, reply: replyText })),
);

/** Of the column, the first that was made comes first. */
export function readTries(column: Prisma.JsonValue): EarlierTry[] {
  return storedTries.parse(column ?? []);
}

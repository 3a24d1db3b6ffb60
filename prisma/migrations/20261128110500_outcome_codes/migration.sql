-- What `reason` said in one text becomes columns: a code, how far the conversation was, and the server's reply.
CREATE TYPE "smtp_stage" AS ENUM ('connection', 'tls', 'login', 'sender', 'recipient', 'content');

ALTER TABLE "delivery" RENAME COLUMN "reason" TO "reply_text";
ALTER TABLE "delivery" ADD COLUMN "reason_code" TEXT,
ADD COLUMN "reply_code" SMALLINT,
ADD COLUMN "reply_status" TEXT,
ADD COLUMN "smtp_stage" "smtp_stage",
ADD COLUMN "detail" TEXT;

-- A refusal stood there as `RCPT TO: 550 5.1.1 …`, behind `given up after a day: ` where it had been tried for so long.
WITH "read" AS (
  SELECT "id", "state", "reply_text" AS "old",
    substring("reply_text" FROM '^(?:given up after a day: )?((?:CONN|HELO|EHLO|LHLO|STARTTLS|AUTH[A-Z0-9 -]*|MAIL FROM|RCPT TO|DATA|API|QUIT): (?:[245]\d\d).*)$') AS "refusal"
  FROM "delivery" WHERE "reply_text" IS NOT NULL
), "split" AS (
  SELECT "id", "state", "old", split_part("refusal", ': ', 1) AS "command",
    CASE WHEN "state" = 'accepted' THEN "old" ELSE substring("refusal" FROM ': (.*)$') END AS "reply"
  FROM "read"
)
UPDATE "delivery" SET
  "reply_text" = "reply",
  "reply_code" = substring("reply" FROM '^[245]\d\d')::smallint,
  "reply_status" = CASE WHEN "command" IS NOT NULL THEN substring("reply" FROM '^\d{3}[ -]+([245]\.\d{1,3}\.\d{1,3})') END,
  "smtp_stage" = (CASE
    WHEN "command" IS NULL THEN NULL
    WHEN "command" = 'STARTTLS' THEN 'tls'
    WHEN "command" LIKE 'AUTH%' THEN 'login'
    WHEN "command" = 'MAIL FROM' THEN 'sender'
    WHEN "command" = 'RCPT TO' THEN 'recipient'
    WHEN "command" = 'DATA' THEN 'content'
    ELSE 'connection' END)::"smtp_stage",
  -- Whoever was refused is judged already, but for the last minute: what is not, the next mail brings up again.
  "reason_code" = CASE
    WHEN "split"."state" = 'accepted' THEN NULL
    WHEN "command" IS NOT NULL THEN 'unclear'
    WHEN "old" = 'no new papers' THEN 'no_papers'
    WHEN "old" = 'no new paper matched' THEN 'no_match'
    WHEN "old" = 'the edition was cancelled' THEN 'edition_cancelled'
    WHEN "old" = 'carried into a later digest' THEN 'carried'
    WHEN "old" = 'the address is suppressed' THEN 'suppressed'
    WHEN "old" = 'paused by the reader' THEN 'paused'
    WHEN "old" = 'the subscriber is gone' THEN 'subscriber_gone'
    WHEN "old" = 'it is about nothing any more' THEN 'about_nothing'
    WHEN "split"."state" = 'cancelled' THEN 'other_status'
    WHEN "old" = 'the worker ended before the server answered' THEN 'worker_ended'
    WHEN "split"."state" = 'unknown' THEN 'no_answer'
    WHEN "old" LIKE 'not written: %' THEN 'not_written'
    WHEN "split"."state" = 'rejected' THEN 'cannot_be_sent'
    ELSE 'no_connection' END,
  "detail" = CASE
    WHEN "split"."state" IN ('accepted', 'nothing', 'cancelled')
      OR "old" = 'the worker ended before the server answered' THEN NULL
    WHEN "command" IS NULL THEN regexp_replace("old", '^not written: ', '')
    WHEN "old" LIKE 'given up after a day: %' THEN 'given up after a day' END
FROM "split" WHERE "delivery"."id" = "split"."id";

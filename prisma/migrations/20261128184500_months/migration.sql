-- What grows with time is kept in partitions by month: delivery and bounce by the day they are filed under, source_fetch by
-- its start. Rows are copied once, and indexes built over what was copied. Of the ledger's indexes none is over what a claim
-- or the gate changes (state, claim, lease), so that these stay within the row's page.

-- The ledger.
ALTER TABLE "bounce" DROP CONSTRAINT "bounce_delivery_id_fkey";
ALTER TABLE "delivery" RENAME TO "delivery_before";
ALTER TABLE "delivery_before" DROP CONSTRAINT "delivery_pkey", DROP CONSTRAINT "delivery_subscriber_id_fkey";
DROP INDEX "delivery_subscriber_id_edition_key", "delivery_due_idx", "delivery_under_way_idx", "delivery_rejected_idx", "delivery_edition_created_at_idx";

-- Columns in an order that leaves no gaps between them.
CREATE TABLE "delivery" (
    "id" BIGINT NOT NULL DEFAULT nextval('delivery_id_seq'::regclass),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "next_try_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lease_until" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "patience_from" TIMESTAMPTZ(3),
    "subscriber_id" UUID NOT NULL,
    "claim_id" UUID,
    "sign_up_id" UUID,
    "day" DATE NOT NULL DEFAULT ((now() AT TIME ZONE 'UTC'::text))::date,
    "edition" DATE,
    "kind" "mail_kind" NOT NULL,
    "state" "delivery_state" NOT NULL DEFAULT 'planned',
    "through_seq" INTEGER,
    "listed_from" DATE,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "smtp_stage" "smtp_stage",
    "lost_workers" SMALLINT NOT NULL DEFAULT 0,
    "reply_code" SMALLINT,
    "resent" BOOLEAN NOT NULL DEFAULT false,
    "picks" INTEGER[],
    "reason_code" TEXT,
    "reply_status" TEXT,
    "reply_text" TEXT,
    "detail" TEXT,

    -- The day a digest is for is half of what keeps it from being sent twice; other mails are for no day.
    CONSTRAINT "delivery_digest_has_edition" CHECK (("kind" = 'digest') = ("edition" IS NOT NULL)),
    -- ... and it is found, and unique, where it is filed.
    CONSTRAINT "delivery_day_is_edition" CHECK ("edition" = "day"),
    -- What the reader was served is known only with the end of the window.
    CONSTRAINT "delivery_digest_has_through_seq" CHECK ("kind" <> 'digest' OR "through_seq" IS NOT NULL),
    -- A mail in somebody's hands says whose and until when, and one in nobody's cannot expire. The last claim stays on record.
    CONSTRAINT "delivery_lease_while_claimed" CHECK (("state" IN ('claimed', 'data_started')) = ("lease_until" IS NOT NULL)),
    CONSTRAINT "delivery_claimed_by_someone" CHECK ("state" NOT IN ('claimed', 'data_started') OR "claim_id" IS NOT NULL),
    -- What went wrong says why: that is how it is found.
    CONSTRAINT "delivery_trouble_has_reason" CHECK ("state" NOT IN ('rejected', 'unknown') OR "reason_code" IS NOT NULL),
    -- Exactly what is over has an end.
    CONSTRAINT "delivery_finished_at_when_final"
      CHECK (("state" IN ('accepted', 'rejected', 'unknown', 'nothing', 'cancelled')) = ("finished_at" IS NOT NULL)),
    CONSTRAINT "delivery_attempts_not_negative" CHECK ("attempts" >= 0)
) PARTITION BY RANGE ("day");
ALTER SEQUENCE "delivery_id_seq" OWNED BY "delivery"."id";

-- What came back.
ALTER TABLE "bounce" RENAME TO "bounce_before";
ALTER TABLE "bounce_before" DROP CONSTRAINT "bounce_pkey";

CREATE TABLE "bounce" (
    "delivery_id" BIGINT NOT NULL,
    "day" DATE NOT NULL,
    "subscriber_id" UUID NOT NULL,
    "kind" "bounce_kind" NOT NULL,
    "status" TEXT,
    "diagnostic" TEXT,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "bounce_is_short" CHECK (char_length("status") <= 20 AND char_length("diagnostic") <= 500)
) PARTITION BY RANGE ("day");

-- What sources answered.
ALTER TABLE "source_fetch" RENAME TO "source_fetch_before";
ALTER TABLE "source_fetch_before" DROP CONSTRAINT "source_fetch_pkey";
DROP INDEX "source_fetch_source_day_id_idx";

CREATE TABLE "source_fetch" (
    "id" BIGINT NOT NULL DEFAULT nextval('source_fetch_id_seq'::regclass),
    "source" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "outcome" "fetch_outcome",
    "new_papers" INTEGER NOT NULL DEFAULT 0,
    "known_papers" INTEGER NOT NULL DEFAULT 0,
    "updated_papers" INTEGER NOT NULL DEFAULT 0,
    "reason" TEXT,
    "warnings" TEXT[],
    "next_try_at" TIMESTAMPTZ(3),
    "validators" JSONB,

    -- A fetch that ended says how, and one that failed says why.
    CONSTRAINT "source_fetch_finished_has_outcome" CHECK (("outcome" IS NULL) = ("finished_at" IS NULL)),
    CONSTRAINT "source_fetch_failed_has_reason" CHECK ("outcome" <> 'failed' OR "reason" IS NOT NULL),
    -- What is under way is not yet to be tried again.
    CONSTRAINT "source_fetch_next_try_after_end" CHECK ("next_try_at" IS NULL OR "outcome" IS NOT NULL)
) PARTITION BY RANGE ("started_at");
ALTER SEQUENCE "source_fetch_id_seq" OWNED BY "source_fetch"."id";

-- From the oldest month that there is to the one after next, and one for whatever has no month (yet): it is never in the way.
-- Later months are made by platform/partitions.ts. Two thirds of the ledger's pages are left to the steps of the mails in them.
DO $$
DECLARE
  kept RECORD;
  month DATE;
  this_month DATE := date_trunc('month', now() AT TIME ZONE 'UTC');
BEGIN
  FOR kept IN
    SELECT 'delivery' AS name, least(min(coalesce(edition, (created_at AT TIME ZONE 'UTC')::date)), this_month) AS first_day,
      'fillfactor = 33' AS hot FROM delivery_before
    UNION ALL SELECT 'bounce', least(min(coalesce(edition, (created_at AT TIME ZONE 'UTC')::date)), this_month), 'fillfactor = 100'
      FROM delivery_before
    UNION ALL SELECT 'source_fetch', least(min(started_at AT TIME ZONE 'UTC'), this_month), 'fillfactor = 100' FROM source_fetch_before
  LOOP
    EXECUTE format('CREATE TABLE %I PARTITION OF %I DEFAULT', kept.name || '_default', kept.name);
    -- An edition may be of a day of the month before.
    month := least(date_trunc('month', kept.first_day), this_month - interval '1 month');
    WHILE month <= this_month + interval '2 months' LOOP
      EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L) WITH (%s)',
        kept.name || to_char(month, '_YYYY_MM'), kept.name, to_char(month, 'YYYY-MM-DD"T00:00:00Z"'),
        to_char(month + interval '1 month', 'YYYY-MM-DD"T00:00:00Z"'),
        CASE WHEN month >= this_month - interval '1 month' THEN kept.hot ELSE 'fillfactor = 100' END);
      month := month + interval '1 month';
    END LOOP;
  END LOOP;
END $$;

INSERT INTO "bounce" ("delivery_id", "day", "subscriber_id", "kind", "status", "diagnostic", "received_at")
SELECT "delivery_id", coalesce("edition", ("created_at" AT TIME ZONE 'UTC')::date), "subscriber_id", "bounce_before"."kind", "status",
  "diagnostic", "received_at"
FROM "bounce_before" JOIN "delivery_before" ON "delivery_before"."id" = "delivery_id";
DROP TABLE "bounce_before";

INSERT INTO "delivery" ("id", "created_at", "next_try_at", "lease_until", "finished_at", "patience_from", "subscriber_id",
  "claim_id", "sign_up_id", "day", "edition", "kind", "state", "through_seq", "listed_from", "attempts", "smtp_stage",
  "lost_workers", "reply_code", "resent", "picks", "reason_code", "reply_status", "reply_text", "detail")
SELECT "id", "created_at", "next_try_at", "lease_until", "finished_at", "patience_from", "subscriber_id", "claim_id",
  "sign_up_id", coalesce("edition", ("created_at" AT TIME ZONE 'UTC')::date), "edition", "kind", "state", "through_seq",
  "listed_from", "attempts", "smtp_stage", "lost_workers", "reply_code", "resent", "picks",
  CASE WHEN "state" IN ('rejected', 'unknown', 'deferred') THEN coalesce("reason_code", 'unclear') ELSE "reason_code" END, "reply_status",
  "reply_text", "detail"
FROM "delivery_before";
DROP TABLE "delivery_before";

INSERT INTO "source_fetch" ("id", "source", "day", "started_at", "finished_at", "outcome", "new_papers", "known_papers",
  "updated_papers", "reason", "warnings", "next_try_at", "validators")
SELECT "id", "source", "day", "started_at", "finished_at", "outcome", "new_papers", "known_papers", "updated_papers", "reason",
  "warnings", "next_try_at", "validators"
FROM "source_fetch_before";
DROP TABLE "source_fetch_before";

ALTER TABLE "delivery" ADD CONSTRAINT "delivery_pkey" PRIMARY KEY ("id", "day");
CREATE UNIQUE INDEX "delivery_subscriber_id_edition_day_key" ON "delivery"("subscriber_id", "edition", "day");
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_subscriber_id_fkey"
  FOREIGN KEY ("subscriber_id") REFERENCES "subscriber"("id") ON DELETE CASCADE ON UPDATE CASCADE;
CREATE INDEX "delivery_edition_created_at_idx" ON "delivery" USING BRIN ("edition", "created_at");
-- What is due, and whose mails are under way, among rows of which nearly all are long finished. By statistics of a quiet hour
-- both indexes are empty, and either would do for the other's question: that every id is above 0 is said so that it cannot.
CREATE INDEX "delivery_due_idx" ON "delivery"("next_try_at", "id") WHERE "finished_at" IS NULL AND "id" > 0;
CREATE INDEX "delivery_unfinished_idx" ON "delivery"("subscriber_id") WHERE "finished_at" IS NULL;
-- What went wrong: an accepted mail has no reason, and costs nothing here. Nor does one that was never to be sent: the codes
-- are those of what is no trouble, see `isTrouble` in ledger/store.ts.
CREATE INDEX "delivery_trouble_idx" ON "delivery"("finished_at") WHERE "reason_code" NOT IN ('no_papers', 'no_match',
  'edition_cancelled', 'carried', 'suppressed', 'paused', 'other_status', 'subscriber_gone', 'about_nothing');

ALTER TABLE "bounce" ADD CONSTRAINT "bounce_pkey" PRIMARY KEY ("delivery_id", "day", "kind");
CREATE INDEX "bounce_subscriber_id_idx" ON "bounce"("subscriber_id");
ALTER TABLE "bounce" ADD CONSTRAINT "bounce_subscriber_id_fkey"
  FOREIGN KEY ("subscriber_id") REFERENCES "subscriber"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "source_fetch" ADD CONSTRAINT "source_fetch_pkey" PRIMARY KEY ("id", "started_at");
CREATE INDEX "source_fetch_source_day_id_idx" ON "source_fetch"("source", "day", "id");

-- Each digest writes its reader's row twice, too.
ALTER TABLE "subscriber" SET (fillfactor = 80);

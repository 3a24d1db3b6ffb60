-- CreateEnum
CREATE TYPE "subscriber_status" AS ENUM ('pending', 'active', 'unsubscribed');

-- CreateEnum
CREATE TYPE "mail_kind" AS ENUM ('digest', 'confirmation', 'already_subscribed');

-- CreateEnum
CREATE TYPE "delivery_state" AS ENUM ('planned', 'claimed', 'data_started', 'accepted', 'deferred', 'rejected', 'unknown', 'nothing', 'cancelled');

-- CreateTable
CREATE TABLE "subscriber" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "email" TEXT NOT NULL,
    "email_key" TEXT NOT NULL,
    "status" "subscriber_status" NOT NULL DEFAULT 'pending',
    "digest_hour" INTEGER NOT NULL DEFAULT 7,
    "time_zone" TEXT NOT NULL DEFAULT 'UTC',
    "max_papers" INTEGER NOT NULL DEFAULT 10,
    "served_through" INTEGER NOT NULL DEFAULT 0,
    "next_digest_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "confirmed_at" TIMESTAMPTZ(3),
    "unsubscribed_at" TIMESTAMPTZ(3),

    CONSTRAINT "subscriber_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "suppression" (
    "email_key" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "suppression_pkey" PRIMARY KEY ("email_key")
);

-- CreateTable
CREATE TABLE "topic" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "retired" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "topic_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "subscriber_topic" (
    "subscriber_id" UUID NOT NULL,
    "topic_id" TEXT NOT NULL,

    CONSTRAINT "subscriber_topic_pkey" PRIMARY KEY ("subscriber_id","topic_id")
);

-- CreateTable
CREATE TABLE "keyword_query" (
    "id" SERIAL NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "keyword_query_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "subscriber_keyword" (
    "subscriber_id" UUID NOT NULL,
    "query_id" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,

    CONSTRAINT "subscriber_keyword_pkey" PRIMARY KEY ("subscriber_id","query_id")
);

-- CreateTable
CREATE TABLE "paper" (
    "seq" SERIAL NOT NULL,
    "key" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "abstract" TEXT,
    "authors_count" INTEGER,
    "organization" TEXT,
    "published_on" DATE,
    "comments" INTEGER,
    "upvotes" INTEGER,
    "links" TEXT[],
    "first_listed_on" DATE NOT NULL,
    "topics_version" TEXT,

    CONSTRAINT "paper_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "paper_topic" (
    "paper_seq" INTEGER NOT NULL,
    "topic_id" TEXT NOT NULL,
    "score" DOUBLE PRECISION NOT NULL,
    "because" TEXT[],

    CONSTRAINT "paper_topic_pkey" PRIMARY KEY ("paper_seq","topic_id")
);

-- CreateTable
CREATE TABLE "listing" (
    "id" SERIAL NOT NULL,
    "source" TEXT NOT NULL,
    "date" DATE NOT NULL,
    "imported_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "listing_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "listing_paper" (
    "listing_id" INTEGER NOT NULL,
    "paper_seq" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,

    CONSTRAINT "listing_paper_pkey" PRIMARY KEY ("listing_id","paper_seq")
);

-- CreateTable
CREATE TABLE "delivery" (
    "id" BIGSERIAL NOT NULL,
    "subscriber_id" UUID NOT NULL,
    "kind" "mail_kind" NOT NULL,
    "edition" DATE,
    "state" "delivery_state" NOT NULL DEFAULT 'planned',
    "reason" TEXT,
    "through_seq" INTEGER,
    "picks" JSONB,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_try_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "claim_id" UUID,
    "lease_until" TIMESTAMPTZ(3),
    "resent" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "delivery_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "subscriber_email_key_key" ON "subscriber"("email_key");

-- CreateIndex
CREATE UNIQUE INDEX "keyword_query_text_key" ON "keyword_query"("text");

-- CreateIndex
CREATE UNIQUE INDEX "paper_key_key" ON "paper"("key");

-- CreateIndex
CREATE INDEX "paper_first_listed_on_idx" ON "paper"("first_listed_on");

-- CreateIndex
CREATE UNIQUE INDEX "listing_source_date_key" ON "listing"("source", "date");

-- CreateIndex
CREATE INDEX "listing_paper_paper_seq_idx" ON "listing_paper"("paper_seq");

-- CreateIndex
CREATE UNIQUE INDEX "delivery_subscriber_id_edition_key" ON "delivery"("subscriber_id", "edition");

-- AddForeignKey
ALTER TABLE "subscriber_topic" ADD CONSTRAINT "subscriber_topic_subscriber_id_fkey" FOREIGN KEY ("subscriber_id") REFERENCES "subscriber"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscriber_topic" ADD CONSTRAINT "subscriber_topic_topic_id_fkey" FOREIGN KEY ("topic_id") REFERENCES "topic"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscriber_keyword" ADD CONSTRAINT "subscriber_keyword_subscriber_id_fkey" FOREIGN KEY ("subscriber_id") REFERENCES "subscriber"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscriber_keyword" ADD CONSTRAINT "subscriber_keyword_query_id_fkey" FOREIGN KEY ("query_id") REFERENCES "keyword_query"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "paper_topic" ADD CONSTRAINT "paper_topic_paper_seq_fkey" FOREIGN KEY ("paper_seq") REFERENCES "paper"("seq") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "paper_topic" ADD CONSTRAINT "paper_topic_topic_id_fkey" FOREIGN KEY ("topic_id") REFERENCES "topic"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "listing_paper" ADD CONSTRAINT "listing_paper_listing_id_fkey" FOREIGN KEY ("listing_id") REFERENCES "listing"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "listing_paper" ADD CONSTRAINT "listing_paper_paper_seq_fkey" FOREIGN KEY ("paper_seq") REFERENCES "paper"("seq") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_subscriber_id_fkey" FOREIGN KEY ("subscriber_id") REFERENCES "subscriber"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What schema.prisma cannot say. Every name tells the rule, since it is what a refused write shows.

-- An hour of the day; midnight is 0.
ALTER TABLE "subscriber" ADD CONSTRAINT "subscriber_digest_hour_is_an_hour" CHECK ("digest_hour" BETWEEN 0 AND 23);
-- A digest of none is an unsubscription, and one of hundreds is clipped by mail programs.
ALTER TABLE "subscriber" ADD CONSTRAINT "subscriber_max_papers_in_range" CHECK ("max_papers" BETWEEN 1 AND 50);
-- One subscriber per address, however it is typed. ASCII rules on every server: in Turkish, I has another small letter.
ALTER TABLE "subscriber" ADD CONSTRAINT "subscriber_email_key_is_lower_email" CHECK ("email_key" = lower("email" COLLATE "C"));
-- Nobody gets digests who did not confirm, and nobody who did is forgotten.
ALTER TABLE "subscriber" ADD CONSTRAINT "subscriber_active_is_confirmed_and_due"
  CHECK ("status" <> 'active' OR ("confirmed_at" IS NOT NULL AND "next_digest_at" IS NOT NULL));
-- Who is not active is never due.
ALTER TABLE "subscriber" ADD CONSTRAINT "subscriber_due_is_active" CHECK ("next_digest_at" IS NULL OR "status" = 'active');
-- It is a paper's number, or 0 before the first.
ALTER TABLE "subscriber" ADD CONSTRAINT "subscriber_served_through_not_negative" CHECK ("served_through" >= 0);

-- The day a digest is for is half of what keeps it from being sent twice; other mails are for no day.
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_digest_has_edition" CHECK (("kind" = 'digest') = ("edition" IS NOT NULL));
-- What the reader was served is known only with the end of the window.
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_digest_has_through_seq" CHECK ("kind" <> 'digest' OR "through_seq" IS NOT NULL);
-- A mail in somebody's hands says whose and until when, and one in nobody's cannot expire. The last claim stays on record.
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_lease_while_claimed"
  CHECK (("state" IN ('claimed', 'data_started')) = ("lease_until" IS NOT NULL));
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_claimed_by_someone"
  CHECK ("state" NOT IN ('claimed', 'data_started') OR "claim_id" IS NOT NULL);
-- Exactly what is over has an end.
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_finished_at_when_final"
  CHECK (("state" IN ('accepted', 'rejected', 'unknown', 'nothing', 'cancelled')) = ("finished_at" IS NOT NULL));
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_attempts_not_negative" CHECK ("attempts" >= 0);

-- An empty title shows as a blank card, and one longer than a page is a listing that was read wrongly.
ALTER TABLE "paper" ADD CONSTRAINT "paper_title_length" CHECK (char_length("title") BETWEEN 1 AND 1000);
-- An empty key would make all such papers one.
ALTER TABLE "paper" ADD CONSTRAINT "paper_key_not_empty" CHECK ("key" <> '');
ALTER TABLE "paper" ADD CONSTRAINT "paper_counts_not_negative"
  CHECK ("authors_count" >= 0 AND "comments" >= 0 AND "upvotes" >= 0);

-- The sweep and the workers look for what is due, in rows of which nearly all are long finished.
CREATE INDEX "delivery_due_idx" ON "delivery"("next_try_at", "id") WHERE "state" IN ('planned', 'deferred');
CREATE INDEX "delivery_lease_idx" ON "delivery"("lease_until") WHERE "state" IN ('claimed', 'data_started');
-- Planning looks for readers whose hour has come.
CREATE INDEX "subscriber_due_idx" ON "subscriber"("next_digest_at") WHERE "status" = 'active';
-- "Was this address sent a confirmation in the last hour?", and a reader's history.
CREATE INDEX "delivery_subscriber_id_kind_created_at_idx" ON "delivery"("subscriber_id", "kind", "created_at");

-- CreateEnum
CREATE TYPE "hold_state" AS ENUM ('paused', 'cancelled');

-- CreateTable
CREATE TABLE "edition_hold" (
    "edition" DATE NOT NULL,
    "state" "hold_state" NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "edition_hold_pkey" PRIMARY KEY ("edition")
);

-- CreateTable
CREATE TABLE "sending_rate" (
    "key" TEXT NOT NULL,
    "per_second" DOUBLE PRECISION NOT NULL,
    "next_slot_at" TIMESTAMPTZ(3) NOT NULL,
    "queue_until" TIMESTAMPTZ(3) NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sending_rate_pkey" PRIMARY KEY ("key")
);

-- A rate of zero would put mail off for ever.
ALTER TABLE "sending_rate" ADD CONSTRAINT "sending_rate_positive" CHECK ("per_second" > 0);

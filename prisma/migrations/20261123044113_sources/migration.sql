-- CreateEnum
CREATE TYPE "fetch_outcome" AS ENUM ('ok', 'empty', 'stale', 'failed');

-- AlterTable
ALTER TABLE "paper" ADD COLUMN     "title_keys" TEXT[];

-- CreateTable
CREATE TABLE "source_fetch" (
    "id" BIGSERIAL NOT NULL,
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

    CONSTRAINT "source_fetch_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "request_turn" (
    "host" TEXT NOT NULL,
    "next_at" TIMESTAMPTZ(3) NOT NULL,
    "holder_id" UUID,
    "lease_until" TIMESTAMPTZ(3),

    CONSTRAINT "request_turn_pkey" PRIMARY KEY ("host")
);

-- CreateIndex
CREATE INDEX "source_fetch_source_day_id_idx" ON "source_fetch"("source", "day", "id");

-- CreateIndex
CREATE INDEX "paper_title_keys_idx" ON "paper" USING GIN ("title_keys");

-- Until now every paper's key was its title.
UPDATE "paper" SET "title_keys" = ARRAY["key"] WHERE "key" LIKE 'title:%';

-- What schema.prisma cannot say. Every name tells the rule, since it is what a refused write shows.

-- A fetch that ended says how, and one that failed says why.
ALTER TABLE "source_fetch" ADD CONSTRAINT "source_fetch_finished_has_outcome" CHECK (("outcome" IS NULL) = ("finished_at" IS NULL));
ALTER TABLE "source_fetch" ADD CONSTRAINT "source_fetch_failed_has_reason" CHECK ("outcome" <> 'failed' OR "reason" IS NOT NULL);
-- What is under way is not yet to be tried again.
ALTER TABLE "source_fetch" ADD CONSTRAINT "source_fetch_next_try_after_end" CHECK ("next_try_at" IS NULL OR "outcome" IS NOT NULL);
-- A request under way cannot be believed alive for ever.
ALTER TABLE "request_turn" ADD CONSTRAINT "request_turn_lease_of_someone" CHECK (("holder_id" IS NULL) = ("lease_until" IS NULL));

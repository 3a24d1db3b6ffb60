-- CreateEnum
CREATE TYPE "abstracts" AS ENUM ('short', 'full');

-- CreateEnum
CREATE TYPE "when_empty" AS ENUM ('nothing', 'top3');

-- AlterTable
ALTER TABLE "subscriber" ADD COLUMN     "abstracts" "abstracts" NOT NULL DEFAULT 'short',
ADD COLUMN     "digest_days" TEXT NOT NULL DEFAULT '1111111',
ADD COLUMN     "paused_until" DATE,
ADD COLUMN     "when_empty" "when_empty" NOT NULL DEFAULT 'nothing';

-- CreateTable
CREATE TABLE "past_rhythm" (
    "id" BIGSERIAL NOT NULL,
    "subscriber_id" UUID NOT NULL,
    "ended_at" TIMESTAMPTZ(3) NOT NULL,
    "digest_days" TEXT NOT NULL,
    "paused_until" DATE,

    CONSTRAINT "past_rhythm_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "past_rhythm_subscriber_id_ended_at_idx" ON "past_rhythm"("subscriber_id", "ended_at");

-- AddForeignKey
ALTER TABLE "past_rhythm" ADD CONSTRAINT "past_rhythm_subscriber_id_fkey" FOREIGN KEY ("subscriber_id") REFERENCES "subscriber"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Seven signs, Monday first, and never a reader whose digest has no day at all: the next one could not be found.
ALTER TABLE "subscriber" ADD CONSTRAINT "subscriber_digest_days_has_a_day" CHECK ("digest_days" ~ '^[01]{7}$' AND "digest_days" <> '0000000');

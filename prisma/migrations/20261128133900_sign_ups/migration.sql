-- CreateEnum
CREATE TYPE "sign_up_door" AS ENUM ('form', 'api');

-- AlterTable
ALTER TABLE "delivery" ADD COLUMN     "sign_up_id" UUID;

-- CreateTable
CREATE TABLE "sign_up" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "email" TEXT NOT NULL,
    "email_key" TEXT NOT NULL,
    "choices" JSONB NOT NULL,
    "door" "sign_up_door" NOT NULL,
    "words" TEXT NOT NULL,
    "source" TEXT,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "processed_at" TIMESTAMPTZ(3),
    "subscriber_id" UUID,
    "confirmed_at" TIMESTAMPTZ(3),

    CONSTRAINT "sign_up_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "sign_up_email_key_idx" ON "sign_up"("email_key");

-- CreateIndex
CREATE INDEX "sign_up_subscriber_id_idx" ON "sign_up"("subscriber_id");

-- CreateIndex
CREATE INDEX "sign_up_requested_at_idx" ON "sign_up"("requested_at");

-- AddForeignKey
ALTER TABLE "sign_up" ADD CONSTRAINT "sign_up_subscriber_id_fkey" FOREIGN KEY ("subscriber_id") REFERENCES "subscriber"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What is still to be answered, oldest first: the sweep looks every minute.
CREATE INDEX "sign_up_unanswered_idx" ON "sign_up"("requested_at", "id") WHERE "processed_at" IS NULL;

ALTER TABLE "sign_up"
  ADD CONSTRAINT "sign_up_email_key_is_lower_email" CHECK ("email_key" = lower("email" COLLATE "C")),
  ADD CONSTRAINT "sign_up_confirmed_by_someone" CHECK ("confirmed_at" IS NULL OR "subscriber_id" IS NOT NULL),
  ADD CONSTRAINT "sign_up_answered_before_confirmed" CHECK ("confirmed_at" IS NULL OR "processed_at" IS NOT NULL);

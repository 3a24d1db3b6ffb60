-- AlterEnum
-- This migration adds more than one value to an enum.
-- With PostgreSQL versions 11 and earlier, this is not possible
-- in a single migration. This can be worked around by creating
-- multiple migrations, each migration adding only one value to
-- the enum.


ALTER TYPE "mail_kind" ADD VALUE 'preferences_link';
ALTER TYPE "mail_kind" ADD VALUE 'goodbye';
ALTER TYPE "mail_kind" ADD VALUE 'address_change';
ALTER TYPE "mail_kind" ADD VALUE 'address_notice';

-- CreateTable
CREATE TABLE "address_change" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "subscriber_id" UUID NOT NULL,
    "old_email" TEXT NOT NULL,
    "new_email" TEXT NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "confirmed_at" TIMESTAMPTZ(3),

    CONSTRAINT "address_change_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "address_change_subscriber_id_idx" ON "address_change"("subscriber_id");

-- CreateIndex
CREATE INDEX "address_change_requested_at_idx" ON "address_change"("requested_at");

-- AddForeignKey
ALTER TABLE "address_change" ADD CONSTRAINT "address_change_subscriber_id_fkey" FOREIGN KEY ("subscriber_id") REFERENCES "subscriber"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What schema.prisma cannot say.

-- A new wish takes the place of one that is still open.
CREATE UNIQUE INDEX "address_change_one_open" ON "address_change"("subscriber_id") WHERE "confirmed_at" IS NULL;

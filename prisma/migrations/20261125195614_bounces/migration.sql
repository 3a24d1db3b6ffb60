-- CreateEnum
CREATE TYPE "bounce_kind" AS ENUM ('hard', 'soft', 'policy', 'complaint');

-- AlterTable
ALTER TABLE "subscriber" ADD COLUMN     "bounces_count_from" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "bounce" (
    "delivery_id" BIGINT NOT NULL,
    "kind" "bounce_kind" NOT NULL,
    "status" TEXT,
    "diagnostic" TEXT,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "bounce_pkey" PRIMARY KEY ("delivery_id","kind")
);

-- AddForeignKey
ALTER TABLE "bounce" ADD CONSTRAINT "bounce_delivery_id_fkey" FOREIGN KEY ("delivery_id") REFERENCES "delivery"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What schema.prisma cannot say.

ALTER TABLE "bounce" ADD CONSTRAINT "bounce_is_short"
  CHECK (char_length("status") <= 20 AND char_length("diagnostic") <= 500);

-- Refusals whose reason has not been judged yet are looked for among the newest.
CREATE INDEX "delivery_rejected_idx" ON "delivery"("finished_at") WHERE "state" = 'rejected';

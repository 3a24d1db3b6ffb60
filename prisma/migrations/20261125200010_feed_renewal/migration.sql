-- AlterTable
ALTER TABLE "subscriber" ADD COLUMN     "feed_renewed_at" TIMESTAMPTZ(3);

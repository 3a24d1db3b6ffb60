-- AlterTable
ALTER TABLE "delivery" ADD COLUMN     "earlier_tries" JSONB;

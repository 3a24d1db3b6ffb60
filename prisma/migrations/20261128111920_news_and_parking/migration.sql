-- AlterTable
ALTER TABLE "delivery" ADD COLUMN     "listed_from" DATE,
ADD COLUMN     "lost_workers" SMALLINT NOT NULL DEFAULT 0;

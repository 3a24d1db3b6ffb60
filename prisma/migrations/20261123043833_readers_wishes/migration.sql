-- CreateEnum
CREATE TYPE "vote_wish" AS ENUM ('more', 'fewer');

-- AlterTable
ALTER TABLE "subscriber" ADD COLUMN     "organizations" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- AlterTable
ALTER TABLE "subscriber_topic" ADD COLUMN     "excluded" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "subscriber_keyword" ADD COLUMN     "excluded" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "vote" (
    "subscriber_id" UUID NOT NULL,
    "paper_seq" INTEGER NOT NULL,
    "wish" "vote_wish" NOT NULL,
    "interests" TEXT[],
    "voted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "vote_pkey" PRIMARY KEY ("subscriber_id","paper_seq")
);

-- CreateIndex
CREATE INDEX "vote_paper_seq_idx" ON "vote"("paper_seq");

-- CreateIndex
CREATE INDEX "subscriber_topic_topic_id_idx" ON "subscriber_topic"("topic_id");

-- CreateIndex
CREATE INDEX "subscriber_keyword_query_id_idx" ON "subscriber_keyword"("query_id");

-- CreateIndex
CREATE INDEX "paper_topic_topic_id_idx" ON "paper_topic"("topic_id");

-- AddForeignKey
ALTER TABLE "vote" ADD CONSTRAINT "vote_subscriber_id_fkey" FOREIGN KEY ("subscriber_id") REFERENCES "subscriber"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "vote" ADD CONSTRAINT "vote_paper_seq_fkey" FOREIGN KEY ("paper_seq") REFERENCES "paper"("seq") ON DELETE CASCADE ON UPDATE CASCADE;

-- What schema.prisma cannot say.

-- Each is compared with every paper of an edition.
ALTER TABLE "subscriber" ADD CONSTRAINT "subscriber_few_organizations"
  CHECK ("organizations" IS NOT NULL AND cardinality("organizations") <= 20);
-- A vote about nothing weighs nothing, and could not be shown.
ALTER TABLE "vote" ADD CONSTRAINT "vote_about_something" CHECK (cardinality("interests") BETWEEN 1 AND 100);

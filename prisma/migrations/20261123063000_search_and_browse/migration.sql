-- DropIndex
DROP INDEX "paper_first_listed_on_idx";

-- DropIndex
DROP INDEX "paper_topic_topic_id_idx";

-- CreateTable
CREATE TABLE "paper_words" (
    "paper_seq" INTEGER NOT NULL,
    "words" INTEGER[],
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "paper_words_pkey" PRIMARY KEY ("paper_seq")
);

-- CreateIndex
CREATE INDEX "paper_words_words_idx" ON "paper_words" USING GIN ("words");

-- CreateIndex
CREATE INDEX "paper_words_changed_at_idx" ON "paper_words"("changed_at");

-- CreateIndex
CREATE INDEX "paper_first_listed_on_seq_idx" ON "paper"("first_listed_on", "seq");

-- CreateIndex
CREATE INDEX "paper_topic_topic_id_paper_seq_idx" ON "paper_topic"("topic_id", "paper_seq");

-- CreateIndex
CREATE INDEX "listing_date_idx" ON "listing"("date");

-- AddForeignKey
ALTER TABLE "paper_words" ADD CONSTRAINT "paper_words_paper_seq_fkey" FOREIGN KEY ("paper_seq") REFERENCES "paper"("seq") ON DELETE CASCADE ON UPDATE CASCADE;

-- What holds back digests is looked for before each of them, and is nearly always nothing.
CREATE INDEX "paper_not_looked_at_idx" ON "paper"("seq") WHERE "topics_version" IS NULL;

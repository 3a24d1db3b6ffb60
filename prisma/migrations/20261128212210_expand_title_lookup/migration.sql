-- AlterTable
ALTER TABLE "paper" ADD COLUMN     "former_seqs" INTEGER[] DEFAULT ARRAY[]::INTEGER[];

-- CreateTable
CREATE TABLE "title_lookup" (
    "paper_seq" INTEGER NOT NULL,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "next_try_at" TIMESTAMPTZ(3),

    CONSTRAINT "title_lookup_pkey" PRIMARY KEY ("paper_seq")
);

-- CreateIndex
CREATE INDEX "paper_former_seqs_idx" ON "paper" USING GIN ("former_seqs");

-- AddForeignKey
ALTER TABLE "title_lookup" ADD CONSTRAINT "title_lookup_paper_seq_fkey" FOREIGN KEY ("paper_seq") REFERENCES "paper"("seq") ON DELETE CASCADE ON UPDATE CASCADE;

-- What is looked for: few of many papers.
CREATE INDEX "paper_without_id_idx" ON "paper"("seq") WHERE "arxiv_id" IS NULL AND "doi" IS NULL AND "page_url" IS NULL;

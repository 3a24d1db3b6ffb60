-- What a paper is known by stands in columns of its own, with its authors' names and whether it was withdrawn.
ALTER TABLE "paper" ADD COLUMN     "authors" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "is_withdrawn" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "arxiv_id" TEXT,
ADD COLUMN     "doi" TEXT,
ADD COLUMN     "page_url" TEXT;

-- Until now the key alone told it.
UPDATE "paper" SET "arxiv_id" = substr("key", 7) WHERE "key" LIKE 'arxiv:%';

-- CreateIndex
CREATE INDEX "paper_arxiv_id_idx" ON "paper"("arxiv_id");

-- CreateIndex
CREATE INDEX "paper_doi_idx" ON "paper"("doi");

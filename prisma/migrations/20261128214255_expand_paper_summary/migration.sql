-- CreateTable
CREATE TABLE "paper_summary" (
    "paper_seq" INTEGER NOT NULL,
    "language" TEXT NOT NULL,
    "gist" TEXT,
    "translation" TEXT,
    "model" TEXT,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "next_try_at" TIMESTAMPTZ(3),

    CONSTRAINT "paper_summary_pkey" PRIMARY KEY ("paper_seq","language")
);

-- AddForeignKey
ALTER TABLE "paper_summary" ADD CONSTRAINT "paper_summary_paper_seq_fkey" FOREIGN KEY ("paper_seq") REFERENCES "paper"("seq") ON DELETE CASCADE ON UPDATE CASCADE;

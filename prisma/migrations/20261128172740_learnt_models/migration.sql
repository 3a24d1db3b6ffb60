-- AlterTable
ALTER TABLE "paper" ADD COLUMN     "is_news" BOOLEAN NOT NULL DEFAULT true;

-- CreateTable
CREATE TABLE "learnt_model" (
    "id" SERIAL NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "lease_until" TIMESTAMPTZ(3) NOT NULL,
    "learnt_at" TIMESTAMPTZ(3),
    "stored_papers" INTEGER NOT NULL,
    "papers" INTEGER NOT NULL DEFAULT 0,
    "dimensions" INTEGER NOT NULL DEFAULT 0,
    "terms" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "idf" BYTEA,
    "matrix" BYTEA,
    "scales" BYTEA,

    CONSTRAINT "learnt_model_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "paper_vector" (
    "paper_seq" INTEGER NOT NULL,
    "model_id" INTEGER NOT NULL,
    "vector" BYTEA NOT NULL,

    CONSTRAINT "paper_vector_pkey" PRIMARY KEY ("paper_seq")
);

-- AddForeignKey
ALTER TABLE "paper_vector" ADD CONSTRAINT "paper_vector_paper_seq_fkey" FOREIGN KEY ("paper_seq") REFERENCES "paper"("seq") ON DELETE CASCADE ON UPDATE CASCADE;

-- AlterTable
ALTER TABLE "subscriber" ADD COLUMN     "authors" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- Each is looked for in every edition.
ALTER TABLE "subscriber" ADD CONSTRAINT "subscriber_few_authors"
  CHECK ("authors" IS NOT NULL AND cardinality("authors") <= 50);

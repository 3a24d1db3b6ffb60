-- AlterTable
ALTER TABLE "subscriber" ADD COLUMN     "about" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "library" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "max_alike" INTEGER NOT NULL DEFAULT 2;

-- CreateTable
CREATE TABLE "reader_profile" (
    "subscriber_id" UUID NOT NULL,
    "model_id" INTEGER NOT NULL,
    "basis" TEXT NOT NULL,
    "profile" BYTEA NOT NULL,
    "topics" JSONB NOT NULL,

    CONSTRAINT "reader_profile_pkey" PRIMARY KEY ("subscriber_id")
);

-- AddForeignKey
ALTER TABLE "reader_profile" ADD CONSTRAINT "reader_profile_subscriber_id_fkey" FOREIGN KEY ("subscriber_id") REFERENCES "subscriber"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A vote on a paper that is about nothing we know says all the same what the reader likes.
ALTER TABLE "vote" DROP CONSTRAINT "vote_about_something";
ALTER TABLE "vote" ADD CONSTRAINT "vote_about_few_things" CHECK (cardinality("interests") <= 100);
ALTER TABLE "subscriber" ADD CONSTRAINT "subscriber_max_alike" CHECK ("max_alike" BETWEEN 0 AND 10);
ALTER TABLE "subscriber" ADD CONSTRAINT "subscriber_library" CHECK (cardinality("library") <= 200);

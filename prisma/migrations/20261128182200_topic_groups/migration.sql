-- AlterTable
ALTER TABLE "topic" ADD COLUMN     "followers" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "group_id" TEXT,
ADD COLUMN     "names" JSONB NOT NULL DEFAULT '{}';

-- CreateTable
CREATE TABLE "topic_group" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "names" JSONB NOT NULL DEFAULT '{}',
    "position" INTEGER NOT NULL,

    CONSTRAINT "topic_group_pkey" PRIMARY KEY ("id")
);

-- AddForeignKey
ALTER TABLE "topic" ADD CONSTRAINT "topic_group_id_fkey" FOREIGN KEY ("group_id") REFERENCES "topic_group"("id") ON DELETE SET NULL ON UPDATE CASCADE;

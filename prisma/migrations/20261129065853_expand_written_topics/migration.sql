-- CreateTable
CREATE TABLE "written_topic" (
    "id" TEXT NOT NULL,
    "definition" TEXT,
    "retired" BOOLEAN NOT NULL DEFAULT false,
    "version" INTEGER NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_by" TEXT NOT NULL,

    CONSTRAINT "written_topic_pkey" PRIMARY KEY ("id")
);

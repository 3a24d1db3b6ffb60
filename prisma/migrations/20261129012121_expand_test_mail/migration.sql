-- CreateTable
CREATE TABLE "test_mail" (
    "id" BIGSERIAL NOT NULL,
    "email" TEXT,
    "domain" TEXT NOT NULL,
    "asked_by" TEXT NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "taken_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "outcome" TEXT,
    "words" TEXT,
    "remedy" TEXT,

    CONSTRAINT "test_mail_pkey" PRIMARY KEY ("id")
);

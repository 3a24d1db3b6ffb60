-- CreateTable
CREATE TABLE "sent_count" (
    "server" TEXT NOT NULL,
    "window_seconds" INTEGER NOT NULL,
    "slice_at" TIMESTAMPTZ(3) NOT NULL,
    "sent" INTEGER NOT NULL,

    CONSTRAINT "sent_count_pkey" PRIMARY KEY ("server","window_seconds","slice_at")
);

-- CreateTable
CREATE TABLE "subscriber_import" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "fingerprint" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "position" INTEGER NOT NULL DEFAULT 0,
    "counts" JSONB NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "subscriber_import_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "subscriber_import_fingerprint_key" ON "subscriber_import"("fingerprint");

-- Who came in a file without a record of their consent, and is still to be asked.
CREATE INDEX "sign_up_to_ask_idx" ON "sign_up"("requested_at", "id")
  WHERE "door" = 'import' AND "subscriber_id" IS NULL AND "confirmed_at" IS NULL;

-- CreateTable
CREATE TABLE "promised_mail" (
    "id" BIGSERIAL NOT NULL,
    "mailbox" TEXT NOT NULL,
    "kind" "mail_kind" NOT NULL,
    "promised_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "promised_mail_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "promised_mail_mailbox_promised_at_idx" ON "promised_mail"("mailbox", "promised_at");

-- CreateIndex
CREATE INDEX "promised_mail_promised_at_idx" ON "promised_mail"("promised_at");

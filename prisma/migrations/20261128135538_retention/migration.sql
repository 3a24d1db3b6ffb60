-- DropIndex
DROP INDEX "sign_up_requested_at_idx";

-- What the sweep looks for every minute, and nothing of those who read.
CREATE INDEX "sign_up_unconfirmed_idx" ON "sign_up"("requested_at") WHERE "confirmed_at" IS NULL;
CREATE INDEX "subscriber_unconfirmed_idx" ON "subscriber"("created_at") WHERE "status" <> 'active' AND "confirmed_at" IS NULL;
CREATE INDEX "subscriber_departed_idx" ON "subscriber"("unsubscribed_at") WHERE "status" = 'unsubscribed' AND "confirmed_at" IS NOT NULL;

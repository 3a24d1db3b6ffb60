-- What an operator does by hand: somebody added or brought from elsewhere, with what they have as evidence of consent.
ALTER TYPE "sign_up_door" ADD VALUE 'operator';
ALTER TYPE "sign_up_door" ADD VALUE 'import';
ALTER TABLE "sign_up" ADD COLUMN     "evidence" TEXT;

-- An edition's progress is counted without reading the whole ledger.
CREATE INDEX "delivery_edition_created_at_idx" ON "delivery" USING BRIN ("edition", "created_at");

-- AlterTable
ALTER TABLE "suppression" ADD COLUMN     "cause" TEXT NOT NULL DEFAULT 'operator';

-- What was written as words until now.
UPDATE "suppression" SET "cause" = CASE
  WHEN "reason" LIKE 'hard bounce: %' THEN 'hard'
  WHEN "reason" LIKE 'complaint: %' THEN 'complaint'
  WHEN "reason" LIKE '% soft bounces in a row over %' THEN 'soft'
  ELSE 'operator' END;

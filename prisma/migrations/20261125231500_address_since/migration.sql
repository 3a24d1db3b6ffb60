-- AlterTable
ALTER TABLE "subscriber" ADD COLUMN     "address_since" TIMESTAMPTZ(3);

-- Who has moved lately is known; those of before keep their links until they end by themselves.
UPDATE "subscriber" SET "address_since" = (
  SELECT max("confirmed_at") FROM "address_change" WHERE "subscriber_id" = "subscriber"."id"
) WHERE "id" IN (SELECT "subscriber_id" FROM "address_change" WHERE "confirmed_at" IS NOT NULL);

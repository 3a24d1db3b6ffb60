-- A mail that waited for what is our own matter is given up a day after that, not a day after it was promised.
ALTER TABLE "delivery" ADD COLUMN "patience_from" TIMESTAMPTZ(3);

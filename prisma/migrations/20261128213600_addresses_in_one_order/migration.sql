-- What is compared with an address is put in the order "C", which an index in the order of the database does not serve: the gate read
-- all suppressions for each batch. With one order everywhere the second index on readers' addresses goes, to which every digest
-- that was planned wrote.
DROP INDEX "subscriber_email_key_c_idx";
ALTER TABLE "subscriber" ALTER COLUMN "email_key" TYPE text COLLATE "C";
ALTER TABLE "suppression" ALTER COLUMN "email_key" TYPE text COLLATE "C";
ALTER TABLE "sign_up" ALTER COLUMN "email_key" TYPE text COLLATE "C";

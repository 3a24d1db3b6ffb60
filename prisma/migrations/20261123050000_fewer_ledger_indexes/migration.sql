-- Every state that a delivery goes through is written to each of its indexes. What was asked of this one, the mails of one
-- reader, the unique index on reader and edition answers as well.
DROP INDEX "delivery_subscriber_id_kind_created_at_idx";

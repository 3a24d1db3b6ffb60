-- "Is an earlier digest of this reader under way?" is asked for every mail that is claimed, and was answered by looking at
-- all their digests of years. Those whose lease ran out, which the other index was for, are looked for once a minute among
-- the few that are under way.
DROP INDEX "delivery_lease_idx";
CREATE INDEX "delivery_under_way_idx" ON "delivery"("subscriber_id") WHERE "state" IN ('claimed', 'data_started');

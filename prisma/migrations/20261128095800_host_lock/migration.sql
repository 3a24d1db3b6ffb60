-- The table has the name of what it is: the lock of a host that is asked for papers.
ALTER TABLE "request_turn" RENAME TO "host_lock";
ALTER TABLE "host_lock" RENAME CONSTRAINT "request_turn_pkey" TO "host_lock_pkey";
ALTER TABLE "host_lock" RENAME CONSTRAINT "request_turn_lease_of_someone" TO "host_lock_lease_of_someone";

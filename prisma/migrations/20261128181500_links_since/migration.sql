-- Links made before are closed, be it that the address changed or that the reader closed them.
ALTER TABLE "subscriber" RENAME COLUMN "address_since" TO "links_since";

-- CreateTable
CREATE TABLE "link_request" (
    "id" BIGSERIAL NOT NULL,
    "email" TEXT NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "link_request_pkey" PRIMARY KEY ("id")
);

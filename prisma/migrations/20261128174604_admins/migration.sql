-- CreateEnum
CREATE TYPE "admin_role" AS ENUM ('viewer', 'operator');

-- CreateTable
CREATE TABLE "admin" (
    "name" TEXT NOT NULL,
    "role" "admin_role" NOT NULL,
    "password_hash" TEXT NOT NULL,
    "totp_secret" TEXT,
    "totp_step" BIGINT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "admin_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "admin_session" (
    "hash" BYTEA NOT NULL,
    "admin_name" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "admin_session_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "admin_name" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "result" TEXT NOT NULL,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "admin_session_admin_name_idx" ON "admin_session"("admin_name");

-- AddForeignKey
ALTER TABLE "admin_session" ADD CONSTRAINT "admin_session_admin_name_fkey" FOREIGN KEY ("admin_name") REFERENCES "admin"("name") ON DELETE CASCADE ON UPDATE CASCADE;

-- An operator looks for readers by the beginning of an address.
CREATE INDEX "subscriber_email_key_c_idx" ON "subscriber"("email_key" COLLATE "C");

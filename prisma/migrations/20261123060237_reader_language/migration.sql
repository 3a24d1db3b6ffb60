-- AlterTable
ALTER TABLE "subscriber" ADD COLUMN     "language" TEXT NOT NULL DEFAULT 'en';

-- AlterTable
ALTER TABLE "paper" ADD COLUMN     "gist" TEXT;

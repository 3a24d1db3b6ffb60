-- AlterTable
ALTER TABLE "topic" ADD COLUMN     "replaces" TEXT[] DEFAULT ARRAY[]::TEXT[];

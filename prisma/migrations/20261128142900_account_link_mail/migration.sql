-- AlterEnum
ALTER TYPE "mail_kind" ADD VALUE 'account_link';

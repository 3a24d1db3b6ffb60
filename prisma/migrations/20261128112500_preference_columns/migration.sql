-- A preference's column has the preference's own name, and the schedules of before are called what they are. No row is rewritten.
ALTER TABLE "subscriber" RENAME COLUMN "digest_hour" TO "hour";
ALTER TABLE "subscriber" RENAME COLUMN "digest_days" TO "days";
ALTER TABLE "subscriber" RENAME CONSTRAINT "subscriber_digest_hour_is_an_hour" TO "subscriber_hour_is_an_hour";
ALTER TABLE "subscriber" RENAME CONSTRAINT "subscriber_digest_days_has_a_day" TO "subscriber_days_has_a_day";

ALTER TABLE "past_rhythm" RENAME TO "past_schedule";
ALTER TABLE "past_schedule" RENAME COLUMN "digest_days" TO "days";
ALTER TABLE "past_schedule" RENAME CONSTRAINT "past_rhythm_pkey" TO "past_schedule_pkey";
ALTER TABLE "past_schedule" RENAME CONSTRAINT "past_rhythm_subscriber_id_fkey" TO "past_schedule_subscriber_id_fkey";
ALTER INDEX "past_rhythm_subscriber_id_ended_at_idx" RENAME TO "past_schedule_subscriber_id_ended_at_idx";
ALTER SEQUENCE "past_rhythm_id_seq" RENAME TO "past_schedule_id_seq";

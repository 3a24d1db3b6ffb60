-- CreateTable
CREATE TABLE "pick_reason" (
    "id" SERIAL NOT NULL,
    "paper_seq" INTEGER NOT NULL,
    "reason" JSONB,

    CONSTRAINT "pick_reason_pkey" PRIMARY KEY ("id")
);

-- Each reason once. By its hash: with all the words of a paper it could be too long for an index.
CREATE UNIQUE INDEX "pick_reason_content_key" ON "pick_reason"("paper_seq", md5("reason"::text));

-- Until now every delivery had its own copy: [{ seq, because: [reason, …] }]. One row for each reason, in that order.
CREATE FUNCTION "list_reasons"("picks" JSONB) RETURNS TABLE ("seq" INTEGER, "said" JSONB, "place" BIGINT) LANGUAGE sql IMMUTABLE AS $$
  SELECT (pick->>'seq')::int, given_reason, row_number() OVER (ORDER BY pick_place, reason_place)
  FROM jsonb_array_elements(CASE jsonb_typeof(picks) WHEN 'array' THEN picks ELSE '[]' END) WITH ORDINALITY AS picked(pick, pick_place),
    jsonb_array_elements(CASE WHEN jsonb_typeof(pick->'because') = 'array' AND pick->'because' <> '[]' THEN pick->'because'
      ELSE '[{}]' END) WITH ORDINALITY AS given(given_reason, reason_place)
  WHERE jsonb_typeof(pick->'seq') = 'number'
$$;

INSERT INTO "pick_reason" ("paper_seq", "reason")
SELECT DISTINCT "seq", "said" FROM "delivery", "list_reasons"("picks") ORDER BY "seq";

CREATE FUNCTION "find_reasons"("picks" JSONB) RETURNS INTEGER[] LANGUAGE sql STABLE AS $$
  SELECT array_agg(pick_reason.id ORDER BY place) FROM list_reasons(picks) AS listed
  JOIN pick_reason ON paper_seq = seq AND md5(reason::text) = md5(said::text)
$$;

ANALYZE "pick_reason";
ALTER TABLE "delivery" ALTER COLUMN "picks" TYPE INTEGER[] USING "find_reasons"("picks");

DROP FUNCTION "find_reasons"(JSONB);
DROP FUNCTION "list_reasons"(JSONB);

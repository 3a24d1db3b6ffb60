// Many papers in the database: a thousand made of the sample's sentences, which go the way of every paper, and copies of
// them on earlier days.

import { importListing } from '../src/papers/import-listing.ts';
import type { ListedPaper } from '../src/papers/paper.ts';
import type { Db } from '../src/platform/postgres/db.ts';
import type { TopicAssigner } from '../src/topics/assign-topics.ts';

const lastDay = Date.parse('2025-12-12');
const dayMs = 24 * 60 * 60 * 1000;
const papersPerDay = 200;
const daysOfOriginals = 5;

/** `count` is rounded up to a thousand. Returns the newest day. */
export async function addPapers(
  { db, topics }: { db: Db; topics: TopicAssigner },
  { sample, count }: { sample: readonly ListedPaper[]; count: number },
): Promise<string> {
  const toDay = (daysAgo: number) => new Date(lastDay - daysAgo * dayMs).toISOString().slice(0, 10);
  for (let day = daysOfOriginals - 1; day >= 0; day -= 1) {
    const papers = Array.from({ length: papersPerDay }, (_, n) => mixPaper(sample, day * papersPerDay + n));
    await importListing({ db }, { source: 'sample', date: toDay(day), papers });
  }
  await topics.assignTopics(db);
  const originals = papersPerDay * daysOfOriginals;
  await copyPapers(db, Math.ceil(count / originals) - 1);
  await db.$executeRaw`VACUUM ANALYZE`;
  return toDay(0);
}

/** A title of one paper, and the sentences of three. */
function mixPaper(sample: readonly ListedPaper[], number: number): ListedPaper {
  const pick = (n: number) => sample[n % sample.length] ?? sample[0];
  const paper = pick(number);
  if (paper === undefined) throw new Error('There is no sample to mix papers from');
  const others = [pick(number * 7 + 1), pick(number * 13 + 5)];
  const sentences = [paper, ...others].flatMap((one) => (one?.abstract ?? '').split(/(?<=\.) /));
  const abstract = sentences.filter((_, i) => (i * 31 + number) % 5 < 2).join(' ');
  return {
    ...paper,
    ids: { arxiv: `2512.${String(number + 10_000)}` },
    title: `${paper.title}, Part ${number}`,
    abstract,
  };
}

async function copyPapers(db: Db, copies: number): Promise<void> {
  await db.$executeRaw`
    INSERT INTO paper (key, title_keys, title, abstract, authors_count, organization, published_on, upvotes, links,
      first_listed_on, topics_version)
    SELECT key || '-' || copy, ARRAY[key || '-' || copy], title || '.' || copy, abstract, authors_count, organization,
      published_on, upvotes, links, first_listed_on - ${daysOfOriginals}::int * copy, topics_version
    FROM paper, generate_series(1, ${copies}::int) AS copy ORDER BY copy, seq`;
  await db.$executeRaw`
    CREATE TEMPORARY TABLE twin ON COMMIT PRESERVE ROWS AS
    SELECT copy.seq, original.seq AS original
    FROM paper copy JOIN paper original ON original.key = split_part(copy.key, '-', 1) WHERE copy.seq <> original.seq`;
  await db.$executeRaw`
    INSERT INTO paper_topic (paper_seq, topic_id, score, because)
    SELECT twin.seq, topic_id, score, because FROM twin JOIN paper_topic ON paper_seq = original`;
  // An index that is made at the end is made in a fraction of the time.
  await db.$executeRaw`DROP INDEX paper_words_words_idx`;
  await db.$executeRaw`
    INSERT INTO paper_words (paper_seq, words, changed_at)
    SELECT twin.seq, words, changed_at FROM twin JOIN paper_words ON paper_seq = original`;
  await db.$executeRaw`CREATE INDEX paper_words_words_idx ON paper_words USING GIN (words)`;
  await db.$executeRaw`
    INSERT INTO listing (source, date)
    SELECT DISTINCT 'sample', first_listed_on FROM paper JOIN twin USING (seq)`;
  await db.$executeRaw`
    INSERT INTO listing_paper (listing_id, paper_seq, position)
    SELECT listing.id, seq, row_number() OVER (PARTITION BY listing.id ORDER BY seq)
    FROM paper JOIN twin USING (seq) JOIN listing ON date = first_listed_on`;
}

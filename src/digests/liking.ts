// What a reader's examples say of the papers that a digest chooses from.
import type { MatchedPaper } from '../matching/match.ts';
import type { Nearness, ReaderOfExamples } from './nearness.ts';
import type { Liking } from './select.ts';

/** What is less near than this is not like anything that was liked, however few papers there are. */
const leastNearness = 0.35;

/**
 * What they named or voted for is known to them: its nearness to itself counts for nothing, and by that alone it never comes.
 * Undefined for a reader without examples. `listAll` has what is not excluded; `matched` what matches anyway.
 */
export async function findLiking(
  nearness: Nearness,
  {
    reader,
    listAll,
    matched,
    most,
  }: {
    reader: ReaderOfExamples;
    listAll: () => Promise<readonly MatchedPaper[]>;
    matched: readonly MatchedPaper[];
    /** At most so many papers come that match nothing. */
    most: number;
  },
): Promise<Liking | undefined> {
  const leaning = await nearness.read(reader);
  if (leaning === null) return undefined;
  const all = most === 0 ? matched : await listAll();
  const rates = await nearness.rate(leaning, all);
  const liked = all.length === 0 ? none : await nearness.listLiked(leaning);
  const rateOf = new Map(
    all.map(({ paper }, number) => [paper.seq, liked.has(paper.seq) ? 0 : (rates[number] ?? 0)]),
  );
  const seqs = new Set(matched.map(({ paper }) => paper.seq));
  const given = new Set(reader.votes.map(({ paperSeq }) => paperSeq));
  const others = all
    .flatMap(({ paper }, number) => {
      const rate = rates[number] ?? 0;
      const isNew = !seqs.has(paper.seq) && !given.has(paper.seq) && !liked.has(paper.seq);
      return isNew && rate >= leastNearness ? { paper, rate } : [];
    })
    .sort((one, other) => other.rate - one.rate || other.paper.seq - one.paper.seq)
    .slice(0, most);
  const likenesses =
    others.length === 0
      ? []
      : await nearness.explain(
          leaning,
          others.map(({ paper }) => paper),
        );
  return {
    nearness: rateOf,
    alike: others.flatMap(({ paper, rate }, number) => {
      const likeness = likenesses[number];
      if (likeness === null || likeness === undefined) return [];
      const { like, words } = likeness;
      return { paper, nearness: rate, reason: { type: 'alike', like, score: rate, because: words } };
    }),
  };
}

const none: ReadonlySet<number> = new Set();

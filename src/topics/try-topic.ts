// What a topic finds among some papers, what it narrowly misses and why: for whoever writes it.
import { type IndexedPaper, indexOnce } from '../matching/index-paper.ts';
import type { MatchablePaper } from '../matching/match.ts';
import type { Topic } from './read-topics.ts';
import { compileTopics, type WeighedTopic } from './topic-matcher.ts';

export type TriedPaper = {
  title: string;
  /** What its words are worth, of what is enough near the topic. */
  share: number;
  /** To the topic's description, phrases and examples, in standard deviations; null where too little is known to tell. */
  nearness: number | null;
  /** The paper's own words that spoke for the topic. */
  because: string[];
};

export type TriedTopic = {
  papers: number;
  /** Best first, as in `missed`. */
  found: TriedPaper[];
  missed: (TriedPaper & { why: string })[];
  /** Phrases and strong lines that no paper has. */
  unused: string[];
};

const mostMissed = 10;
/** A paper with less of the words is about something else, unless it lies this near. */
const missedShare = 0.5;
const missedNearness = 2.5;

export function tryTopic(
  topic: Topic,
  { topics, papers }: { topics: readonly Topic[]; papers: readonly MatchablePaper[] },
): TriedTopic {
  const others = topics.filter(({ id }) => id !== topic.id);
  const index = indexOnce(papers);
  const matcher = compileTopics([topic, ...others], papers, index);
  const tried = papers.flatMap((paper) => {
    const weighed = matcher.weighFirst(paper);
    return weighed === null ? [] : { title: paper.title, ...weighed };
  });
  const missed = tried.filter(
    ({ isGiven, share, nearness }) =>
      !isGiven && (share >= missedShare || (nearness !== null && nearness >= missedNearness)),
  );
  return {
    papers: papers.length,
    found: tried
      .filter(({ isGiven }) => isGiven)
      .sort((one, other) => other.share - one.share)
      .map(describe),
    missed: missed
      .sort((one, other) => rate(other) - rate(one))
      .slice(0, mostMissed)
      .map((one) => ({ ...describe(one), why: explain(one) })),
    unused: listUnused(topic, { papers, index }),
  };
}

function describe({ title, share, nearness, because }: WeighedTopic & { title: string }): TriedPaper {
  return { title, share: round(share), nearness: nearness === null ? null : round(nearness), because };
}

function rate({ share, nearness }: WeighedTopic): number {
  return share + 0.2 * (nearness ?? 0);
}

function explain({ share, nearness, asked }: WeighedTopic): string {
  if (share <= 0) return 'it lies near, and has none of the phrases: which of its words would be one?';
  if (share < 1)
    return `its words are worth ${round(share)} of what is enough: a phrase more, or one in the title`;
  return (
    `its words would be enough near the topic, but it lies apart (${round(nearness ?? 0)}), or nearer to another one, or two ` +
    `others fit it better, where ${round(asked)} is asked for: does the description name the subject?`
  );
}

/** A line alone, as if it were the topic's only one. */
function listUnused(
  topic: Topic,
  { papers, index }: { papers: readonly MatchablePaper[]; index: (paper: MatchablePaper) => IndexedPaper },
): string[] {
  const alone = topic.strong.map((line) => ({
    ...topic,
    id: line.text,
    needs: [],
    against: [],
    strong: [line],
  }));
  const matchers = alone.map((one) => compileTopics([one]));
  return topic.strong
    .filter(
      (_, place) =>
        !papers.some((paper) => (matchers[place]?.weighFirst(paper, index(paper))?.because.length ?? 0) > 0),
    )
    .map(({ text }) => text);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

// How well papers are ranked for readers of a few likes: part of npm run eval. The readers are simulated. Each is one curated topic of the
// hand-written papers (invented and labelled for this project, see the heads of eval-tuning.yaml and eval-heldout.yaml): three
// papers with its label are liked, drawn eight times with a seed, and the others with it are what they want to see first.
// Mean average precision over all draws. Labels and topics come from one hand, so that whatever goes by topics, those of the liked
// papers too, finds more here than elsewhere: `nearnessAlone` is what vectors and terms give without them.
import { describeQueries, questionOf, readInterests } from '../src/digests/interests.ts';
import { rateMatches } from '../src/digests/select.ts';
import { buildEdition } from '../src/matching/edition.ts';
import type { Paper } from '../src/papers/paper.ts';
import type { Topic } from '../src/topics/read-topics.ts';
import { compileTopics } from '../src/topics/topic-matcher.ts';
import { learnModel } from '../src/vectors/learn.ts';
import { createVectorizer } from '../src/vectors/paper-vector.ts';
import { type LikedExample, rankPapers } from '../src/vectors/rank.ts';
import type { LabelledPaper } from './eval-papers.ts';

const likes = 3;
const draws = 8;
const fewestPapers = 7;
const phrases = 3;

const ways = ['nearnessAlone', 'likesAlone', 'withPhrases', 'withTopic'] as const;
const followsWords: ReadonlySet<(typeof ways)[number]> = new Set(['withPhrases', 'withTopic']);
export type RankingFigures = { readers: number } & Record<(typeof ways)[number], number>;

/** `learnFrom`: what vectors and terms are learnt from. */
export function evaluateRanking(
  labelled: readonly LabelledPaper[],
  { topics, learnFrom }: { topics: Topic[]; learnFrom: readonly LabelledPaper[] },
): RankingFigures {
  const model = learnModel(learnFrom);
  const vectorize = createVectorizer(model);
  const matcher = compileTopics(topics, labelled);
  const papers = labelled.map((paper, index) => asStored(paper, index + 1));
  const topicsOf = new Map(papers.map((paper) => [paper.seq, matcher.assign(paper)]));
  const edition = buildEdition(papers, topicsOf);
  const examples = papers.map(
    (paper): LikedExample => ({
      name: paper.title,
      vector: vectorize(paper),
      topics: new Map((topicsOf.get(paper.seq) ?? []).map(({ id, score }) => [id, score])),
    }),
  );
  const strengthsFor = (followed: { topics: string[]; keywords: string[] }): Map<number, number> => {
    const wanted = { organizations: [], authors: [], excludedTopics: [], excludedKeywords: [], ...followed };
    const interests = readInterests(wanted, { topicNames: new Map(), votes: [] });
    const picks = rateMatches(edition.findMatches(questionOf(interests)), interests);
    return new Map(picks.map(({ paper, score }) => [paper.seq, score]));
  };

  const random = seedRandom(15);
  const sums = { nearnessAlone: 0, likesAlone: 0, withPhrases: 0, withTopic: 0 };
  let readers = 0;
  for (const topic of topics) {
    const wanted = new Set(papers.filter((_, index) => labelled[index]?.topics.includes(topic.id)));
    if (wanted.size < fewestPapers) continue;
    const keywords = topic.strong.slice(0, phrases).map(({ text }) => text);
    const words = describeQueries(keywords);
    const described = words && vectorize(words);
    const followed = {
      nearnessAlone: new Map<number, number>(),
      likesAlone: new Map<number, number>(),
      withPhrases: strengthsFor({ topics: [], keywords }),
      withTopic: strengthsFor({ topics: [topic.id], keywords }),
    };
    for (let draw = 0; draw < draws; draw += 1) {
      const liked = drawSome([...wanted], likes, random);
      const others = papers.filter((paper) => !liked.has(paper));
      readers += 1;
      for (const name of ways) {
        const ranked = rankPapers(
          others.map((paper) => ({
            paper,
            vector: getExample(examples, paper).vector,
            topics: name === 'nearnessAlone' ? new Map() : getExample(examples, paper).topics,
            strength: followed[name].get(paper.seq) ?? 0,
          })),
          {
            liked: [...liked].map((paper) => getExample(examples, paper)),
            disliked: [],
            followed: followsWords.has(name) ? described : null,
            model,
          },
        );
        sums[name] += averagePrecision(ranked.map(({ paper }) => wanted.has(paper)));
      }
    }
  }
  return {
    readers,
    nearnessAlone: sums.nearnessAlone / readers,
    likesAlone: sums.likesAlone / readers,
    withPhrases: sums.withPhrases / readers,
    withTopic: sums.withTopic / readers,
  };
}

function asStored({ title, abstract }: LabelledPaper, seq: number): Paper {
  const nothing = {
    authorsCount: null,
    organization: null,
    publishedOn: null,
    comments: null,
    upvotes: null,
  };
  return { title, abstract, ...nothing, links: [], seq, key: String(seq), firstListedOn: '2026-01-01' };
}

function getExample(examples: readonly LikedExample[], { seq }: Paper): LikedExample {
  const example = examples[seq - 1];
  if (example === undefined) throw new Error(`there is no paper ${seq}`);
  return example;
}

function drawSome<Item>(items: Item[], count: number, random: () => number): Set<Item> {
  const drawn = new Set<Item>();
  while (drawn.size < count) {
    const item = items[Math.floor(random() * items.length)];
    if (item !== undefined) drawn.add(item);
  }
  return drawn;
}

/** Of a ranking, told by whether each is wanted. */
function averagePrecision(areWanted: readonly boolean[]): number {
  let found = 0;
  let sum = 0;
  for (const [place, isWanted] of areWanted.entries()) {
    if (!isWanted) continue;
    found += 1;
    sum += found / (place + 1);
  }
  return found === 0 ? 0 : sum / found;
}

/** A linear congruential generator, for the same draws every time. */
function seedRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

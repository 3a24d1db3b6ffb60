// Papers ranked for a reader who is described and not subscribed, by what the digests of subscribers are ranked by.

import type { Pick, Reason } from '../../digests/digest.ts';
import { describeQueries, questionOf, readInterests } from '../../digests/interests.ts';
import { rateMatches } from '../../digests/select.ts';
import { readEntry } from '../../library/entry.ts';
import { buildEdition } from '../../matching/edition.ts';
import { type IndexedPaper, indexOnce } from '../../matching/index-paper.ts';
import type { MatchablePaper, TopicMatch } from '../../matching/match.ts';
import { type MergedPaper, mergePapers } from '../../papers/merge-papers.ts';
import type { ListedPaper, Paper } from '../../papers/paper.ts';
import { idKeys, type PaperIds, titleKey } from '../../papers/paper-ids.ts';
import { ConfigError } from '../../platform/errors.ts';
import { compileTopics, type TopicMatcher } from '../../topics/topic-matcher.ts';
import { readTopics } from '../../topics/topics-file.ts';
import { type Because, shortenTitle } from '../../vectors/explain.ts';
import { learnModel } from '../../vectors/learn.ts';
import { createVectorizer } from '../../vectors/paper-vector.ts';
import { type LikedExample, rankPapers } from '../../vectors/rank.ts';
import { readQuery } from '../listing-commands.ts';
import { type Named, splitNames } from './read-names.ts';

export type RankedEntry = { title: string; id: string | null; score: number; because: string };

type Wanted = {
  liked: readonly Named[];
  disliked: readonly Named[];
  keywords: string[];
  topics: string[];
  about: string | null;
};

/** Best first; what is named as liked or disliked is known to the reader already, and not among them. */
export async function rankFor(
  wanted: Wanted,
  {
    among,
    learnFrom,
    config,
  }: { among: ListedPaper[]; learnFrom: ListedPaper[]; config: { topicsFile: string | null } },
): Promise<{ papers: RankedEntry[]; warnings: string[] }> {
  const { topics: allTopics } = await readTopics(config);
  checkFollowed(wanted, allTopics);
  const merge = (papers: ListedPaper[]) => mergePapers([], papers).map(({ merged }) => merged);
  const candidates = merge(among).filter(({ isWithdrawn }) => !isWithdrawn);
  const texts = learnFrom === among ? candidates : merge(learnFrom);
  const find = createFinder([...candidates, ...texts]);
  const liked = findExamples(wanted.liked, find);
  const disliked = findExamples(wanted.disliked, find);

  const matcher = compileTopics(allTopics, texts.slice(-papersAround));
  const model = learnModel(texts);
  const vectorize = createVectorizer(model);
  const toExample = ({ name, paper }: NamedPaper): LikedExample => ({
    name,
    vector: vectorize(paper),
    topics: scoresOf(matcher.assign(paper)),
  });
  const own =
    wanted.about === null ? [] : [{ name: ownWords, paper: { title: wanted.about, abstract: null } }];

  const named = new Set([...liked.examples, ...disliked.examples].map(({ paper }) => paper));
  const papers = candidates
    .filter((paper) => !named.has(paper))
    .map((paper, index): Paper => ({ ...paper, seq: index + 1, firstListedOn: '1970-01-01' }));
  const indexOf = indexOnce(papers);
  const likedExamples = [...liked.examples, ...own].map(toExample);
  const asked = new Set([...wanted.topics, ...likedExamples.flatMap(({ topics }) => [...topics.keys()])]);
  const assign = assignWhereAsked(matcher, compileTopics(allTopics.filter(({ id }) => asked.has(id))));
  const topicsOf = new Map(papers.map((paper) => [paper.seq, assign(paper, indexOf(paper))]));
  const matches = findMatches(wanted, { papers, topicsOf, indexOf, topicNames: allTopics });
  const followed = describeQueries(wanted.keywords);
  const ranked = rankPapers(
    papers.map((paper) => ({
      paper,
      vector: vectorize(paper),
      topics: scoresOf(topicsOf.get(paper.seq) ?? []),
      strength: matches.get(paper.seq)?.score ?? 0,
    })),
    {
      liked: likedExamples,
      disliked: disliked.examples.map(toExample),
      followed: followed && vectorize(followed),
      model,
    },
  );
  return {
    papers: ranked.map(({ paper, score, because }) => ({
      title: paper.title,
      id: paper.ids?.arxiv ?? paper.ids?.doi ?? null,
      score: Math.round(score * 10_000) / 10_000,
      because: describe(because, matches.get(paper.seq)?.reasons ?? []),
    })),
    warnings: [...liked.warnings, ...disliked.warnings],
  };
}

const ownWords = 'your own words';
/** What papers are like in general is told by as many. */
const papersAround = 400;

function checkFollowed({ topics, keywords }: Wanted, known: readonly { id: string }[]): void {
  const unknown = topics.find((id) => !known.some((topic) => topic.id === id));
  if (unknown !== undefined)
    throw new ConfigError(`There is no topic “${unknown}”. Topics: ${known.map(({ id }) => id).join(', ')}`);
  for (const text of keywords) readQuery(text);
}

/** Most papers have none of the topics that matter here: of these the others are not looked for, which takes long. */
function assignWhereAsked(
  all: TopicMatcher,
  asked: TopicMatcher,
): (paper: Paper, indexed: IndexedPaper) => TopicMatch[] {
  return (paper, indexed) =>
    asked.weigh(paper, indexed).some(({ share }) => share >= 1) ? all.assign(paper, indexed) : [];
}

function findMatches(
  { topics, keywords }: Wanted,
  {
    papers,
    topicsOf,
    indexOf,
    topicNames,
  }: {
    papers: Paper[];
    topicsOf: ReadonlyMap<number, TopicMatch[]>;
    indexOf: (paper: Paper) => IndexedPaper;
    topicNames: readonly { id: string; name: string }[];
  },
): Map<number, Pick> {
  const edition = buildEdition(papers, topicsOf, indexOf);
  const followed = {
    topics,
    keywords,
    organizations: [],
    authors: [],
    excludedTopics: [],
    excludedKeywords: [],
  };
  const names = new Map(topicNames.map(({ id, name }) => [id, name]));
  const interests = readInterests(followed, { topicNames: names, votes: [] });
  const picks = rateMatches(edition.findMatches(questionOf(interests)), interests);
  return new Map(picks.map((pick) => [pick.paper.seq, pick]));
}

type Finder = (name: string) => MergedPaper | null;

/** By id, by title, or by what stands before a title's colon; of several papers with one title, the first. */
function createFinder(papers: readonly MergedPaper[]): Finder {
  const byKey = new Map<string, MergedPaper>();
  const byShortTitle = new Map<string, MergedPaper>();
  for (const paper of papers) {
    for (const key of [...idKeys(paper.ids), ...paper.titleKeys]) if (!byKey.has(key)) byKey.set(key, paper);
    const short = titleKey(shortenTitle(paper.title));
    if (!byShortTitle.has(short)) byShortTitle.set(short, paper);
  }
  return (name) => {
    const { title, ids } = readName(name);
    const titleKeys = [name, ...(title === null ? [] : [title])].map(titleKey);
    const found = [...idKeys(ids), ...titleKeys].flatMap((key) => byKey.get(key) ?? []);
    return found[0] ?? titleKeys.flatMap((key) => byShortTitle.get(key) ?? [])[0] ?? null;
  };
}

function readName(name: string): { title: string | null; ids: PaperIds } {
  const { arxiv, doi, title } = readEntry(name);
  return { title, ids: { ...(arxiv === null ? {} : { arxiv }), ...(doi === null ? {} : { doi }) } };
}

type NamedPaper = { name: string; paper: MatchablePaper };

/** An unknown title speaks for itself; an unknown id says nothing. */
function findExamples(named: readonly Named[], find: Finder): { examples: NamedPaper[]; warnings: string[] } {
  const examples = new Map<string, NamedPaper>();
  const warnings: string[] = [];
  for (const name of splitNames(named, (text) => find(text) !== null)) {
    const paper = find(name);
    const { title, ids } = readName(name);
    if (paper !== null) examples.set(paper.key, { name: shortenTitle(paper.title), paper });
    else if (title === null)
      warnings.push(
        `${ids.arxiv ?? ids.doi ?? name} is not among the papers, and is left out: give its title`,
      );
    else {
      examples.set(titleKey(title), { name: shortenTitle(title), paper: { title, abstract: null } });
      warnings.push(`“${title}” is not among the papers: it counts by its title`);
    }
  }
  return { examples: [...examples.values()], warnings };
}

function scoresOf(topics: readonly TopicMatch[]): Map<string, number> {
  return new Map(topics.map(({ id, score }) => [id, score]));
}

/** `like *Mobile-Agent-v3.5*: GUI, GUI agent; “computer use”: computer-use` */
function describe(because: Because | null, reasons: readonly Reason[]): string {
  const like =
    because === null
      ? []
      : [
          writeReason(
            because.like === ownWords ? 'like your own words' : `like *${because.like}*`,
            because.words,
          ),
        ];
  return [...like, ...reasons.map((reason) => writeReason(nameReason(reason), reason.because))].join('; ');
}

function nameReason(reason: Reason): string {
  if (reason.type === 'alike') return reason.like ?? ownWords;
  return reason.type === 'query' ? `“${reason.query}”` : reason.name;
}

function writeReason(name: string, words: readonly string[]): string {
  return words.length === 0 ? name : `${name}: ${words.join(', ')}`;
}

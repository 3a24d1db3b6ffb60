// Readers' keyword queries against indexed papers.

import type { IndexedPaper } from '../index-paper.ts';
import type { QueryMatch } from '../match.ts';
import { findSpans, mayAnswer } from './find-spans.ts';
import { findPhrase, type Phrase, type Span } from './phrase.ts';
import { isCommonWord, type Node, type Query } from './query.ts';
import { isWhole, quoteSpans } from './quote-spans.ts';

/** Null when the paper does not answer the query. */
export function matchQuery(query: Query, paper: IndexedPaper): QueryMatch | null {
  return mayAnswer(query.root, paper) ? matchCandidate(query, paper) : null;
}

/** The same for a paper that was looked up in a word index. */
export function matchCandidate({ text, root }: Query, paper: IndexedPaper): QueryMatch | null {
  const { score, spans } = rateNode(root, paper);
  if (score === 0) return null;
  return { query: text, score, because: quoteSpans(spans, paper).slice(0, 5) };
}

/** `spans` are those to be shown, best first. */
type Rating = { score: number; spans: readonly Span[] };

function rateNode(node: Node, paper: IndexedPaper): Rating {
  const found = findSpans(node, paper, 'paper').get(0);
  if (found === undefined) return { score: 0, spans: [] };
  if (node.type === 'term') return rateSpans(found, paper);
  const ratings = node.alternatives
    .map((nodes) => rateAlternative(nodes, paper))
    .sort((a, b) => b.score - a.score);
  return { score: ratings[0]?.score ?? 0, spans: ratings.flatMap(({ spans }) => spans) };
}

/** An alternative counts as much as its words do on average, and more where they stand together as they were written. */
function rateAlternative(nodes: Node[], paper: IndexedPaper): Rating {
  const together = nodes.length > 1 ? findPhrase(writeAsPhrase(nodes), paper.places) : [];
  if (together.length > 0) return rateSpans(together, paper);
  const ratings = nodes.filter((node) => !isCommonWord(node)).map((node) => rateNode(node, paper));
  if (ratings.some(({ score }) => score === 0)) return { score: 0, spans: [] };
  const sum = ratings.reduce((total, { score }) => total + score, 0);
  return {
    score: (sum / ratings.length) * (ratings.length > 1 ? apart : 1),
    spans:
      ratings.length === 1 ? (ratings[0]?.spans ?? []) : ratings.flatMap(({ spans }) => spans.slice(0, 1)),
  };
}

const apart = 0.8;

function writeAsPhrase(nodes: Node[]): Phrase {
  const phrases = nodes.map((node) =>
    node.type === 'term' && node.field === undefined ? node.phrase : { stems: [''], joined: [] },
  );
  return {
    stems: phrases.flatMap(({ stems }) => stems),
    joined: phrases.flatMap(({ joined }, i) => (i === 0 ? joined : ['', ...joined])),
  };
}

/** 1 in the title; in the abstract 0.5, and a little more for every further place. */
function rateSpans(spans: readonly Span[], { titleEnd }: IndexedPaper): Rating {
  const inTitle = spans.some(({ start }) => start < titleEnd);
  const ordered = [...spans].sort(
    (one, other) => Number(isWhole(other)) - Number(isWhole(one)) || one.start - other.start,
  );
  return { score: inTitle ? 1 : Math.min(0.8, 0.4 + 0.1 * spans.length), spans: ordered };
}

// Which papers of an edition have a word: most of papers x queries ends here, without a look at the papers.
import type { IndexedPaper } from '../index-paper.ts';
import { isCommonWord, listStarts, type Node, type Term } from '../query/query.ts';

export type WordIndex = {
  /** The places, in the edition, of all papers that can answer the query, and of few that do not. In order. */
  findCandidates(query: Node): number[];
};

/** For each paper 1 where it may answer, else 0. */
type Marks = Uint8Array;

export function indexWords(papers: readonly Pick<IndexedPaper, 'places'>[]): WordIndex {
  const papersWith = new Map<string, number[]>();
  for (const [number, { places }] of papers.entries()) {
    for (const stem of places.keys()) {
      const numbers = papersWith.get(stem);
      if (numbers === undefined) papersWith.set(stem, [number]);
      else numbers.push(number);
    }
  }
  const all: Marks = new Uint8Array(papers.length).fill(1);

  function markNode(node: Node): Marks {
    if (node.type === 'term') return isCommonWord(node) ? all : markTerm(node);
    return node.alternatives.map(markAll).reduce(unite);
  }

  function markAll(nodes: Node[]): Marks {
    return nodes.map(markNode).reduce(intersect);
  }

  function markTerm(term: Term): Marks {
    const marks = new Uint8Array(papers.length);
    for (const stem of listStarts(term)) {
      for (const number of papersWith.get(stem) ?? []) marks[number] = 1;
    }
    return marks;
  }

  return {
    findCandidates(query) {
      const marks = markNode(query);
      const numbers: number[] = [];
      for (let number = 0; number < marks.length; number += 1) if (marks[number] === 1) numbers.push(number);
      return numbers;
    },
  };
}

function unite(one: Marks, other: Marks): Marks {
  return one.map((mark, number) => mark | (other[number] ?? 0));
}

function intersect(one: Marks, other: Marks): Marks {
  return one.map((mark, number) => mark & (other[number] ?? 0));
}

// Many queries put to one paper: which of them its words can answer at all. A prefilter, as `word-index.ts` is for one query and
// many papers: most of papers x queries ends here, without a look at the queries.
import type { IndexedPaper } from '../index-paper.ts';
import { type Group, isCommonWord, type Node, type Query } from './query.ts';

export type QueryIndex = {
  /** The queries that the paper can answer, and few that it cannot, each with only those alternatives that it can. */
  narrow(paper: Pick<IndexedPaper, 'places'>): ReadonlyMap<Query, Group>;
};

/** One alternative of a query. */
type Alternative = { query: Query; nodes: Node[] };

export function indexQueries(queries: readonly Query[]): QueryIndex {
  const alternatives = queries.flatMap((query): Alternative[] =>
    query.root.alternatives.map((nodes) => ({ query, nodes })),
  );
  const startingWith = new Map<string, number[]>();
  const always: number[] = [];
  for (const [number, { nodes }] of alternatives.entries()) {
    const starts = listStarts(nodes);
    if (starts === null) always.push(number);
    for (const stem of starts ?? []) {
      const numbers = startingWith.get(stem);
      if (numbers === undefined) startingWith.set(stem, [number]);
      else numbers.push(number);
    }
  }

  return {
    narrow({ places }) {
      const numbers = new Set(always);
      for (const stem of places.keys()) {
        for (const number of startingWith.get(stem) ?? []) numbers.add(number);
      }
      const narrowed = new Map<Query, Group>();
      for (const number of [...numbers].sort((one, other) => one - other)) {
        const { query, nodes } = alternatives[number] as Alternative;
        const known = narrowed.get(query);
        if (known === undefined) narrowed.set(query, { ...query.root, alternatives: [nodes] });
        else known.alternatives.push(nodes);
      }
      return narrowed;
    },
  };
}

/** Stems of which a paper has at least one that has all of `nodes`; null when that cannot be said. */
function listStarts(nodes: Node[]): string[] | null {
  for (const node of nodes) {
    const starts = listStartsOf(node);
    if (starts !== null) return starts;
  }
  return null;
}

/** A phrase starts with its first word, or with its first two written as one. Names are spelled in several ways. */
function listStartsOf(node: Node): string[] | null {
  if (isCommonWord(node)) return null;
  if (node.type === 'term') {
    if (node.field === 'author') return null;
    const { phrase, joined } = node;
    return [phrase.stems[0] ?? '', phrase.joined[0] ?? '', ...joined].filter((stem) => stem !== '');
  }
  const starts = node.alternatives.map(listStarts);
  return starts.every((one) => one !== null) ? starts.flat() : null;
}

// Many queries put to one paper: which of them its words can answer at all. A prefilter, as `word-index.ts` is for one query and
// many papers: most of papers x queries ends here, without a look at the queries.
import type { IndexedPaper } from '../index-paper.ts';
import { type Group, isCommonWord, listStarts, type Node, type Query } from './query.ts';

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
  for (const [number, { nodes }] of alternatives.entries()) {
    for (const stem of listFirstStarts(nodes)) {
      const numbers = startingWith.get(stem);
      if (numbers === undefined) startingWith.set(stem, [number]);
      else numbers.push(number);
    }
  }

  return {
    narrow({ places }) {
      const numbers = new Set<number>();
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

/** Stems of which a paper that has all of `nodes` has at least one. */
function listFirstStarts(nodes: Node[]): string[] {
  const first = nodes.find((node) => !isCommonWord(node));
  if (first === undefined) return [];
  return first.type === 'term' ? listStarts(first) : first.alternatives.flatMap(listFirstStarts);
}

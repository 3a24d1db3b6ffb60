// What search looks papers up by: every word stem of a paper, and every two that stand side by side, as numbers, and which
// of them a query needs. A prefilter: the matcher has the last word on what is found.
import { type IndexedPaper, wordLength } from '../index-paper.ts';
import type { Places, Span } from '../query/phrase.ts';
import { isCommonWord, type Node, type Term } from '../query/query.ts';
import { fieldPrefixes } from '../query/query-fields.ts';

/** What a paper must have: any of some words, none of some, or all or any of such conditions. */
export type WordCondition =
  | { type: 'some'; of: number[] }
  | { type: 'none'; of: number[] }
  | { type: 'all' | 'any'; conditions: WordCondition[] };

/** Each once, in order. Two stems share a number once in billions: then a search may miss a paper, and mail none. */
export function listWordNumbers({ places, titleEnd, authorsStart }: IndexedPaper): number[] {
  const numbers = new Set(listPairs(places, authorsStart));
  for (const [stem, spans] of places) {
    if (spans.some(isOneWord)) numbers.add(toNumber(stem));
    if (!spans.every(isOneWord)) numbers.add(toNumberOfMany(stem));
    if (spans.some(({ start }) => start < titleEnd)) numbers.add(toNumberInTitle(stem));
  }
  return [...numbers].sort((one, other) => one - other);
}

/** Not what stands in the place of several: an acronym for what it is short for, two words for how they are written as one. */
function isOneWord({ start, end }: Span): boolean {
  return end - start <= wordLength;
}

/** Of the words that stand side by side, also within a name. Authors stand in no order. */
function listPairs(places: Places, authorsStart: number): number[] {
  const startingAt = new Map<number, string[]>();
  for (const [stem, spans] of places) {
    for (const { start } of spans.filter(isOneWord)) {
      const known = startingAt.get(start);
      if (known !== undefined) known.push(stem);
      else if (start < authorsStart) startingAt.set(start, [stem]);
    }
  }
  return Array.from(places).flatMap(([stem, spans]) =>
    spans
      .filter(isOneWord)
      .flatMap(({ end }) => (startingAt.get(end) ?? []).map((next) => toPairNumber(stem, next))),
  );
}

/** True of every paper that answers the query, and of few others. A common word outside a phrase asks for nothing. */
export function toWordCondition(node: Node): WordCondition {
  if (node.type === 'term') return conditionOfTerm(node);
  const conditions = node.alternatives.map(
    (nodes): WordCondition => ({
      type: 'all',
      conditions: nodes.filter((one) => !isCommonWord(one)).map(toWordCondition),
    }),
  );
  const excluded = node.without.flatMap(conditionOfExclusion);
  const any: WordCondition = { type: 'any', conditions };
  return excluded.length === 0 ? any : { type: 'all', conditions: [any, ...excluded] };
}

/** Only a single word, wherever it stands, is excluded here: whether a paper has a whole phrase, its words alone do not say. */
function conditionOfExclusion(node: Node): WordCondition[] {
  if (node.type !== 'term' || node.field !== undefined || node.phrase.stems.length > 1) return [];
  return [{ type: 'none', of: [...node.phrase.stems, ...node.joined].flatMap(toNumbers) }];
}

/** Each word of a phrase is there by itself or written as one with a neighbour; or the term with its neighbour is. */
function conditionOfTerm(term: Term): WordCondition {
  const { phrase, joined, field } = term;
  const number = field === 'title' ? toNumberInTitle : toNumbers;
  const conditions = phrase.stems.map((stem, i): WordCondition => {
    const spellings = [stem, phrase.joined[i - 1], phrase.joined[i], ...joined];
    return { type: 'some', of: spellings.filter(isThere).flatMap(number) };
  });
  return { type: 'all', conditions: [...conditions, ...conditionsOfNeighbours(term)] };
}

/**
 * Each word of a phrase is there beside the next, or written as one with it; either may be written as one with its other
 * neighbour, or stand in the place of several: beside what these are, the numbers do not say.
 */
function conditionsOfNeighbours({ phrase: { stems, joined }, field }: Term): WordCondition[] {
  if (field === 'author') return [];
  return stems.slice(1).map((next, i) => {
    const before = [stems[i], joined[i - 1]].filter(isThere);
    const after = [next, joined[i + 1]].filter(isThere);
    const pairs = before.flatMap((one) => after.map((other) => toPairNumber(one, other)));
    const asOne = [joined[i]].filter(isThere).flatMap(toNumbers);
    return {
      type: 'some',
      of: [...pairs, ...asOne, ...[stems[i], next].filter(isThere).map(toNumberOfMany)],
    };
  });
}

const isThere = (stem: string | undefined): stem is string => stem !== undefined;

/**
 * Pairs are many, and most of them rare: as so few numbers, each in one of a hundred papers, they make an index a tenth of
 * the size. A phrase asks for its words as well, and hardly a paper has both by chance.
 */
const pairNumbers = 2 ** 16;

function toPairNumber(stem: string, next: string): number {
  return hash(`${stem} ${next}`) & (pairNumbers - 1);
}

function toNumberInTitle(stem: string): number {
  return toNumber(fieldPrefixes.title + stem);
}

function toNumbers(stem: string): number[] {
  return [toNumber(stem), toNumberOfMany(stem)];
}

/** Where it stands in the place of several words. */
function toNumberOfMany(stem: string): number {
  return toNumber(`${stem}+`);
}

/** Never that of a pair. */
function toNumber(stem: string): number {
  const number = hash(stem);
  return number >= 0 && number < pairNumbers ? number + pairNumbers : number;
}

/** FNV-1a, as PostgreSQL's integer holds it (https://datatracker.ietf.org/doc/html/draft-eastlake-fnv). */
function hash(text: string): number {
  let bits = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) bits = Math.imul(bits ^ text.charCodeAt(i), 0x01000193);
  return bits | 0;
}

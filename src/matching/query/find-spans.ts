// Where an indexed paper answers a query.
import type { IndexedPaper } from '../index-paper.ts';
import { findPhrase, type Places, type Span } from './phrase.ts';
import { type Group, isCommonWord, type Node, type Term } from './query.ts';
import { shortenKey } from './query-fields.ts';

/** How near to each other the words of one alternative must be: anywhere in the paper, or in one sentence. */
export type Scope = 'paper' | 'sentence';

/** The places that answer, by the number of the sentence (always 0 when the scope is the paper). Empty: no answer. */
export type Answer = ReadonlyMap<number, readonly Span[]>;

export function findSpans(node: Node, paper: IndexedPaper, scope: Scope): Answer {
  return node.type === 'term' ? findTerm(node, paper, scope) : findGroup(node, paper, scope);
}

/**
 * A cheap look before `findSpans`: false when there is no answer for sure. Most of papers x queries ends here, so it
 * makes no objects and no functions.
 */
export function mayAnswer(node: Node, paper: IndexedPaper): boolean {
  if (node.type === 'term') return isCommonWord(node) || mayHold(node, paper.places);
  for (const nodes of node.alternatives) {
    let mayAll = true;
    for (const one of nodes) mayAll = mayAll && mayAnswer(one, paper);
    if (mayAll) return true;
  }
  return false;
}

function mayHold({ phrase, joined }: Term, places: Places): boolean {
  if (places.has(phrase.stems[0] ?? '') || places.has(phrase.joined[0] ?? '')) return true;
  for (const stem of joined) if (places.has(stem)) return true;
  return false;
}

const noAnswer: Answer = new Map();

function findTerm(term: Term, paper: IndexedPaper, scope: Scope): Answer {
  const spans = findInField(term, paper);
  if (spans.length === 0) return noAnswer;
  if (scope === 'paper') return new Map([[0, spans]]);
  return groupBySentence(spans, paper);
}

function findInField(term: Term, paper: IndexedPaper): readonly Span[] {
  if (term.field === 'author') return findAuthors(term.phrase.stems, paper.places);
  const own = findPhrase(term.phrase, paper.places);
  const spans = own.length > 0 ? own : term.joined.flatMap((stem) => paper.places.get(stem) ?? []);
  if (term.field === undefined) return spans;
  return spans.filter(({ start }) => start < paper.titleEnd === (term.field === 'title'));
}

/** Whole names; one that shares but first letters with what was asked for is another's. */
function findAuthors(keys: readonly string[], places: Places): readonly Span[] {
  let found: readonly Span[] | null = null;
  let certain = new Set<number>();
  for (const key of keys) {
    const own = places.get(key) ?? [];
    const short = places.get(shortenKey(key) ?? '') ?? [];
    if (keys.length === 1 || !key.endsWith('*'))
      certain = new Set([...certain, ...own.map(({ start }) => start)]);
    const starts = new Set([...own, ...short].map(({ start }) => start));
    found = (found ?? [...own, ...short]).filter(({ start }) => starts.has(start));
  }
  const names = new Map((found ?? []).map((span) => [span.start, span]));
  return [...names.values()].filter(({ start }) => certain.has(start));
}

function groupBySentence(spans: readonly Span[], paper: IndexedPaper): Answer {
  const grouped = new Map<number, Span[]>();
  for (const span of spans) {
    const sentence = paper.sentenceAt(span.start);
    const group = grouped.get(sentence);
    if (group) group.push(span);
    else grouped.set(sentence, [span]);
  }
  return grouped;
}

function findGroup({ alternatives, without }: Group, paper: IndexedPaper, scope: Scope): Answer {
  const answers = alternatives.map((nodes) => findAll(nodes, paper, scope)).filter(({ size }) => size > 0);
  if (answers.length === 0) return noAnswer;
  const [only] = answers;
  const found = answers.length === 1 && only ? only : unite(answers);
  const excluded = without.map((node) => findSpans(node, paper, scope)).filter(({ size }) => size > 0);
  if (excluded.length === 0) return found;
  return new Map([...found].filter(([sentence]) => !excluded.some((answer) => answer.has(sentence))));
}

function findAll(nodes: Node[], paper: IndexedPaper, scope: Scope): Answer {
  let found: Answer | undefined;
  for (const node of nodes) {
    if (isCommonWord(node)) continue;
    const answer = findSpans(node, paper, scope);
    if (answer.size === 0) return noAnswer;
    found = found === undefined ? answer : intersect(found, answer);
  }
  return found ?? noAnswer;
}

function intersect(one: Answer, other: Answer): Answer {
  const both = new Map<number, readonly Span[]>();
  for (const [sentence, spans] of one) {
    const others = other.get(sentence);
    if (others) both.set(sentence, [...spans, ...others]);
  }
  return both;
}

function unite(answers: Answer[]): Answer {
  const all = new Map<number, readonly Span[]>();
  for (const [sentence, spans] of answers.flatMap((answer) => [...answer])) {
    all.set(sentence, [...(all.get(sentence) ?? []), ...spans]);
  }
  return all;
}

// The language of keyword queries, for readers and for topics: words, "phrases", OR, -exclusions, parentheses, ti:fields.
// Text in, a query or the reason why it is none out. OR binds less than standing side by side: a b OR c is (a b) OR c.
import type { Message, MessageKey, Values } from '../../languages/catalogue.ts';
import { sayInEnglish } from '../../languages/words.ts';
import { unifySpelling } from '../../text/clean-text.ts';
import { readTex } from '../words/greek.ts';
import { commonWords, splitWords, type Word } from '../words/split-words.ts';
import { stemKnownWord } from '../words/stem-word.ts';
import { compilePhrase, type Phrase } from './phrase.ts';
import {
  type Field,
  fieldPrefixes,
  fieldShape,
  isCategory,
  listAskedKeys,
  quoteNames,
  readField,
} from './query-fields.ts';

export type Query = {
  /** As the reader wrote it, tidied: parses to an equal query, and equals the text of every equal query. */
  text: string;
  root: Group;
};

/** Found where all members of one alternative are, and nothing of `without`. */
export type Group = { type: 'group'; alternatives: Node[][]; without: Node[] };

export type Node = Group | Term;

export type Term = {
  type: 'term';
  text: string;
  phrase: Phrase;
  /** Stems of the word written as one with its neighbour: the query fine tuning also finds finetuning. */
  joined: string[];
  /** A word such as "of" outside a phrase: it need not be there. */
  isCommon: boolean;
  /** Where it is to stand; anywhere when left out. */
  field?: Field;
};

/** `reason` in English, for operators and programs; `words` for the reader who wrote the query. */
export type ParsedQuery =
  | { type: 'query'; query: Query }
  | { type: 'invalid'; reason: string; words: Message };

/** Characters once white space is tidied; words, where a phrase of three counts as three. */
export type QueryLimits = { characters: number; words: number };

/** What a reader may write. */
export const queryLimits: QueryLimits = { characters: 200, words: 20 };

/** Never throws. The reason is a sentence for the person who wrote the query. */
export function parseQuery(text: string, limits: QueryLimits = queryLimits): ParsedQuery {
  const tooLong: Message = { key: 'query.tooLong', values: { most: limits.characters } };
  // Tidying can shorten a text, but not from this much.
  if (text.length > 5 * limits.characters) return invalid(tooLong);
  const cleaned = readTex(unifySpelling(readAddress(text)));
  if (cleaned === '') return invalid({ key: 'query.empty' });
  if (Array.from(cleaned).length > limits.characters) return invalid(tooLong);

  try {
    const reader: Reader = { tokens: readTokens(quoteNames(cleaned)), next: 0 };
    const root = readGroup(reader, 0);
    if (reader.next < reader.tokens.length) throw new Refusal('query.unopened');
    checkSize(root, limits);
    const tidied = printGroup(root);
    // An OR that was written as | takes more room when it is spelled out.
    return tidied.length > limits.characters
      ? invalid(tooLong)
      : { type: 'query', query: { text: tidied, root } };
  } catch (error) {
    if (error instanceof Refusal) return invalid(error.words);
    throw error;
  }
}

/** `ti:llm+AND+abs:%22kv+cache%22`, as it stands in an address of arXiv's API. */
function readAddress(text: string): string {
  const isOfAddress = /^\S+$/.test(text) && /\+(?:AND|OR|ANDNOT)\+|%2[028]/i.test(text);
  if (!isOfAddress) return text;
  const plain = text.replaceAll('+', ' ');
  return /%(?![\da-f]{2})|%[89a-f]/i.test(plain) ? plain : decodeURIComponent(plain);
}

const deepestNesting = 3;

function invalid(words: Message): ParsedQuery {
  return { type: 'invalid', reason: sayInEnglish(words), words };
}

/** Leaves the recursion below; caught in `parseQuery`, never seen outside. */
class Refusal extends Error {
  readonly words: Message;

  constructor(key: MessageKey, values: Values = {}) {
    super(key);
    this.words = { key, values };
  }
}

type Token = { type: '(' | ')' | 'or' | 'not' } | { type: 'field'; field: Field; part: string } | Term;
type Reader = { tokens: Token[]; next: number };

function readTokens(text: string): Token[] {
  const tokens: Token[] = [];
  for (const [part, prefix, quoted, sign] of text.matchAll(partShape)) {
    if (prefix !== undefined) {
      tokens.push(...readPrefix(prefix.trim()));
      continue;
    }
    const bare = part.replace(edgeMarks, '');
    if (sign === '(' || sign === ')') tokens.push({ type: sign });
    else if (quoted !== undefined) tokens.push(readPhrase(quoted));
    else if (part.startsWith('"')) throw new Refusal('query.openQuotes', { part });
    else if (sign === '-' || sign === '!' || bare === 'NOT' || bare === 'ANDNOT')
      tokens.push({ type: 'not' });
    else if (bare !== 'AND') tokens.push(...readBare(part));
  }
  return tokens;
}

// A field, a phrase (also with how near its words may be, as Lucene has it), an open quotation mark, a bracket, a minus or ! that
// touches what it excludes, or anything up to the next of them.
const partShape = new RegExp(
  String.raw`(${fieldShape})|"([^"]*)"(?:[~^]\d{1,3})?|"[^"]*|([()]|(?<=^|[\s(])[-!](?=[^\s)!]))|[^\s"()]+`,
  'gi',
);

function readPrefix(part: string): Token[] {
  const field = readField(part);
  if (field === null) throw new Refusal('query.unknownField', { part, ...fieldPrefixes });
  return field === 'all' ? [] : [{ type: 'field', field, part }];
}

// Punctuation around a word.
const edgeMarks = /^[^\p{L}\p{M}\p{N}]+|[^\p{L}\p{M}\p{N}]+$/gu;

/** Of what stands between spaces, in no quotation marks: OR, or what `readWord` gives. */
function readBare(part: string): Token[] {
  const words = splitWords(part);
  const isOr = words.length === 0 ? /^\|+$/.test(part) : words.length === 1 && words[0]?.text === 'or';
  return isOr ? [{ type: 'or' }] : readWord(part, words);
}

function readPhrase(quoted: string): Term {
  const words = splitWords(quoted).map(({ text }) => text);
  if (words.length === 0) throw new Refusal('query.emptyQuotes');
  const text = words.length > 1 ? `"${words.join(' ')}"` : (words[0] ?? '');
  return { type: 'term', text: guardWord(text), phrase: compilePhrase(words), joined: [], isCommon: false };
}

/** One term, for what stands between spaces; a hyphenated word is a phrase. None for a lone sign, such as a dash. */
function readWord(part: string, words: Word[]): Term[] {
  const [first, last] = [words[0], words.at(-1)];
  if (first === undefined || last === undefined) return [];
  if (isCategory(part)) throw new Refusal('query.unknownField', { part, ...fieldPrefixes });
  if (/[*?]/.test(part)) refusePlaceholders(part);
  const written = unifySpelling(part.slice(first.start, last.end).toLowerCase());
  const texts = words.map(({ text }) => text);
  // Changing the case of a rare letter can change where words end.
  const isStable =
    /^[a-z\d-]+$/.test(written) ||
    splitWords(written)
      .map(({ text }) => text)
      .join(' ') === texts.join(' ');
  if (!isStable) return [readPhrase(texts.join(' '))];
  const isCommon = words.length === 1 && commonWords.has(first.text);
  return [{ type: 'term', text: written, phrase: compilePhrase(texts), joined: [], isCommon }];
}

function refusePlaceholders(part: string): void {
  if (/\p{L}{2}\*/u.test(part)) throw new Refusal('query.star', { part });
  if (/(?:^|[^\p{L}\p{N}])\*\p{L}|\p{L}[*?]\p{L}/u.test(part))
    throw new Refusal('query.placeholder', { part });
}

/** Keeps its quotation marks where the bare word would mean something else. */
function guardWord(text: string): string {
  return text === 'or' || commonWords.has(text) ? `"${text}"` : text;
}

function readGroup(reader: Reader, depth: number): Group {
  if (depth > deepestNesting) throw new Refusal('query.deep');
  const alternatives: Node[][] = [[]];
  const without: Node[] = [];
  for (
    let token = reader.tokens[reader.next];
    token && token.type !== ')';
    token = reader.tokens[reader.next]
  ) {
    reader.next++;
    if (token.type === 'or') alternatives.push([]);
    else if (token.type === 'not') without.push(readNode(reader, reader.tokens[reader.next++], depth));
    else alternatives.at(-1)?.push(readNode(reader, token, depth));
  }
  checkAlternatives(alternatives, without);
  return tidy({ type: 'group', alternatives, without });
}

function readNode(reader: Reader, token: Token | undefined, depth: number): Node {
  if (token?.type === 'term') return token;
  if (token?.type === 'field') return readFielded(reader, token, depth);
  if (token?.type !== '(') throw new Refusal('query.lonelyNot');
  const group = readGroup(reader, depth + 1);
  if (reader.tokens[reader.next++]?.type !== ')') throw new Refusal('query.unclosed');
  const only =
    group.alternatives.length === 1 && group.without.length === 0 ? group.alternatives[0] : undefined;
  return only?.length === 1 && only[0] ? only[0] : group;
}

function readFielded(reader: Reader, { field, part }: { field: Field; part: string }, depth: number): Node {
  const token = reader.tokens[reader.next++];
  if (token?.type !== 'term' && token?.type !== '(') throw new Refusal('query.lonelyField', { part });
  return setField(readNode(reader, token, depth), field);
}

/** What a member already says of itself holds. */
function setField(node: Node, field: Field): Node {
  if (node.type === 'group') {
    const set = (nodes: Node[]) => nodes.map((one) => setField(one, field));
    return { ...node, alternatives: node.alternatives.map(set), without: set(node.without) };
  }
  if (node.field !== undefined) return node;
  const term: Term = { ...node, text: fieldPrefixes[field] + node.text, field };
  if (field !== 'author') return term;
  const { stems, joined } = listAskedKeys(node.text);
  return { ...term, phrase: { stems, joined: [] }, joined, isCommon: false };
}

function checkAlternatives(alternatives: Node[][], without: Node[]): void {
  const empty = alternatives.some((nodes) => nodes.length === 0);
  if (empty && alternatives.length > 1) throw new Refusal('query.lonelyOr');
  if (empty && without.length > 0) {
    throw new Refusal('query.onlyWithout', { without: printExcluded(without) });
  }
  if (empty) throw new Refusal('query.noWord');
  const common = alternatives.find((nodes) => nodes.every(isCommonWord));
  if (common) throw new Refusal('query.common', { words: printNodes(common) });
}

/**
 * Stems of which a paper that has the term has at least one: a phrase starts with its first word, or with its first two written as
 * one; what else a word or a name may be is `joined`.
 */
export function listStarts({ phrase, joined }: Term): string[] {
  return [phrase.stems[0] ?? '', phrase.joined[0] ?? '', ...joined].filter((stem) => stem !== '');
}

/** All that decides whether a paper answers. */
export function listStems(node: Node): string[] {
  if (node.type === 'term') return [...node.phrase.stems, ...node.phrase.joined, ...node.joined];
  return [...node.alternatives.flat(), ...node.without].flatMap(listStems);
}

/** What is asked for as one would say it: without what is excluded, without authors, fields and quotation marks. */
export function listWantedPhrases(node: Node): string[] {
  if (node.type === 'group') return node.alternatives.flat().flatMap(listWantedPhrases);
  if (node.field === 'author' || node.isCommon) return [];
  const prefix = node.field === undefined ? '' : fieldPrefixes[node.field];
  return [node.text.slice(prefix.length).replaceAll('"', '')];
}

/** Whether it asks for so many words in a row. */
export function hasPhrase(node: Node, words: number): boolean {
  if (node.type === 'term') return node.phrase.stems.length >= words;
  return node.alternatives.flat().some((one) => hasPhrase(one, words));
}

export function isCommonWord(node: Node): boolean {
  return node.type === 'term' && node.isCommon;
}

/** Without repeats and needless parentheses: (a b) c is a b c, and (a OR b) OR c is a OR b OR c. */
function tidy({ type, alternatives, without }: Group): Group {
  const flat = alternatives
    .flatMap((nodes) => (nodes.length === 1 ? (listAlternatives(nodes[0]) ?? [nodes]) : [nodes]))
    .map((nodes) =>
      nodes.flatMap((node) =>
        listAlternatives(node)?.length === 1 ? (listAlternatives(node)?.flat() ?? []) : [node],
      ),
    )
    .map((nodes) => joinNeighbours(dropRepeats(nodes, printNode)));
  return { type, alternatives: dropRepeats(flat, printNodes), without: dropRepeats(without, printNode) };
}

/** Of a group that excludes nothing. */
function listAlternatives(node: Node | undefined): Node[][] | undefined {
  return node?.type === 'group' && node.without.length === 0 ? node.alternatives : undefined;
}

function joinNeighbours(nodes: Node[]): Node[] {
  const isWord = (node: Node | undefined): node is Term =>
    node?.type === 'term' && node.field === undefined && node.phrase.stems.length === 1;
  return nodes.map((node, i) => {
    if (!isWord(node)) return node;
    const [before, after] = [nodes[i - 1], nodes[i + 1]];
    const written = [
      isWord(before) ? before.text + node.text : '',
      isWord(after) ? node.text + after.text : '',
    ];
    return { ...node, joined: written.filter((text) => /^[\p{L}\p{N}]+$/u.test(text)).map(stemKnownWord) };
  });
}

function dropRepeats<Item>(items: Item[], print: (item: Item) => string): Item[] {
  return [...new Map(items.map((item) => [print(item), item])).values()];
}

function checkSize(root: Group, limits: QueryLimits): void {
  const words = countWords(root);
  if (words > limits.words) {
    throw new Refusal('query.manyWords', { words, most: limits.words });
  }
}

function countWords(node: Node): number {
  if (node.type === 'term') return node.phrase.stems.length;
  return [...node.alternatives.flat(), ...node.without].reduce((sum, member) => sum + countWords(member), 0);
}

function printGroup({ alternatives, without }: Group): string {
  return [alternatives.map(printNodes).join(' OR '), printExcluded(without)]
    .filter((text) => text !== '')
    .join(' ');
}

function printNodes(nodes: Node[]): string {
  return nodes.map(printNode).join(' ');
}

function printNode(node: Node): string {
  return node.type === 'term' ? node.text : `(${printGroup(node)})`;
}

function printExcluded(without: Node[]): string {
  return without.map((node) => `-${printNode(node)}`).join(' ');
}

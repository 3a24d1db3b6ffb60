// A paper, read once: where each word stem stands in its title and abstract. Topics and readers' queries look words
// up here instead of reading the text again.

import { listPlainSpellings } from '../papers/authors.ts';
import { unifySpelling } from '../text/clean-text.ts';
import type { MatchablePaper } from './match.ts';
import { compilePhrase, findPhrase, type Phrase, type Places, type Span } from './query/phrase.ts';
import { listAuthorKeys } from './query/query-fields.ts';
import { knownAcronyms } from './words/acronyms.ts';
import { nameGreekLetters, readGreekVersion, readTex } from './words/greek.ts';
import { splitSentences } from './words/split-sentences.ts';
import { splitWords, type Word } from './words/split-words.ts';
import { stemAsOne, stemKnownWord, stemWord } from './words/stem-word.ts';

export type IndexedPaper = {
  places: Places;
  /** Positions below this one are in the title. */
  titleEnd: number;
  /** Positions from this one on are authors' names. */
  authorsStart: number;
  /** How many words the abstract has; 0 without one. */
  abstractLength: number;
  /** The number of the sentence in which a position lies; the title is 0. */
  sentenceAt(position: number): number;
  /** Whether a sentence tells of experiments: what it names is often only where the idea was tried. */
  reportsResults(sentence: number): boolean;
  /** The paper's own words from one position to another; of `1.2T` not the `2T` alone. */
  textOf(span: Span): string;
};

/** A position is a word's number times this; what an acronym stands for divides its word evenly, up to six words. */
export const wordLength = 60;

/** What of a paper a query can ask for: its stems, and those that make or are made of acronyms among them; and how they begin. */
export type Needed = { stems: ReadonlySet<string>; beginnings: ReadonlySet<string> };

export function needStems(asked: Iterable<string>): Needed {
  const stems = new Set(asked);
  // What an acronym stands for may hold another one.
  for (let before = -1; before < stems.size; ) {
    before = stems.size;
    for (const { stem, spelledOut } of compiledAcronyms) {
      if (!stems.has(stem)) continue;
      for (const phrase of spelledOut) for (const one of [...phrase.stems, ...phrase.joined]) stems.add(one);
    }
  }
  for (const { stem, spelledOut } of compiledAcronyms) {
    if (spelledOut[0]?.stems.some((one) => stems.has(one))) stems.add(stem);
  }
  const beginnings = Array.from(stems, (stem) => [stem.slice(0, 1), stem.slice(0, 2)]);
  return { stems, beginnings: new Set(beginnings.flat()) };
}

/** Abstracts that are absent, empty or long past any real one are fine; what follows 20,000 characters is not read. */
export function indexPaper(paper: MatchablePaper): IndexedPaper {
  return readPaper(paper, null);
}

/** For whoever looks at the same papers several times: each of `papers` is read once, any other whenever it is asked for. */
export function indexOnce(papers: readonly MatchablePaper[]): (paper: MatchablePaper) => IndexedPaper {
  const indices = new Map<MatchablePaper, IndexedPaper | null>(papers.map((paper) => [paper, null]));
  return (paper) => {
    const known = indices.get(paper);
    const indexed = known ?? indexPaper(paper);
    if (known === null) indices.set(paper, indexed);
    return indexed;
  };
}

/** Only the stems that are needed are looked for, a fraction of the work: for a paper that one query is put to. */
export function indexNeeded(paper: MatchablePaper, needed: Needed): IndexedPaper {
  return readPaper(paper, needed);
}

function readPaper({ title, abstract, authors }: MatchablePaper, needed: Needed | null): IndexedPaper {
  const parts = [title, abstract ?? ''].map(readAsMatched);
  const [inTitle = [], inAbstract = []] = parts.map(splitWords);
  const titleEnd = inTitle.length * wordLength;
  const places = new Map<string, Span[]>();
  const lists: Lists = { places, needed };
  addWords(lists, { source: parts[0] ?? '', words: inTitle }, 0);
  // One position stays free, so that no phrase runs from the title into the abstract.
  addWords(lists, { source: parts[1] ?? '', words: inAbstract }, titleEnd + wordLength);
  addAcronyms(places);
  const authorsStart = titleEnd + (inAbstract.length + 2) * wordLength;
  const names = (authors ?? [])
    .slice(0, mostAuthors)
    .map((name) => unifySpelling(name.slice(0, longestName)));
  if (needed === null || needed.beginnings.has('a')) addAuthors(lists, names, authorsStart);

  // Only topics ask for sentences.
  let sentences: ReturnType<typeof splitSentences> | null = null;
  let sentenceOf: number[] | null = null;
  const getSentences = () => {
    sentences ??= splitSentences(parts[1] ?? '', inAbstract);
    return sentences;
  };
  const numberSentences = () => [
    ...inTitle.map(() => 0),
    0,
    ...getSentences().flatMap(({ words }, i) => words.map(() => i + 1)),
  ];
  return {
    places,
    titleEnd,
    authorsStart,
    abstractLength: inAbstract.length,
    sentenceAt(position) {
      sentenceOf ??= numberSentences();
      return sentenceOf[Math.floor(position / wordLength)] ?? 0;
    },
    reportsResults: (sentence) => getSentences()[sentence - 1]?.reportsResults ?? false,
    textOf({ start, end }) {
      if (start >= authorsStart) return names[(start - authorsStart) / wordLength] ?? '';
      const offset = start < titleEnd ? 0 : inTitle.length + 1;
      const [text = '', words] = start < titleEnd ? [parts[0], inTitle] : [parts[1], inAbstract];
      const first = words[Math.floor(start / wordLength) - offset];
      const last = words[Math.ceil(end / wordLength) - 1 - offset];
      return first && last ? text.slice(...growNumbers(text, first.start, last.end)) : '';
    },
  };
}

/** The text of which words are looked up and quoted: one spelling, without TeX and links. */
export function readAsMatched(text: string): string {
  return dropLinks(readTex(unifySpelling(text.slice(0, longestText))));
}

/** A number with a point in it is two words, and written as one. */
function growNumbers(text: string, start: number, end: number): [start: number, end: number] {
  const before = /^\p{N}/u.test(text.slice(start, start + 1))
    ? /\p{N}{1,9}\.$/u.exec(text.slice(Math.max(0, start - 10), start))
    : null;
  const behind = /\p{N}$/u.test(text.slice(end - 1, end))
    ? /^\.\p{N}{1,9}(?![\p{L}\p{N}])/u.exec(text.slice(end, end + 11))
    : null;
  return [start - (before?.[0].length ?? 0), end + (behind?.[0].length ?? 0)];
}

const longestText = 20_000;
/** A collaboration of thousands is followed by its name. */
const mostAuthors = 300;
const longestName = 200;

/** The words of a link are not the paper's words. */
function dropLinks(text: string): string {
  return text.replace(/(?:https?:\/\/|www\.)\S+/gi, ' ');
}

/** Where stems are put, and which: all when `needed` is null. */
type Lists = { places: Map<string, Span[]>; needed: Needed | null };

function addWords(lists: Lists, { source, words }: { source: string; words: Word[] }, from: number): void {
  words.forEach((word, i) => {
    const { text } = word;
    const start = from + i * wordLength;
    const end = start + wordLength;
    if (mayBeNeeded(lists, text)) {
      addStem(lists, stemKnownWord(text), { start, end });
      const next = words[i + 1]?.text;
      const asOne = next !== undefined && mayBeNeeded(lists, text + next) ? stemAsOne(text, next) : '';
      if (asOne !== '') addStem(lists, asOne, { start, end: end + wordLength });
      const afterTo = next === 'to' ? words[i + 2]?.text : undefined;
      if (afterTo !== undefined)
        addStem(lists, stemWord(`${text}2${afterTo}`), { start, end: end + 2 * wordLength });
    }
    // Nearly every word ends here.
    if (isPlainWord(source, word)) return;
    const parts = splitName(source.slice(word.start, word.end));
    const length = wordLength / parts.length;
    parts.forEach((part, n) => {
      const lower = nameGreekLetters(part.toLowerCase());
      if (mayBeNeeded(lists, lower))
        addStem(lists, stemKnownWord(lower), { start: start + n * length, end: start + (n + 1) * length });
    });
  });
}

const isAscii = /^[\x20-\x7e]*$/;

/** Each name is one place, whichever of its words is asked for, and however that is spelled. */
function addAuthors(lists: Lists, names: string[], from: number): void {
  names.forEach((name, i) => {
    const span = { start: from + i * wordLength, end: from + (i + 1) * wordLength };
    const spellings = isAscii.test(name) ? [name] : [name, ...listPlainSpellings(name)];
    const keys = spellings.flatMap(splitWords).flatMap(({ text }) => listAuthorKeys(text));
    for (const key of new Set(keys)) addStem(lists, key, span);
  });
}

/** A stem begins as its words do, with two letters or, where the word is short, perhaps with one: dying, die. */
function mayBeNeeded({ needed }: Lists, word: string): boolean {
  return needed === null || needed.beginnings.has(word.slice(0, word.length > longestShort ? 2 : 1));
}

const longestShort = 6;

function addStem({ places, needed }: Lists, stem: string, span: Span): void {
  if (needed === null || needed.stems.has(stem)) add(places, stem, span);
}

/** Whether after its first letter a word has none but the small ones of English: then it is no name of several words. */
function isPlainWord(source: string, { start, end }: Word): boolean {
  for (let at = start + 1; at < end; at += 1) {
    const code = source.charCodeAt(at);
    if (code < 0x61 || code > 0x7a) return false;
  }
  return true;
}

/** What a name is made of: ElasticMoE, FlashAttention, text2image, YOLOv13. Empty for all other words. */
function splitName(name: string): string[] {
  if (!/.[\d\p{Lu}]/u.test(name)) return [];
  const sides = /^([a-z]{4,})2([a-z]{4,})$/i.exec(name);
  if (sides?.[1] && sides[2]) return [sides[1], 'to', sides[2]];
  const letter = readGreekVersion(name);
  if (letter !== null) return [letter];
  const versioned = /^(\p{L}{3,}?)v?\d{1,3}$/iu.exec(name)?.[1];
  if (versioned !== undefined) return [versioned];
  const [, start, acronym] =
    /^(\p{L}+?)(MoE|LoRA|NeRF|DiT|RoPE|LLM|MLLM|VLM|RAG|GNN|GPT|BERT|GRPO|CLIP|SQL|Bench|Eval|Arena)s?$/u.exec(
      name,
    ) ?? [];
  if (start !== undefined && acronym !== undefined) return [start, acronym];
  const parts = name.split(/(?<=\p{Ll})(?=\p{Lu})/u);
  return parts.length > 1 && parts.every((part) => part.length > 2) ? parts : [];
}

/** MoE is also found as mixture of experts, and mixture of experts as MoE. */
function addAcronyms(places: Map<string, Span[]>): void {
  for (const { stem, spelledOut } of compiledAcronyms) {
    for (const span of places.get(stem) ?? []) addSpelledOut(places, spelledOut[0]?.stems ?? [], span);
  }
  for (const { stem, spelledOut } of compiledAcronyms) {
    for (const phrase of spelledOut) {
      for (const span of findPhrase(phrase, places)) {
        if (!places.get(stem)?.some(({ start }) => start === span.start)) add(places, stem, span);
      }
    }
  }
}

const compiledAcronyms: { stem: string; spelledOut: Phrase[] }[] = knownAcronyms.map(
  ([acronym, ...spelledOut]) => ({
    stem: stemWord(acronym),
    spelledOut: spelledOut.map((words) => compilePhrase(words.split(' '))),
  }),
);

/** Puts several stems, evenly, in the place of one word. */
function addSpelledOut(places: Map<string, Span[]>, stems: string[], { start, end }: Span): void {
  const length = (end - start) / stems.length;
  stems.forEach((stem, i) => {
    add(places, stem, { start: start + i * length, end: start + (i + 1) * length });
  });
}

function add(places: Map<string, Span[]>, stem: string, span: Span): void {
  const known = places.get(stem);
  if (known) known.push(span);
  else places.set(stem, [span]);
}

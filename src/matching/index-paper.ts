// A paper, read once: where each word stem stands in its title and abstract. Topics and readers' queries look words
// up here instead of reading the text again.

import { unifySpelling } from '../text/clean-text.ts';
import { knownAcronyms } from './acronyms.ts';
import type { MatchablePaper } from './match.ts';
import { compilePhrase, findPhrase, type Phrase, type Places, type Span } from './phrase.ts';
import { splitSentences } from './split-sentences.ts';
import { splitWords, type Word } from './split-words.ts';
import { stemWord } from './stem-word.ts';

export type IndexedPaper = {
  places: Places;
  /** Positions below this one are in the title. */
  titleEnd: number;
  /** How many words the abstract has; 0 without one. */
  abstractLength: number;
  /** The number of the sentence in which a position lies; the title is 0. */
  sentenceAt(position: number): number;
  /** Whether a sentence tells of experiments: what it names is often only where the idea was tried. */
  reportsResults(sentence: number): boolean;
  /** The paper's own words from one position to another. */
  textOf(span: Span): string;
};

/** A position is a word's number times this; what an acronym stands for divides its word evenly, up to six words. */
export const wordLength = 60;

/** Abstracts that are absent, empty or long past any real one are fine; what follows 20,000 characters is not read. */
export function indexPaper({ title, abstract }: MatchablePaper): IndexedPaper {
  const parts = [title, abstract ?? ''].map((text) => dropLinks(unifySpelling(text.slice(0, longestText))));
  const [inTitle = [], inAbstract = []] = parts.map(splitWords);
  const titleEnd = inTitle.length * wordLength;
  const places = new Map<string, Span[]>();
  addWords(places, { source: parts[0] ?? '', words: inTitle }, 0);
  // One position stays free, so that no phrase runs from the title into the abstract.
  addWords(places, { source: parts[1] ?? '', words: inAbstract }, titleEnd + wordLength);
  addAcronyms(places);

  const sentences = splitSentences(parts[1] ?? '', inAbstract);
  const sentenceOf = [
    ...inTitle.map(() => 0),
    0,
    ...sentences.flatMap(({ words }, i) => words.map(() => i + 1)),
  ];
  return {
    places,
    titleEnd,
    abstractLength: inAbstract.length,
    sentenceAt: (position) => sentenceOf[Math.floor(position / wordLength)] ?? 0,
    reportsResults: (sentence) => sentences[sentence - 1]?.reportsResults ?? false,
    textOf({ start, end }) {
      const offset = start < titleEnd ? 0 : inTitle.length + 1;
      const [text = '', words] = start < titleEnd ? [parts[0], inTitle] : [parts[1], inAbstract];
      const first = words[Math.floor(start / wordLength) - offset];
      const last = words[Math.ceil(end / wordLength) - 1 - offset];
      return first && last ? text.slice(first.start, last.end) : '';
    },
  };
}

const longestText = 20_000;

/** The words of a link are not the paper's words. */
function dropLinks(text: string): string {
  return text.replace(/(?:https?:\/\/|www\.)\S+/gi, ' ');
}

function addWords(
  places: Map<string, Span[]>,
  { source, words }: { source: string; words: Word[] },
  from: number,
): void {
  words.forEach((word, i) => {
    const { text } = word;
    const start = from + i * wordLength;
    const end = start + wordLength;
    add(places, stemWord(text), { start, end });

    const next = words[i + 1]?.text;
    if (next !== undefined) add(places, stemWord(text + next), { start, end: end + wordLength });
    const afterTo = next === 'to' ? words[i + 2]?.text : undefined;
    if (afterTo !== undefined)
      add(places, stemWord(`${text}2${afterTo}`), { start, end: end + 2 * wordLength });
    const parts = splitName(source.slice(word.start, word.end));
    if (parts.length > 0)
      addSpelledOut(
        places,
        parts.map((part) => stemWord(part.toLowerCase())),
        { start, end },
      );
  });
}

/** What a name is made of: ElasticMoE, FlashAttention, text2image, YOLOv13. Empty for all other words. */
function splitName(name: string): string[] {
  const sides = /^([a-z]{4,})2([a-z]{4,})$/i.exec(name);
  if (sides?.[1] && sides[2]) return [sides[1], 'to', sides[2]];
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

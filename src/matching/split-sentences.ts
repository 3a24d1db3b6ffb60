// The sentences of an abstract, and which of them only tell of experiments.
import type { Word } from './split-words.ts';

export type Sentence = { words: Word[]; reportsResults: boolean };

/**
 * `words` are those of `text`. A sentence ends at a point, question or exclamation mark before white space and a
 * capital, digit or bracket.
 */
export function splitSentences(text: string, words: Word[]): Sentence[] {
  const groups: Word[][] = [];
  words.forEach((word, i) => {
    const before = words[i - 1];
    const isNext = before === undefined || isSentenceEnd(text.slice(before.end, word.start + 1), before);
    if (isNext) groups.push([word]);
    else groups.at(-1)?.push(word);
  });
  return groups.map((group) => ({
    words: group,
    reportsResults: tellsResults.test(text.slice(group[0]?.start, group.at(-1)?.end)),
  }));
}

function isSentenceEnd(between: string, before: Word): boolean {
  return sentenceEnd.test(between) && !abbreviation.test(before.text);
}

const sentenceEnd = /[.!?]["')\]]*\s+["'([]*[\p{Lu}\p{N}]$/u;
const abbreviation = /^(?:e|i|g|al|eg|ie|vs|fig|eq|approx|resp|cf|no|dr)$/;
const tellsResults =
  /\b(?:experiment(?:s|al|ally)?|we (?:also )?evaluate|evaluat(?:ed|ions?) (?:on|across|of our|demonstrates?|shows?)|our evaluations?|results (?:show|demonstrate|indicate|suggest)|outperform(?:s|ing|ed)?|surpass(?:es|ing)?|(?:on|across|over) (?:\S+ ){0,6}(?:benchmarks|datasets|tasks|models)|baselines|codes?|available at)\b/i;

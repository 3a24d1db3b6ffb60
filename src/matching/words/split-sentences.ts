// The sentences of an abstract, and which of them only tell of experiments.
import { findSentenceEnds } from '../../text/sentences.ts';
import type { Word } from './split-words.ts';

export type Sentence = { words: Word[]; reportsResults: boolean };

/** `words` are those of `text`. */
export function splitSentences(text: string, words: Word[]): Sentence[] {
  const ends = findSentenceEnds(text);
  const groups: Word[][] = [];
  let passed = 0;
  for (const word of words) {
    const before = passed;
    while ((ends[passed] ?? text.length) <= word.start) passed++;
    if (groups.length === 0 || passed > before) groups.push([word]);
    else groups.at(-1)?.push(word);
  }
  return groups.map((group) => ({
    words: group,
    reportsResults: tellsResults.test(text.slice(group[0]?.start, group.at(-1)?.end)),
  }));
}

const tellsResults =
  /\b(?:experiment(?:s|al|ally)?|we (?:also )?evaluate|evaluat(?:ed|ions?) (?:on|across|of our|demonstrates?|shows?)|our evaluations?|results (?:show|demonstrate|indicate|suggest)|outperform(?:s|ing|ed)?|surpass(?:es|ing)?|(?:on|across|over) (?:\S+ ){0,6}(?:benchmarks|datasets|tasks|models)|baselines|codes?|available at)\b/i;

// Why a paper is in a digest, in the words of a mail.
import type { Reason } from '../digests/digest.ts';
import { cleanText } from './clean-text.ts';
import { mendText } from './mend-text.ts';
import { shortenText } from './shorten-text.ts';

export type ReasonView = {
  /** What the reader follows: a topic's name, or the keyword query in quotation marks. */
  label: string;
  /** The words of the paper that spoke for it; empty when they are the query itself. */
  words: string[];
};

const maxReasons = 3;
const maxWords = 3;
const labelLength = { words: 12, columns: 80 };
const wordLength = { words: 8, columns: 60 };

export function viewReasons(reasons: readonly Reason[]): ReasonView[] {
  return reasons.slice(0, maxReasons).map((reason) => {
    const name = shortenText(cleanText(reason.type === 'topic' ? reason.name : reason.query), labelLength);
    const words = dropRepeats(listWords([reason])).slice(0, maxWords);
    const saysIt = words.length === 1 && words[0]?.toLowerCase() === name.replaceAll('"', '').toLowerCase();
    return {
      label: reason.type === 'topic' ? name : `“${name.replaceAll('"', '')}”`,
      words: saysIt ? [] : words,
    };
  });
}

/** After `MoE`, `MoE model` says nothing new. */
function dropRepeats(words: readonly string[]): string[] {
  const folded = words.map((word) => word.toLowerCase().replace(/[\s-]+/g, ' '));
  return words.filter((_, index) => {
    const word = folded[index] ?? '';
    return !folded.slice(0, index).some((earlier) => word.includes(earlier) || earlier.includes(word));
  });
}

/** All matched words, each once, as the paper's mended text has them. */
export function listWords(reasons: readonly Reason[]): string[] {
  const words = new Map<string, string>();
  for (const word of reasons.flatMap(({ because }) => because)) {
    const mended = shortenText(mendText(word), wordLength);
    if (mended !== '' && !words.has(mended.toLowerCase())) words.set(mended.toLowerCase(), mended);
  }
  return [...words.values()];
}

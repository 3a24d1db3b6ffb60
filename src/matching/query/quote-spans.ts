// Places in a paper as the words a reader is shown: why this paper.
import { type IndexedPaper, wordLength } from '../index-paper.ts';
import { splitWords } from '../words/split-words.ts';
import { stemWord } from '../words/stem-word.ts';
import type { Span } from './phrase.ts';

/** The paper's words at each place, in small letters unless they are an acronym or a name; none says what another said. */
export function quoteSpans(spans: readonly Span[], paper: IndexedPaper): string[] {
  const whole = spans.filter(isWhole);
  const texts = (whole.length > 0 ? whole : spans).map((span) =>
    span.start >= paper.authorsStart ? paper.textOf(span) : tidyQuote(paper.textOf(span)),
  );
  const quotes = [...new Set(texts)].filter((quote) => quote !== '');
  return quotes.length > 1 ? dropContained(quotes) : quotes;
}

function dropContained(quotes: string[]): string[] {
  const kept: { key: string; quote: string }[] = [];
  for (const quote of quotes) {
    const stems = splitWords(quote).map(({ text }) => stemWord(text));
    const key = ` ${stems.join(' ')} `;
    if (!kept.some((other) => other.key.includes(key))) kept.push({ key, quote });
  }
  return kept.map(({ quote }) => quote);
}

/** Not a part of a word: the MoE in ElasticMoE is named only where nothing better is. */
export function isWhole({ start, end }: Span): boolean {
  return start % wordLength === 0 && end % wordLength === 0;
}

/** Places that overlap, or have at most `gap` between them, become one. */
export function mergeSpans(spans: readonly Span[], gap: number): Span[] {
  const merged: Span[] = [];
  for (const { start, end } of [...spans].sort((one, other) => one.start - other.start)) {
    const last = merged.at(-1);
    if (last && start <= last.end + gap) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}

/** Without brackets that open or close outside; "Federated Learning" is said in small letters, "KV cache" and "LoRA" are not. */
function tidyQuote(text: string): string {
  const isBalanced = /^[^()]*(?:\([^()]*\)[^()]*)*$/.test(text);
  return (isBalanced ? text : text.replace(/[()]/g, '')).replace(/[\p{L}\p{N}']+/gu, (word) =>
    /^\p{Lu}\p{Ll}+$/u.test(word) ? word.toLowerCase() : word,
  );
}

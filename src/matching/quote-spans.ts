// Places in a paper as the words a reader is shown: why this paper.
import type { IndexedPaper } from './index-paper.ts';
import type { Span } from './phrase.ts';

/** The paper's words at each place, in small letters unless they are an acronym or a name, each once. */
export function quoteSpans(spans: readonly Span[], paper: IndexedPaper): string[] {
  const quotes = new Map<string, string>();
  for (const span of spans) {
    const quote = tidyQuote(paper.textOf(span));
    const key = quote.toLowerCase().replaceAll('-', ' ');
    if (quote !== '' && !quotes.has(key)) quotes.set(key, quote);
  }
  return [...quotes.values()];
}

/** Places that are next to each other or overlap become one. */
export function mergeSpans(spans: readonly Span[], gap = 0): Span[] {
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
  return (isBalanced ? text : text.replace(/[()]/g, '')).replace(/[\p{L}\p{N}']+/gu, (word) => (/^\p{Lu}\p{Ll}+$/u.test(word) ? word.toLowerCase() : word));
}

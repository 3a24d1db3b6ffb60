// Where in a text the words are that matched. Without regular expressions made from them: compiling one takes longer
// than rendering the mail.

export type Span = { text: string; isHit: boolean };

/** More marks than this help nobody. */
const maxWords = 12;

/** Cuts the text around the first place of each word. Case, hyphens and a plural s make no difference. */
export function splitAtWords(text: string, words: readonly string[]): Span[] {
  const folded = fold(text);
  const hits = words
    .slice(0, maxWords)
    .flatMap((word) => findWord(folded, fold(word)) ?? [])
    // Where two overlap, the longer one: `expert parallelism`, not `expert`.
    .sort((one, other) => one.start - other.start || other.end - one.end);

  const spans: Span[] = [];
  let end = 0;
  for (const hit of hits) {
    if (hit.start < end) continue;
    if (hit.start > end) spans.push({ text: text.slice(end, hit.start), isHit: false });
    spans.push({ text: text.slice(hit.start, hit.end), isHit: true });
    end = hit.end;
  }
  if (end < text.length) spans.push({ text: text.slice(end), isHit: false });
  return spans;
}

/** Where the word first stands, as a whole word; null when it does not. */
export function findPlace(text: string, word: string): { start: number; end: number } | null {
  return findWord(fold(text), fold(word));
}

/** As long as the text, so that places in the one are places in the other. */
function fold(text: string): string {
  const lower = text.toLowerCase();
  return (lower.length === text.length ? lower : text).replace(/[\s\u2010-\u2015-]/g, ' ');
}

function findWord(text: string, word: string): { start: number; end: number } | null {
  if (word.trim() === '') return null;
  for (let start = text.indexOf(word); start !== -1; start = text.indexOf(word, start + 1)) {
    const end = ['', 's', 'es']
      .filter((plural) => text.startsWith(word + plural, start))
      .map((plural) => start + word.length + plural.length)
      .find((place) => !continues(text, place));
    if (end !== undefined && !continues(text, start)) return { start, end };
  }
  return null;
}

const letter = /[\p{L}\p{N}]/u;
const spacedByLetters = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/** Whether `place` is within a word. Some scripts have no spaces between words. */
function continues(text: string, place: number): boolean {
  const [before = '', after = ''] = [text.charAt(place - 1), text.charAt(place)];
  return (
    letter.test(before) &&
    letter.test(after) &&
    !(spacedByLetters.test(before) || spacedByLetters.test(after))
  );
}

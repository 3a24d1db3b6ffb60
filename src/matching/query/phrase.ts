// Words that stand side by side, found in an indexed text whatever their endings, hyphens and spaces.
import { stemAsOne, stemKnownWord } from '../words/stem-word.ts';

export type Phrase = {
  /** One per word. */
  stems: string[];
  /** `joined[i]` is the stem of words i and i + 1 written as one, fine tuning is also finetuning; empty where there is none. */
  joined: string[];
};

/** A stretch of an indexed text, in parts of a word (see `index-paper.ts`); `end` is where the next word starts. */
export type Span = { start: number; end: number };

/** Where each stem stands, in any order. */
export type Places = ReadonlyMap<string, readonly Span[]>;

/** `words` as `splitWords` gives them; at least one. */
export function compilePhrase(words: string[]): Phrase {
  return {
    stems: words.map(stemKnownWord),
    joined: words.slice(1).map((word, i) => stemAsOne(words[i] ?? '', word)),
  };
}

/** Every place of the phrase, each once; empty when it is not there. */
export function findPhrase({ stems, joined }: Phrase, places: Places): readonly Span[] {
  let shorter: readonly Span[] = [];
  let spans: readonly Span[] = places.get(stems[0] ?? '') ?? none;
  for (let count = 2; count <= stems.length; count++) {
    const byOne = append(spans, places.get(stems[count - 1] ?? '') ?? none);
    const both = places.get(joined[count - 2] ?? '') ?? none;
    const byTwo = count === 2 ? both : append(shorter, both);
    shorter = spans;
    spans = byTwo.length === 0 ? byOne : dropRepeats([...byOne, ...byTwo]);
    if (spans.length === 0 && shorter.length === 0) return none;
  }
  return spans;
}

const none: readonly Span[] = [];

/** The spans prolonged by those places that start where they end. */
function append(spans: readonly Span[], places: readonly Span[]): readonly Span[] {
  if (spans.length === 0 || places.length === 0) return none;
  const longer: Span[] = [];
  for (const { start, end } of spans) {
    for (const place of places) if (place.start === end) longer.push({ start, end: place.end });
  }
  return longer.length === 0 ? none : longer;
}

function dropRepeats(spans: Span[]): Span[] {
  const seen = new Map(spans.map((span) => [`${span.start}:${span.end}`, span]));
  return [...seen.values()].sort((one, other) => one.start - other.start);
}

// Where the sentences of a text end.

// A full stop after these, or after a single letter, ends no sentence.
const abbreviation =
  /(?:^|[\s(])(?:e\.g|i\.e|et al|etc|vs|cf|Fig|Eq|Sec|No|resp|approx|w\.r\.t|Dr|Prof|St|\p{L})\.$/u;

/** Where sentences end, each the place after its last mark, up to `last`. */
export function findSentenceEnds(text: string, last = text.length): number[] {
  return [...text.matchAll(/[.!?]["'”’)\]]?(?=\s|$)|[。！？]/g)]
    .map(({ 0: stop, index }) => index + stop.length)
    .filter((end) => {
      const begins = /^\s*(?:["'“(]?[\p{Lu}\p{Lo}\p{N}]|$)/u.test(text.slice(end, end + 4));
      return end <= last && begins && !abbreviation.test(text.slice(Math.max(0, end - 8), end));
    });
}

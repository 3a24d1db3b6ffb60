// Shortens an abstract or a title to what a mail has room for.
import { cutToWidth, textWidth } from './text-width.ts';

/** How much of the room must be used before a cut at a sentence's end is better than one at a word's. */
const enoughOfIt = 0.55;

// A full stop after these, or after a single letter, ends no sentence.
const abbreviation =
  /(?:^|[\s(])(?:e\.g|i\.e|et al|etc|vs|cf|Fig|Eq|Sec|No|resp|approx|w\.r\.t|Dr|Prof|St|\p{L})\.$/u;

/**
 * At most `words` words and `columns` columns: up to the last whole sentence where that is not too little,
 * otherwise up to a word's end and ` …`. A text that fits is returned as it is.
 */
export function shortenText(text: string, { words, columns }: { words: number; columns: number }): string {
  const room = takeWords(text, { words, columns: columns - 2 });
  if (room.length === text.length) return text;
  const sentences = wholeSentences(room, text);
  if (sentences.length >= room.length * enoughOfIt) return sentences;
  return `${room.replace(/[\s,;:–—-]+$/u, '')} …`;
}

function takeWords(text: string, { words, columns }: { words: number; columns: number }): string {
  let end = 0;
  let width = 0;
  let count = 0;
  for (const { 0: word, index } of text.matchAll(/\s*\S+/g)) {
    const wordWidth = textWidth(word);
    if (count + 1 > words || width + wordWidth > columns) {
      // Text without spaces, Chinese for one, is cut between characters.
      const tooLong = wordWidth > 40;
      return tooLong && count < words && columns - width > 1
        ? text.slice(0, index) + cutToWidth(word, columns - width)
        : text.slice(0, end);
    }
    count += 1;
    width += wordWidth;
    end = index + word.length;
  }
  return text;
}

function wholeSentences(room: string, text: string): string {
  let end = 0;
  for (const { 0: stop, index } of room.matchAll(/[.!?]["'”’)\]]?(?=\s|$)|[。！？]/g)) {
    const after = index + stop.length;
    const begins = /^\s*(?:["'“(]?[\p{Lu}\p{Lo}\p{N}]|$)/u.test(text.slice(after, after + 4));
    if (begins && !abbreviation.test(room.slice(Math.max(0, after - 8), after))) end = after;
  }
  return room.slice(0, end);
}

// Shortens an abstract or a title to what a mail has room for.
import { findSentenceEnds } from './sentences.ts';
import { cutToWidth, textWidth } from './text-width.ts';

export type Room = {
  words: number;
  columns: number;
  /** How much of it must be used before a cut at a sentence's end is better than one at a word's. */
  enough?: number;
};

/**
 * At most `words` words and `columns` columns: up to the last whole sentence where that is not too little,
 * otherwise up to a word's end and ` …`. A text that fits is returned as it is.
 */
export function shortenText(text: string, { words, columns, enough = 0.55 }: Room): string {
  const room = takeWords(text, { words, columns: columns - 2 });
  if (room.length === text.length) return text;
  const sentences = wholeSentences(room, text);
  if (sentences.length >= room.length * enough) return sentences;
  return `${room.replace(/[\s,;:–—-]+$/u, '')} …`;
}

function takeWords(text: string, room: Room): string {
  // Most of the time of a page was spent here.
  return isPlain.test(text) ? takePlainWords(text, room) : takeAnyWords(text, room);
}

/** A column for each character, and no other space than the plain one. */
const isPlain = /^[ -~]*$/;

function takePlainWords(text: string, { words, columns }: Room): string {
  let end = 0;
  for (let count = 0; ; count += 1) {
    let start = end;
    while (text[start] === ' ') start += 1;
    if (start === text.length) return text;
    const space = text.indexOf(' ', start);
    const wordEnd = space === -1 ? text.length : space;
    if (count === words || wordEnd > columns) {
      const isCut = wordEnd - end > longestWord && count < words && columns - end > 1;
      return text.slice(0, isCut ? columns : end);
    }
    end = wordEnd;
  }
}

/** Text without spaces, Chinese for one, is cut between characters. */
const longestWord = 40;

function takeAnyWords(text: string, { words, columns }: Room): string {
  let end = 0;
  let width = 0;
  let count = 0;
  for (const { 0: word, index } of text.matchAll(/\s*\S+/g)) {
    const wordWidth = textWidth(word);
    if (count + 1 > words || width + wordWidth > columns) {
      const tooLong = wordWidth > longestWord;
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
  return room.slice(0, findSentenceEnds(text.slice(0, room.length + 4), room.length).at(-1) ?? 0);
}

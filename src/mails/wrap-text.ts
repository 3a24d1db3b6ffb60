// Breaks plain text into lines for mail programs of every age: at most 78 columns.
import { cutToWidth, textWidth } from './text-width.ts';

export const textColumns = 78;

/** Lines of at most 78 columns, each after `indent`. A URL is never broken: one that is longer has a line of its own. */
export function wrapText(
  text: string,
  { first = '', indent = '' }: { first?: string; indent?: string } = {},
): string {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  const flush = () => {
    lines.push(line.trimEnd());
    line = indent;
    empty = true;
  };
  for (const word of text
    .split(/\s+/)
    .filter((part) => part !== '')
    .flatMap((part) => breakWord(part, textColumns - indent.length - first.length))) {
    if (!empty && textWidth(line) + 1 + textWidth(word) > textColumns) flush();
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  if (!empty) flush();
  return lines.join('\n');
}

function breakWord(word: string, columns: number): string[] {
  if (textWidth(word) <= columns || /^\(?https?:\/\//.test(word)) return [word];
  const pieces: string[] = [];
  for (let rest = word; rest !== ''; rest = rest.slice(pieces.at(-1)?.length))
    pieces.push(cutToWidth(rest, columns));
  return pieces;
}

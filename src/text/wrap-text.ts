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
  for (const word of text.split(breakable).filter((part) => part !== '')) {
    const pieces = splitWord(word).flatMap((piece) =>
      breakPiece(piece, textColumns - indent.length - first.length),
    );
    for (const [index, piece] of pieces.entries()) {
      const space = empty || index > 0 ? '' : ' ';
      if (!empty && textWidth(line) + space.length + textWidth(piece) > textColumns) flush();
      line += empty ? piece : space + piece;
      empty = false;
    }
  }
  if (!empty) flush();
  return lines.join('\n');
}

/** French keeps its marks with the word by spaces that do not break. */
const breakable = /[^\S\u00a0\u202f]+/;
const wide = /[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef]/;
// No line begins with a mark that closes or goes on, and none ends with one that opens.
const pieces =
  /[（「『〈《【“]*(?:[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef]|[^\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef]+)[、。，．：；？！）」』〉》】”ーっゃゅょッャュョァィゥェォ々・…]*/gu;

/** Chinese and Japanese are written without spaces: a line may end after any of their characters. */
function splitWord(word: string): string[] {
  if (!wide.test(word) || isUrl(word)) return [word];
  const found = word.match(pieces) ?? [];
  return found.join('') === word ? found : [word];
}

function breakPiece(piece: string, columns: number): string[] {
  if (textWidth(piece) <= columns || isUrl(piece)) return [piece];
  const parts: string[] = [];
  for (let rest = piece; rest !== ''; rest = rest.slice(parts.at(-1)?.length))
    parts.push(cutToWidth(rest, columns));
  return parts;
}

function isUrl(word: string): boolean {
  return /^\(?https?:\/\//.test(word);
}

// Which listings speak of the same paper.
import type { ListedPaper } from './paper.ts';

/**
 * `title:` and the title's letters and digits, lower-cased: captures differ in case, spacing and punctuation. A title
 * without any letter or digit is its own key.
 */
export function paperKey({ title }: Pick<ListedPaper, 'title'>): string {
  const letters = title
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return `title:${letters === '' ? title.trim() : letters}`;
}

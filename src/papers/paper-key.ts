// Which listings speak of the same paper.
import { createHash } from 'node:crypto';
import type { ListedPaper } from './paper.ts';

/** PostgreSQL's index takes no entry of more than 2,700 bytes. */
const longestKeyBytes = 1000;

/** `arxiv:` and the id without version where it is known: every version of a paper has it. Else its `titleKey`. */
export function paperKey({ title, arxivId }: Pick<ListedPaper, 'title' | 'arxivId'>): string {
  return arxivId === undefined ? titleKey(title) : `arxiv:${arxivId}`;
}

/** The id behind such a key; null for a key made of a title. */
export function readKeyOfArxiv(key: string): string | null {
  return /^arxiv:([\w./-]+)$/.exec(key)?.[1] ?? null;
}

/**
 * `title:` and the title's letters and digits, lower-cased: captures differ in case, spacing and punctuation. A title
 * without any letter or digit is its own key; a very long one's is a hash.
 */
export function titleKey(title: string): string {
  const letters = title
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  const name = letters === '' ? title.trim() : letters;
  const isLong = Buffer.byteLength(name) > longestKeyBytes;
  return `title:${isLong ? createHash('sha256').update(name).digest('hex') : name}`;
}

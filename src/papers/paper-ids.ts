// What a paper is known by, whoever publishes it: which listings speak of the same one, and where it is read.
import { createHash } from 'node:crypto';
import { listArxivLinks } from './arxiv-id.ts';

/** Any of them is enough. `page` is where its source shows it: a place, and no name. */
export type PaperIds = {
  /** Without version, `2512.00001` or `math/0309136`. */
  arxiv?: string;
  /** In small letters, without a resolver in front: `10.1101/2026.03.01.123456`. */
  doi?: string;
  page?: string;
};

/** What carries an identity: a listed paper its ids, a stored one a key that was made of one of them, too. */
type Identified = { ids?: PaperIds; key?: string };

/** PostgreSQL's index takes no entry of more than 2,700 bytes. */
const longestKeyBytes = 1000;

/** `arxiv:` and the id without version where it is known: every version has it. Else `doi:`, else its `titleKey`. */
export function paperKey({ title, ids = {} }: { title: string; ids?: PaperIds }): string {
  return idKeys(ids)[0] ?? titleKey(title);
}

/** A key for each id that names the paper, the strongest first; none when only its title does. */
export function idKeys({ arxiv, doi }: PaperIds): string[] {
  return [...(arxiv === undefined ? [] : [`arxiv:${arxiv}`]), ...(doi === undefined ? [] : [`doi:${doi}`])];
}

/** `10.1101/2026.03.01.123456` out of a DOI or an address of one; null for what is none. */
export function readDoi(text: string): string | null {
  const doi = text
    .trim()
    .replace(/^(?:https?:\/\/(?:dx\.)?doi\.org\/|doi:\s*)/i, '')
    .toLowerCase();
  return /^10\.\d{4,9}\/[^\s\p{Cc}<>"]{1,200}$/u.test(doi) ? doi : null;
}

/** All that is known, also from the key. */
function idsOf({ ids = {}, key = '' }: Identified): PaperIds {
  const [, kind, id = ''] = /^(arxiv|doi):(.+)$/.exec(key) ?? [];
  return kind === undefined ? ids : { [kind]: id, ...ids };
}

/** Where a paper is read. `label` is short, `name` has the id; without a place of its own it has none. */
export type PaperPlace = {
  label: string;
  name: string;
  url: string;
  pdf: string | null;
  html: string | null;
};

/** arXiv's pages, else what its DOI leads to, else its source's page; null for one that is known by its title alone. */
export function locatePaper(paper: Identified): PaperPlace | null {
  const { arxiv, doi, page } = idsOf(paper);
  if (arxiv !== undefined) {
    const { abs, pdf, html } = listArxivLinks(arxiv);
    return { label: 'arXiv', name: `arXiv ${arxiv}`, url: abs, pdf, html };
  }
  if (doi !== undefined) {
    const url = `https://doi.org/${doi.split('/').map(encodeURIComponent).join('/')}`;
    return { label: 'DOI', name: `DOI ${doi}`, url, pdf: null, html: null };
  }
  if (page === undefined || !URL.canParse(page)) return null;
  const host = new URL(page).hostname.replace(/^www\./, '');
  return { label: host, name: host, url: page, pdf: null, html: null };
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

// What a paper is known by, whoever publishes it: which listings speak of the same one, and where it is read.
import { createHash } from 'node:crypto';

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

const arxivPrefix = /^(?:https?:\/\/(?:[a-z]+\.)?arxiv\.org\/(?:abs|pdf|html)\/|(?:oai:)?arxiv(?:\.org)?:)/i;
// https://info.arxiv.org/help/arxiv_identifier.html
const sinceApril2007 = /^(\d{2}(?:0[1-9]|1[0-2])\.\d{4,5})(?:v\d{1,3})?$/;
/** `math.GT/0309136` and `math/0309136` are one paper. */
const beforeApril2007 = /^([a-z]+(?:-[a-z]+)?)(?:\.[a-z]{2})?\/(\d{7})(?:v\d{1,3})?$/i;

/** The id without its version, out of an id, an OAI id or an address; null for what is none. */
export function readArxivId(text: string): string | null {
  const id = text
    .trim()
    .replace(arxivPrefix, '')
    .replace(/\.pdf$/, '');
  const [, number] = sinceApril2007.exec(id) ?? [];
  if (number !== undefined) return number;
  const [, archive, serial] = beforeApril2007.exec(id) ?? [];
  return archive === undefined ? null : `${archive.toLowerCase()}/${serial}`;
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

/** Where a paper is read: derived, since sources leave some of them out. */
export function listArxivLinks(id: string): { abs: string; pdf: string; html: string } {
  const at = (form: string) => `https://arxiv.org/${form}/${id}`;
  return { abs: at('abs'), pdf: at('pdf'), html: at('html') };
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

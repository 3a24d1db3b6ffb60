// What a paper is known by, whoever publishes it: which listings speak of the same one, and where it is read.
import { createHash } from 'node:crypto';
import { readReferences } from '../text/html-references.ts';
import { readTexText } from '../text/read-tex.ts';

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

const arxivPrefixes = [
  /^(?:https?:\/\/)?(?:[\w-]{1,30}\.){0,3}(?:arxiv\.org|ar5iv\.org|alphaxiv\.org|scirate\.com|semanticscholar\.org)\/[a-z-]{2,10}\//i,
  /^(?:https?:\/\/)?(?:www\.)?(?:huggingface\.co|hf\.co)\/papers\//i,
  /^(?:(?:https?:\/\/)?(?:dx\.|www\.)?doi\.org\/|doi:\s{0,9})?10\.48550\/arxiv\./i,
  /^(?:oai:)?arxiv(?:\.org)?[:\s]\s{0,9}/i,
];
const query = /[?#]\S*/;
/** Brackets around it, and `[cs.CL]` behind it. */
const arxivRest = /^[<([]|(?:\.pdf)?\/?[>)\].,;]?(?:\s{1,9}\[[\w.-]{1,20}\])?$/gi;
// https://info.arxiv.org/help/arxiv_identifier.html
const sinceApril2007 = /^(\d{2}(?:0[1-9]|1[0-2])\.\d{4,5})(?:v\d{1,3})?$/;
/** `math.GT/0309136` and `math/0309136` are one paper. */
const beforeApril2007 = /^([a-z]+(?:-[a-z]+)?)(?:\.[a-z]{2})?\/(\d{7})(?:v\d{1,3})?$/i;

/** The id without its version, out of an id, an OAI id or an address; null for what is none. */
export function readArxivId(text: string): string | null {
  if (text.length > 2200) return null;
  const bare = text.trim().replace(query, '').replace(arxivRest, '');
  const prefix = arxivPrefixes.find((pattern) => pattern.test(bare));
  const id = prefix === undefined ? bare : bare.replace(prefix, '');
  const [, number] = sinceApril2007.exec(id) ?? [];
  if (number !== undefined) return number;
  const [, archive, serial] = beforeApril2007.exec(id) ?? [];
  return archive === undefined ? null : `${archive.toLowerCase()}/${serial}`;
}

const doiPrefix =
  /^(?:(?:https?:\/\/)?(?:dx\.|www\.)?doi\.org\/|(?:urn:|info:)?doi[:/]\s{0,9}|doi\s{1,9}(?=10\.))/i;
/** Where publishers have it in their addresses: `https://dl.acm.org/doi/abs/10.1145/3292500.3330701?af=R`. */
const doiInAddress =
  /^https?:\/\/[^\s/]{1,100}\/(?:[^\s?#]{0,100}\/|[^\s#]{0,100}[?&]id=)??(10\.\d{4,9}\/[^\s?#&]{1,250})/i;
/** Nature's papers are known by the end of their DOIs. */
const natureAddress = /^https?:\/\/(?:www\.)?nature\.com\/articles\/([\w.-]{5,60})/i;
const viewInAddress =
  /(?:\/(?:full|abstract|pdf|epdf|meta|fulltext)|\.(?:full|abstract|pdf|full-text)[\w.+-]{0,20})\/?$/i;

/**
 * `10.1101/2026.03.01.123456` out of a DOI or an address of one; null for what is none, and for arXiv's own, which say no
 * more than its ids.
 */
export function readDoi(text: string): string | null {
  if (text.length > 2200) return null;
  const bare = decode(text.trim().replace(/^[<([]|[>\].,;]$/g, ''));
  const named = bare.replace(doiPrefix, '').replace(/\?utm_.*$/, '');
  const doi = (
    /^https?:/i.test(named) ? findDoiInAddress(named) : named.replace(/^([^()]*)\)$/, '$1')
  ).toLowerCase();
  if (doi.startsWith('10.48550/arxiv.')) return null;
  return wholeDoi.exec(doi)?.[1] ?? null;
}

/**
 * A part in angle brackets is the DOI's own where it tells a page and a number follows, as in Wiley's old ones:
 * `10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-O` (ANSI/NISO Z39.56). Else a tag begins there.
 */
const wholeDoi =
  /^(10\.\d{4,9}\/(?:[^\s\p{Cc}<>"]|<[^\s\p{Cc}<>"]{0,40}:[^\s\p{Cc}<>"]{0,40}>(?=\d\.\d\.)){1,200})(?:<\/?[a-z].*)?$/su;

function findDoiInAddress(address: string): string {
  const [, ofNature] = natureAddress.exec(address) ?? [];
  if (ofNature !== undefined) return `10.1038/${ofNature.replace(/\.pdf$/i, '')}`;
  const doi = (doiInAddress.exec(address)?.[1] ?? '').replace(viewInAddress, '');
  // bioRxiv's and medRxiv's pages are of a version.
  return /^10\.(?:1101|64898)\//.test(doi) ? doi.replace(/v\d{1,2}$/i, '') : doi;
}

function decode(given: string): string {
  const text = given.includes('&') ? readReferences(given) : given;
  if (!/%[\da-f]{2}/i.test(text)) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
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

/** By all of these a title may be known: listings have its TeX as its authors typed it, or its letters. */
export function listTitleKeys(title: string): string[] {
  return [...new Set([titleKey(title), titleKey(readTexText(title))])];
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

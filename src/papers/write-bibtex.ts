// Papers as BibTeX: https://info.arxiv.org/help/hypertex/bibstyles/ for what stands for arXiv's id.
import { escapeLatex } from '../text/latex.ts';
import { type Citation, isGroup, splitName, toCitation } from './citation.ts';
import type { Paper } from './paper.ts';

export function writeBibtex(papers: readonly Paper[], pageOf: (paper: Paper) => string): string {
  return papers.map((paper) => writeEntry(toCitation(paper, pageOf))).join('\n');
}

function writeEntry({ key, title, authors, organization, abstract, date, ids, url }: Citation): string {
  const fields: [name: string, value: string | null][] = [
    // The second pair of braces keeps capitals.
    ['title', `{${escapeLatex(title)}}`],
    ['author', authors.length === 0 ? null : authors.map(writeName).join(' and ')],
    ['organization', organization === null ? null : escapeLatex(organization)],
    ['year', date.slice(0, 4)],
    ['month', String(Number(date.slice(5, 7)))],
    ['eprint', ids.arxiv === undefined ? null : ids.arxiv],
    ['archiveprefix', ids.arxiv === undefined ? null : 'arXiv'],
    ['doi', ids.doi === undefined ? null : writeVerbatim(ids.doi)],
    ['url', writeVerbatim(url)],
    ['abstract', abstract === null ? null : escapeLatex(abstract)],
  ];
  const lines = fields.flatMap(([name, value]) => (value === null ? [] : [`  ${name} = {${value}},`]));
  return [`@misc{${key},`, ...lines, '}', ''].join('\n');
}

/** A group in braces, so that no family name is looked for in it; `King, Jr., Martin`, or it would be the family name. */
function writeName(name: string): string {
  if (isGroup(name)) return `{${escapeLatex(name)}}`;
  const parts = splitName(name);
  if (parts === null || parts.suffix === null) return escapeLatex(name);
  return escapeLatex(`${parts.family}, ${parts.suffix}, ${parts.given}`);
}

/** Packages print these as they are; only a brace or a backslash would end them. */
function writeVerbatim(text: string): string {
  return text.replace(/[{}\\\s]/g, (sign) => encodeURIComponent(sign));
}

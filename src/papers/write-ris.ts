// Papers as RIS: a tag and a value a line, which every reference manager reads.
import { type Citation, splitName, toCitation } from './citation.ts';
import type { Paper } from './paper.ts';

export function writeRis(papers: readonly Paper[], pageOf: (paper: Paper) => string): string {
  return papers.map((paper) => writeRecord(toCitation(paper, pageOf))).join('');
}

function writeRecord({ key, title, authors, organization, abstract, date, ids, url }: Citation): string {
  const { arxiv, doi } = ids;
  const fields: [tag: string, value: string | null][] = [
    ['TY', 'UNPB'],
    ['ID', key],
    ['TI', title],
    ...authors.map((name): [string, string] => ['AU', writeName(name)]),
    ['PB', organization],
    ['PY', date.slice(0, 4)],
    ['DA', date.replaceAll('-', '/')],
    ['AN', arxiv === undefined ? null : `arXiv:${arxiv}`],
    ['DO', doi ?? null],
    ['UR', url],
    ['AB', abstract],
  ];
  const lines = fields.flatMap(([tag, value]) =>
    value === null ? [] : [`${tag}  - ${value.replace(/\s+/g, ' ')}`],
  );
  return `${[...lines, 'ER  - ', '', ''].join('\r\n')}`;
}

/** `van der Maaten, Laurens`, as style sheets expect it. */
function writeName(name: string): string {
  const parts = splitName(name);
  if (parts === null) return name;
  return [parts.family, parts.given, ...(parts.suffix === null ? [] : [parts.suffix])].join(', ');
}

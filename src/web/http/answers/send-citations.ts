// Papers as a file for reference managers.
import type { Response } from 'express';
import type { Paper } from '../../../papers/paper.ts';
import { writeBibtex } from '../../../papers/write-bibtex.ts';
import { writeRis } from '../../../papers/write-ris.ts';
import type { CitationForm, Links } from '../../../platform/links.ts';

const forms: Record<CitationForm, { type: string; write: typeof writeBibtex }> = {
  bib: { type: 'application/x-bibtex; charset=utf-8', write: writeBibtex },
  ris: { type: 'application/x-research-info-systems; charset=utf-8', write: writeRis },
};

export function readCitationForm(text: string): CitationForm | null {
  return text === 'bib' || text === 'ris' ? text : null;
}

/** `links` are whole addresses. */
export function sendCitations(
  response: Response,
  { papers, form, links, name }: { papers: readonly Paper[]; form: CitationForm; links: Links; name: string },
): void {
  const { type, write } = forms[form];
  response
    .set({ 'Content-Type': type, 'Content-Disposition': `attachment; filename="${name}.${form}"` })
    .send(write(papers, (paper) => links.paper(paper.seq)));
}

// /paper/:seq.bib and .ris: one paper for a reference manager.
import type { RequestHandler } from 'express';
import { findPaper } from '../../papers/store.ts';
import { sendErrorPage } from '../http/answers/error-page.ts';
import { readCitationForm, sendCitations } from '../http/answers/send-citations.ts';
import type { PageDeps } from '../http/deps.ts';
import { readSequenceNumber } from '../http/read-step.ts';

export function getCitation(deps: PageDeps): RequestHandler<{ seq: string; form: string }> {
  return async ({ params }, response) => {
    const number = readSequenceNumber(params.seq);
    const form = readCitationForm(params.form);
    const paper = number === null || form === null ? null : await findPaper(deps.db, number);
    if (paper === null || form === null) return sendErrorPage(deps, response, 404);
    sendCitations(response, { papers: [paper], form, links: deps.links, name: `paper-${paper.seq}` });
  };
}

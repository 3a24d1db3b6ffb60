// /preferences/:token/history.bib and .ris: all that a reader was sent, for a reference manager.
import { listSentPapers } from '../../ledger/reports/history.ts';
import { findPapers } from '../../papers/store.ts';
import { sendErrorPage } from '../http/answers/error-page.ts';
import { readCitationForm, sendCitations } from '../http/answers/send-citations.ts';
import type { PageDeps } from '../http/deps.ts';
import type { ReaderHandler } from './open-link.ts';

/** The newest ones: a reference manager that is given more is not helped. */
const mostPapers = 5000;

export function getHistoryCitations(deps: PageDeps): ReaderHandler<{ token: string; form: string }> {
  const { db, links } = deps;
  return async ({ subscriber }, { params }, response) => {
    const form = readCitationForm(params.form);
    if (form === null) return sendErrorPage(deps, response, 404);
    const seqs = await listSentPapers(db, { subscriberId: subscriber.id, most: mostPapers });
    const found = await findPapers(db, seqs);
    const papers = seqs.flatMap((seq) => found.get(seq) ?? []);
    sendCitations(response, { papers, form, links, name: 'papers' });
  };
}

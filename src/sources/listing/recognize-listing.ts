// Whether what was read is a listing at all. Any text can be cut into titles and abstracts, so something has to show
// that the papers are real: the details of at least one card, or a link to it; without any, the head of the known page.
import type { ListedPaper } from '../../papers/paper.ts';
import type { PageHead } from './find-head.ts';
import type { CardFrame } from './group-cards.ts';
import { isLinkedHeading, type Token } from './read-tokens.ts';

/** `page`: the right page, but without its papers. `unknown`: some other text. */
export type Recognized = 'listing' | 'page' | 'unknown';
export type ReadListing = { tokens: Token[]; head: PageHead; frames: CardFrame[]; papers: ListedPaper[] };

/** Shorter texts below a title may be anything. */
const surelyAbstract = 200;

export function recognizeListing({ tokens, head, frames, papers }: ReadListing): Recognized {
  const hasCards = frames.some(hasTellingDetails) || tokens.some(isLinkedHeading);
  if (papers.length > 0 && (hasCards || (isDatedPage(head) && papers.every(isWhole)))) return 'listing';

  const isPage = tokens.some(({ type }) => type === 'banner' || type === 'submitter');
  return isPage || frames.some(({ date, ending }) => date !== null && ending !== 'none') ? 'page' : 'unknown';
}

/** An author count, or an organisation and a date: what no other text has. */
function hasTellingDetails({ text, ending, date, authorsCount }: CardFrame): boolean {
  return text.length > 0 && (authorsCount !== null || (ending !== 'none' && date !== null));
}

function isDatedPage({ isKnownPage, dates }: PageHead): boolean {
  return isKnownPage && dates.length > 0;
}

function isWhole({ abstract }: ListedPaper): boolean {
  return abstract !== null && abstract.length >= surelyAbstract;
}

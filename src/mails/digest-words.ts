// What a digest says about its papers, the same in HTML and text.
import type { Digest } from '../digests/digest.ts';
import type { DigestForm } from '../digests/form.ts';
import type { Words } from '../languages/words.ts';
import type { Links } from '../platform/links.ts';
import type { Card } from './paper-card.ts';
import { writePreheader, writeSubject } from './subject.ts';

/** The cards in full, those with a line only, and how many matching papers are not shown at all. */
export type Shown = { full: readonly Card[]; brief: readonly Card[]; hidden: number };

/** What a digest says of its own papers. */
export type DigestWords = ReturnType<typeof writeWords>;

export function writeWords({
  digest,
  form,
  cards,
  siteName,
  linksOf,
  spoken,
}: {
  digest: Digest;
  form: DigestForm;
  cards: readonly Card[];
  siteName: string;
  linksOf: Pick<Links, 'papersOf'>;
  spoken: Words;
}) {
  const papers = cards.map(({ parts }) => parts.view);
  return {
    subject: writeSubject({ papers, edition: digest.edition, form, spoken }),
    preheader: writePreheader({ papers, siteName, form, spoken }),
    count: countPapers(cards.length, form, spoken),
    archive: linksOf.papersOf(findNewestListing(digest)),
  };
}

function countPapers(count: number, { covers, holds }: DigestForm, { t }: Words): string {
  if (holds === 'matches') return t('digest.count', { count });
  return t(covers === 'week' ? 'digest.countTopOfWeek' : 'digest.countTopOfDay', { number: count });
}

function findNewestListing({ edition, picks }: Digest): string {
  let newest = '';
  for (const { paper } of picks) if (paper.firstListedOn > newest) newest = paper.firstListedOn;
  return newest || edition;
}

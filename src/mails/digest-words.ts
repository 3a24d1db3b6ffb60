// What a digest says besides its papers, the same in HTML and text.
import type { Digest } from '../digests/digest.ts';
import type { DigestForm } from '../digests/form.ts';
import type { Words } from '../languages/words.ts';
import type { Links } from '../links.ts';
import { cleanText } from './clean-text.ts';
import type { Sender } from './mail-content.ts';
import type { Card } from './paper-card.ts';
import { writePreheader, writeSubject } from './subject.ts';

/** What is filled in per mail. */
export const readersBlanks = ['preferences', 'unsubscribe', 'digest', 'email', 'subscribedOn'] as const;
export type ReadersBlank = (typeof readersBlanks)[number];

/** What stands in their place until then. */
export const leftBlank: Record<ReadersBlank, string> = {
  preferences: '{{preferences}}',
  unsubscribe: '{{unsubscribe}}',
  digest: '{{digest}}',
  email: '{{email}}',
  subscribedOn: '{{subscribedOn}}',
};

/** The cards in full, those with a line only, and how many matching papers are not shown at all. */
export type Shown = { full: readonly Card[]; brief: readonly Card[]; hidden: number };

export type DigestWords = ReturnType<typeof writeWords>;

export function writeWords({
  digest,
  form,
  cards,
  sender,
  linksOf,
  spoken,
}: {
  digest: Digest;
  form: DigestForm;
  cards: readonly Card[];
  sender: Sender;
  linksOf: Pick<Links, 'papersOf' | 'home'>;
  spoken: Words;
}) {
  const papers = cards.map(({ view }) => view);
  const siteName = cleanText(sender.name);
  return {
    siteName,
    postalAddress: cleanText(sender.postalAddress),
    subject: writeSubject({ papers, edition: digest.edition, form, spoken }),
    preheader: writePreheader({ papers, siteName, form, spoken }),
    edition: digest.edition,
    date: writeDate(digest.edition, form, spoken),
    count: countPapers(cards.length, form, spoken),
    /** What a reader must know first; empty when there is nothing of the kind. */
    note: form.holds === 'top' ? spoken.t('digest.noteTop') : '',
    whyHere: spoken.t(form.holds === 'top' ? 'digest.whyTop' : 'digest.whyPapers'),
    home: linksOf.home(),
    archive: linksOf.papersOf(findNewestListing(digest)),
  };
}

function writeDate(edition: string, { covers }: DigestForm, { t, days }: Words): string {
  const day = days.full(edition);
  return covers === 'week' ? t('digest.weekTo', { day }) : day;
}

function countPapers(count: number, { covers, holds }: DigestForm, { t }: Words): string {
  if (holds === 'matches') return t('digest.count', { count });
  return t(covers === 'week' ? 'digest.countTopOfWeek' : 'digest.countTopOfDay', { number: count });
}

function findNewestListing({ edition, picks }: Digest): string {
  return (
    picks
      .map(({ paper }) => paper.firstListedOn)
      .toSorted()
      .at(-1) ?? edition
  );
}

// A digest as plain text, in pieces: complete by itself, every URL on a line of its own.
import { LRUCache } from 'lru-cache';
import type { Words } from '../languages/words.ts';
import { textColumns, wrapText } from '../text/wrap-text.ts';
import type { Shown } from './digest-words.ts';
import type { Piece, SharedPiece } from './mail-content.ts';
import type { ReadersBlank } from './readers-blanks.ts';

const ruleLength = textColumns - 6;
const rule = '-'.repeat(ruleLength);
const gap = '\n\n';

export type TextHead = { aboveCount: string; belowCount: string };

/** What stands above the papers, around the line that counts them. */
export function writeTextHead({
  siteName,
  date,
  note,
  spoken: { locale },
}: {
  siteName: string;
  date: string;
  note: string;
  spoken: Words;
}): TextHead {
  return {
    aboveCount: `${lines(wrapText(siteName.toLocaleUpperCase(locale)), date)}\n`,
    belowCount: note === '' ? '' : gap + wrapText(note),
  };
}

/** What stands below the papers. */
export function writeTextFoot({
  siteName,
  postalAddress,
  footer,
  whyHere,
  home,
  blanks,
  spoken: { t },
}: {
  siteName: string;
  postalAddress: string;
  /** Empty: none. */
  footer: string;
  whyHere: string;
  home: string;
  blanks: Record<ReadersBlank, string>;
  spoken: Words;
}): SharedPiece {
  const label = (text: string) => t('reason.label', { label: text });
  const blocks = [
    rule,
    lines(label(t('digest.change')), blanks.preferences),
    lines(label(t('digest.onTheWeb')), blanks.digest),
    lines(label(t('digest.history')), `${blanks.preferences}/history`),
    lines(label(t('digest.unsubscribe')), blanks.unsubscribe),
    wrapText(t('digest.keys')),
    wrapText(whyHere),
    lines(
      wrapText(t('digest.becauseThis', { siteName })),
      blanks.email,
      label(t('digest.since')),
      blanks.subscribedOn,
    ),
    lines(wrapText(`${siteName}, ${postalAddress}`), home),
    ...(footer === '' ? [] : [wrapText(footer)]),
  ];
  return { shared: `${gap}${blocks.join(gap)}\n` };
}

export function writeDigestText({
  head,
  foot,
  count,
  archive,
  shown: { full, brief, hidden },
  spoken: { t, locale },
}: {
  head: TextHead;
  foot: SharedPiece;
  count: string;
  archive: string;
  shown: Shown;
  spoken: Words;
}): Piece[] {
  const pieces: Piece[] = [head.aboveCount + count + head.belowCount];
  const rules = rulesOf.memo(full.length + brief.length);
  for (const [index, card] of full.entries()) {
    pieces.push(rules[index] ?? gap);
    pieces.push(index === 0 ? card.lead().text : card.full().text);
  }
  if (brief.length > 0) pieces.push(gap + rule + gap + t('digest.inBrief').toLocaleUpperCase(locale));
  for (const card of brief) pieces.push(card.brief().text);
  if (hidden > 0) {
    const label = t('reason.label', { label: t('digest.more', { count: hidden }) });
    pieces.push(gap + rule + gap + lines(label, archive));
  }
  pieces.push(foot);
  return pieces;
}

/** Above each of so many papers, with its place at the end: in plain text nothing else tells how far one has come. */
const rulesOf = new LRUCache<number, SharedPiece[]>({
  max: 200,
  memoMethod: (count) =>
    Array.from({ length: count }, (_, index) => {
      const place = `${index + 1}/${count}`;
      return { shared: `${gap}${'-'.repeat(ruleLength - place.length - 1)} ${place}${gap}` };
    }),
});

function lines(...all: string[]): string {
  return all.join('\n');
}

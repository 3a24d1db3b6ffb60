// A digest as plain text, in pieces: complete by itself, every URL on a line of its own.
import type { Words } from '../languages/words.ts';
import type { DigestWords, ReadersBlank, Shown } from './digest-words.ts';
import { textColumns, wrapText } from './wrap-text.ts';

const ruleLength = textColumns - 6;
const rule = '-'.repeat(ruleLength);

export function writeDigestText({
  siteName,
  postalAddress,
  date,
  edition,
  count,
  note,
  whyHere,
  home,
  archive,
  shown: { full, brief, hidden },
  blanks,
  spoken: { t, locale },
}: Pick<
  DigestWords,
  'siteName' | 'postalAddress' | 'date' | 'edition' | 'count' | 'note' | 'whyHere' | 'home' | 'archive'
> & {
  shown: Shown;
  blanks: Record<ReadersBlank, string>;
  spoken: Words;
}): string[] {
  const label = (text: string) => t('reason.label', { label: text });
  const blocks = [
    lines(wrapText(siteName.toLocaleUpperCase(locale)), date, count),
    ...(note === '' ? [] : [wrapText(note)]),
    ...full.flatMap((card, index) => [
      writeRule(`${index + 1}/${full.length + brief.length}`),
      index === 0 ? card.lead.text : card.full.text,
    ]),
    ...(brief.length === 0
      ? []
      : [rule, t('digest.inBrief').toLocaleUpperCase(locale), ...brief.map((card) => card.brief.text)]),
    ...(hidden === 0 ? [] : [rule, lines(label(t('digest.more', { count: hidden })), archive)]),
    rule,
    lines(label(t('digest.change')), blanks.preferences),
    lines(label(t('digest.onTheWeb')), `${blanks.digest}/${edition}`),
    lines(label(t('digest.history')), `${blanks.preferences}/history`),
    lines(label(t('digest.unsubscribe')), blanks.unsubscribe),
    wrapText(whyHere),
    lines(
      wrapText(t('digest.becauseThis', { siteName })),
      blanks.email,
      label(t('digest.since')),
      blanks.subscribedOn,
    ),
    lines(wrapText(`${siteName}, ${postalAddress}`), home),
  ];
  return blocks.flatMap((block, index) => (index === 0 ? [block] : ['\n\n', block])).concat('\n');
}

/** With the paper's place at its end: in plain text nothing else tells how far one has come. */
function writeRule(place: string): string {
  return `${'-'.repeat(ruleLength - place.length - 1)} ${place}`;
}

function lines(...all: string[]): string {
  return all.join('\n');
}

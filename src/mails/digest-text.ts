// A digest as plain text, in pieces: complete by itself, every URL on a line of its own.
import type { Words } from '../languages/words.ts';
import type { DigestWords, ReadersBlank, Shown } from './digest-words.ts';
import { textColumns, wrapText } from './wrap-text.ts';

const rule = '-'.repeat(textColumns - 6);

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
    ...full.flatMap((card) => [rule, card.full.text]),
    ...(brief.length === 0
      ? []
      : [rule, t('digest.inBrief').toLocaleUpperCase(locale), ...brief.map((card) => card.brief.text)]),
    ...(hidden === 0 ? [] : [rule, lines(label(t('digest.more', { count: hidden })), archive)]),
    rule,
    lines(label(t('digest.change')), blanks.preferences),
    lines(label(t('digest.onTheWeb')), `${blanks.digest}/${edition}`),
    lines(label(t('digest.history')), `${blanks.preferences}/history`),
    lines(label(t('digest.unsubscribe')), blanks.unsubscribe),
    lines(
      wrapText(t('digest.becauseThis', { siteName })),
      blanks.email,
      label(t('digest.since')),
      blanks.subscribedOn,
      wrapText(whyHere),
    ),
    lines(wrapText(`${siteName}, ${postalAddress}`), home),
  ];
  return blocks.flatMap((block, index) => (index === 0 ? [block] : ['\n\n', block])).concat('\n');
}

function lines(...all: string[]): string {
  return all.join('\n');
}

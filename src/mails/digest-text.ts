// A digest as plain text, in pieces: complete by itself, every URL on a line of its own.
import { countHidden, type DigestWords, type ReadersBlank, type Shown } from './digest-words.ts';
import { textColumns, wrapText } from './wrap-text.ts';

const rule = '-'.repeat(textColumns - 6);

export function writeDigestText({
  siteName,
  postalAddress,
  date,
  count,
  home,
  archive,
  shown: { full, brief, hidden },
  blanks,
}: Pick<DigestWords, 'siteName' | 'postalAddress' | 'date' | 'count' | 'home' | 'archive'> & {
  shown: Shown;
  blanks: Record<ReadersBlank, string>;
}): string[] {
  const blocks = [
    lines(wrapText(siteName.toUpperCase()), date, count),
    ...full.flatMap((card) => [rule, card.full.text]),
    ...(brief.length === 0 ? [] : [rule, 'IN BRIEF', ...brief.map((card) => card.brief.text)]),
    ...(hidden === 0 ? [] : [rule, lines(`${countHidden(hidden)}:`, archive)]),
    rule,
    lines('Change what you get, and when:', blanks.preferences),
    lines('This digest as a web page:', blanks.digest),
    lines('Unsubscribe:', blanks.unsubscribe),
    lines(
      wrapText(`You get this mail because this address subscribed to ${siteName} on`),
      `${blanks.subscribedOn}:`,
      blanks.email,
      'Each paper is here for something that you follow.',
    ),
    lines(wrapText(`${siteName}, ${postalAddress}`), home),
  ];
  return blocks.flatMap((block, index) => (index === 0 ? [block] : ['\n\n', block])).concat('\n');
}

function lines(...all: string[]): string {
  return all.join('\n');
}

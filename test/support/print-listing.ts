// Prints papers as the text of a daily papers page, in the many ways in which such a text is captured.
import type { ListedPaper } from '../../src/papers/paper.ts';

/** How the text looks. `width` is where titles and abstracts are wrapped, null for a paragraph per line. */
export type PrintStyle = {
  eol: '\n' | '\r\n' | '\r';
  width: number | null;
  blankLines: 'between' | 'none';
  comments: 'beside' | 'in brackets' | 'below';
  avatars: 'shown' | 'hidden';
};
export type ListingToPrint = { date: string; papers: ListedPaper[] };

export const plainListing: PrintStyle = {
  eol: '\n',
  width: null,
  blankLines: 'between',
  comments: 'beside',
  avatars: 'hidden',
};

const monthAbbreviations = [
  'Jan',
  'Feb',
  'Mar',
  'Apr',
  'May',
  'Jun',
  'Jul',
  'Aug',
  'Sep',
  'Oct',
  'Nov',
  'Dec',
];
const head = [
  'new',
  'Get trending papers in your email inbox!',
  'Subscribe',
  'Daily Papers',
  'byAK and the research community',
];

/** The page's text. An organisation is printed with a handle; upvotes are printed where a paper has them. */
export function printListing({ date, papers }: ListingToPrint, style: PrintStyle = plainListing): string {
  const shown = showDay(date);
  const blocks = [
    ...head.map((line) => [line]),
    [shown.slice(0, shown.indexOf(','))],
    ...papers.flatMap((paper) => printCard(paper, { date, style })),
  ];
  return blocks
    .map((lines) => lines.join(style.eol))
    .join(style.blankLines === 'between' ? style.eol + style.eol : style.eol)
    .concat(style.eol);
}

/** Wraps at `width` as mail programs and editors do. A longer word gets a line of its own. */
export function wrapText(text: string, width: number | null): string[] {
  if (width === null) return [text];
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

type Page = { date: string; style: PrintStyle };

function printCard(paper: ListedPaper, { date, style }: Page): string[][] {
  const { upvotes, title, abstract, comments } = paper;
  const details = printDetails(paper, { date, style });
  return [
    ...(upvotes === null ? [] : [[upvotes === 0 ? '-' : String(upvotes)]]),
    wrapText(title, style.width),
    ...(abstract === null ? [] : [wrapText(abstract, style.width)]),
    ...(details.length === 0 ? [] : [details]),
    ...(comments === null || style.comments !== 'below' ? [] : [[String(comments)]]),
  ];
}

function printDetails(
  { organization, authorsCount, publishedOn, comments }: ListedPaper,
  { date, style }: Page,
): string[] {
  const names = [
    ...(organization === null
      ? []
      : [`${organization.toLowerCase().replace(/[^a-z]/g, '')} ${organization}`]),
    ...(authorsCount === null || style.avatars === 'hidden' ? [] : ['•', '•']),
    ...(authorsCount === null ? [] : [`  • ${authorsCount} author${authorsCount === 1 ? '' : 's'}`]),
  ];
  if (publishedOn === null) return names;
  const full = showDay(publishedOn);
  const isOfThisYear = publishedOn.slice(0, 4) === date.slice(0, 4) && publishedOn <= date;
  const day = isOfThisYear ? full.slice(0, full.indexOf(',')) : full;
  return [...names, '·', comments === null ? day : day + showComments(comments, style)];
}

function showComments(comments: number, style: PrintStyle): string {
  return { beside: ` ${comments}`, 'in brackets': `[${comments}]`, below: '' }[style.comments];
}

/** "2025-12-12" as "Dec 12, 2025". */
function showDay(day: string): string {
  const [year = '', month = '', dayOfMonth = ''] = day.split('-');
  return `${monthAbbreviations[Number(month) - 1]} ${Number(dayOfMonth)}, ${year}`;
}

// Where the page's own head ends and the first card begins, and the day that the head shows.
import type { ListingWarning } from './listing.ts';
import type { DateToken, Token } from './read-tokens.ts';

/** `bodyStart` is the index of the first card's first line. `dates` are all dates in the head, first to last. */
export type PageHead = {
  dates: DateToken[];
  bodyStart: number;
  isKnownPage: boolean;
  warnings: ListingWarning[];
};

/** Menu entries and search words are short; a paragraph of this length is an abstract. */
const longestHeadParagraph = 200;
/** So many unknown lines may stand above the date when nothing else says that this is the known page. */
const unknownLinesAllowed = 3;

/** Everything down to the page's date is its head; without a date, the page's own words at the top are. */
export function findPageHead(tokens: Token[]): PageHead {
  const end = findHeadEnd(tokens);
  const head = tokens.slice(0, end);
  const isKnownPage = head.some(({ type }) => type === 'banner');

  const dateAt = head.findIndex(({ type }) => type === 'date');
  const unknown = head.slice(0, dateAt).filter((token) => token.type === 'text' && !token.isPageWord);
  if (dateAt !== -1 && (isKnownPage || unknown.length <= unknownLinesAllowed)) {
    const bodyStart = skipPageLines(tokens, dateAt + 1);
    return {
      dates: tokens.slice(0, bodyStart).filter((token) => token.type === 'date'),
      bodyStart,
      isKnownPage,
      warnings: isKnownPage ? [] : unknown.slice(0, 1).map(warnOfUnknown),
    };
  }
  const lastPageLine = head.findLastIndex(
    (token) => token.type === 'banner' || (token.type === 'text' && token.isPageWord && token.gap),
  );
  const bodyStart = isKnownPage ? skipPageLines(tokens, lastPageLine + 1) : skipPageLines(tokens, 0);
  return { dates: [], bodyStart, isKnownPage, warnings: [] };
}

function warnOfUnknown({ line }: Token): ListingWarning {
  return { line, message: 'this and what follows above the date was taken for the head of the page' };
}

/** The head ends at the latest where a card shows: its details, a lone number, or a long paragraph. */
function findHeadEnd(tokens: Token[]): number {
  let paragraphLength = 0;
  const start = findFirstBanner(tokens);
  for (const [at, token] of tokens.entries()) {
    if (at < start) continue;
    if (token.type === 'authors' || token.type === 'dot' || token.type === 'count') return at;
    if (token.type !== 'text' || token.isPageWord) {
      paragraphLength = 0;
      continue;
    }
    paragraphLength = (token.gap ? 0 : paragraphLength) + token.text.length;
    if (paragraphLength > longestHeadParagraph) return at;
  }
  return tokens.length;
}

/** So many long paragraphs may stand above the page: notices about cookies, advertisements. */
const noticesAllowed = 2;

/** Whatever stands above the page's own words is no card, unless a card's details or many abstracts are there; else 0. */
function findFirstBanner(tokens: Token[]): number {
  const banner = tokens.findIndex(({ type }) => type === 'banner');
  const above = tokens.slice(0, Math.max(banner, 0));
  const notices = above.filter((token) => token.type === 'text' && token.text.length > longestHeadParagraph);
  const hasCards = above.some(({ type }) => type === 'authors' || type === 'dot');
  return hasCards || notices.length > noticesAllowed ? 0 : above.length;
}

function skipPageLines(tokens: Token[], start: number): number {
  let at = start;
  for (; at < tokens.length; at += 1) {
    const token = tokens[at];
    const isPageLine =
      token?.type === 'banner' || token?.type === 'date' || (token?.type === 'text' && token.isPageWord);
    if (!isPageLine) break;
  }
  return at;
}

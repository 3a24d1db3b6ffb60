// Reads the text of a daily papers page (copied or captured, also damaged) into papers. The steps are in listing/.
import { mostListedPapers } from '../papers/paper.ts';
import { buildPapers } from './listing/build-papers.ts';
import { findDayInFileName } from './listing/calendar.ts';
import { chooseListingDate } from './listing/choose-date.ts';
import { settleDates } from './listing/day-order.ts';
import { decodeListing } from './listing/decode-listing.ts';
import { describeForeignText, describeTextWithoutPapers } from './listing/describe-foreign.ts';
import { findPageHead } from './listing/find-head.ts';
import { type CardFrame, groupCards, hasDetails } from './listing/group-cards.ts';
import { endsSentence } from './listing/line-evidence.ts';
import type { ListingOptions, ListingWarning, ParsedListing } from './listing/listing.ts';
import { placeCounts } from './listing/place-counts.ts';
import { readTokens } from './listing/read-tokens.ts';
import { recognizeListing } from './listing/recognize-listing.ts';

/** Few titles are so long. */
const surelyAbstract = 150;
/** A listing with more is damaged all over, and nobody reads on. */
const maxWarnings = 1000;

/** Never throws for any input. What is in doubt becomes a warning; a damaged card never costs another one. */
export function parseListing(input: Uint8Array, options: ListingOptions): ParsedListing {
  const decoded = decodeListing(input);
  if (decoded.type === 'refused') return decoded;
  const foreign = describeForeignText(decoded.text);
  if (foreign !== null) return { type: 'refused', reason: foreign };

  const read = readTokens(decoded.text);
  const tokens = settleDates(read, {
    known: options.date ?? findDayInFileName(options.fileName ?? ''),
    head: findPageHead(read).dates,
    today: options.today,
  });
  const head = findPageHead(tokens);
  const body = tokens.slice(head.bodyStart);
  const placed = placeCounts(body);
  const grouped = groupCards(placed.tokens);
  const chosen = chooseListingDate(
    {
      head: head.dates,
      papers: body.flatMap((token) => (token.type === 'date' ? token.shown : [])),
      arxiv: body.flatMap((token) => (token.type === 'text' ? (token.arxivId ?? []) : [])),
    },
    options,
  );
  const built = buildPapers(grouped.frames, chosen.date);

  const recognized = recognizeListing({ tokens, head, frames: grouped.frames, papers: built.papers });
  if (recognized !== 'listing') return { type: 'refused', reason: describeTextWithoutPapers(recognized) };
  if (built.papers.length > mostListedPapers)
    return { type: 'refused', reason: describeArchive(built.papers.length) };
  const damage = decoded.warning === null ? [] : [{ line: 1, message: decoded.warning }];
  const warnings = [
    damage,
    head.warnings,
    chosen.warnings,
    placed.warnings,
    grouped.warnings,
    built.warnings,
    warnOfCut(grouped.frames),
  ].flat();
  return { type: 'listing', date: chosen.date, papers: built.papers, warnings: sortWarnings(warnings) };
}

/** The last card has no details, which others have, and ends in the middle of a sentence. */
function warnOfCut(frames: readonly CardFrame[]): ListingWarning[] {
  const last = frames.at(-1);
  const end = last?.text.at(-1);
  if (last === undefined || end === undefined || hasDetails(last) || !frames.some(hasDetails)) return [];
  // A title alone ends without a sentence.
  const hasAbstract = last.text.length > 1 || end.text.length >= surelyAbstract;
  return hasAbstract && !endsSentence(end.text)
    ? [{ line: end.line, message: 'the text ends in the middle of a paper: it may be cut off' }]
    : [];
}

function describeArchive(papers: number): string {
  return `It has ${papers} papers, and a listing is one day's: ${mostListedPapers} at the most. Cut it into its days.`;
}

function sortWarnings(warnings: ListingWarning[]): ListingWarning[] {
  const sorted = warnings.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
  const first = sorted.slice(0, maxWarnings);
  const left = sorted.length - first.length;
  const line = first.at(-1)?.line ?? 1;
  return left === 0 ? first : [...first, { line, message: `${left} further warnings are not shown` }];
}

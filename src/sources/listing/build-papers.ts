// From grouped cards to papers: texts joined, dates given their year, and a warning for all that is in doubt.
import type { ListedPaper } from '../../papers/paper.ts';
import type { ListingWarning } from '../listing-text.ts';
import { resolveShownDate } from './calendar.ts';
import { checkCard } from './check-card.ts';
import { findLinks } from './find-links.ts';
import { type CardFrame, hasDetails } from './group-cards.ts';
import { readOrganization } from './organization.ts';
import type { TextToken } from './read-tokens.ts';
import { splitText } from './split-text.ts';

export type BuiltPapers = { papers: ListedPaper[]; warnings: ListingWarning[] };

/** `date` is the listing's day: years that are not shown follow from it. */
export function buildPapers(frames: CardFrame[], date: string): BuiltPapers {
  const papers: ListedPaper[] = [];
  const warnings: ListingWarning[] = [];
  for (const frame of frames) {
    const built = buildCard(frame, date);
    for (const paper of built.papers) papers.push(paper);
    for (const warning of built.warnings) warnings.push(warning);
  }
  return { papers, warnings };
}

/** The upvotes belong to the first paper of the text, the details to the last. */
function buildCard(frame: CardFrame, date: string): BuiltPapers {
  const { cards, organization } = splitText(frame.text, frame.ending);
  const publication = readPublication(frame, date);
  const papers: ListedPaper[] = [];
  const warnings = [...publication.warnings];
  if (cards.length === 0) {
    warnings.push({ line: frame.line, message: 'details without a title were left out' });
  }

  cards.forEach((card, at) => {
    const isFirst = at === 0;
    const isLast = at === cards.length - 1;
    const line = (card.title[0] ?? card.abstract[0])?.line ?? frame.line;
    const isMarked = (isFirst && frame.upvotes !== null) || (isLast && hasDetails(frame));
    const { isPaper, messages } = checkCard(card, isMarked ? 'marked' : 'bare');
    warnings.push(...messages.map((message) => ({ line, message })));
    if (!isPaper) return;

    const abstract = card.abstract.length === 0 ? null : joinLines(card.abstract);
    papers.push({
      title: joinLines(card.title),
      abstract,
      authorsCount: isLast ? frame.authorsCount : null,
      organization: isLast && organization.length > 0 ? readOrganization(joinLines(organization)) : null,
      publishedOn: isLast ? publication.publishedOn : null,
      comments: isLast ? frame.comments : null,
      upvotes: isFirst ? frame.upvotes : null,
      links: abstract === null ? [] : findLinks(abstract),
    });
  });
  return { papers, warnings };
}

function joinLines(lines: TextToken[]): string {
  return lines.map(({ text }) => text).join(' ');
}

function readPublication(
  frame: CardFrame,
  date: string,
): { publishedOn: string | null; warnings: ListingWarning[] } {
  if (frame.date === null) return { publishedOn: null, warnings: [] };
  const { line, shown } = frame.date;
  const publishedOn = resolveShownDate(shown, date);
  if (publishedOn === null) {
    return { publishedOn, warnings: [{ line, message: 'there is no such day: the date was left out' }] };
  }
  if (publishedOn > date) {
    return {
      publishedOn,
      warnings: [{ line, message: `${publishedOn} is after the listing's day, ${date}` }],
    };
  }
  return { publishedOn, warnings: [] };
}

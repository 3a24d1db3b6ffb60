// From grouped cards to papers: texts joined, dates given their year, and a warning for all that is in doubt.
import type { ListedPaper } from '../../papers/paper.ts';
import { readArxivId } from '../../papers/paper-ids.ts';
import { readLink } from '../listed-entry.ts';
import { checkCard } from './check-card.ts';
import { findLinks } from './find-links.ts';
import { type CardFrame, hasDetails } from './group-cards.ts';
import { endsSentence } from './line-evidence.ts';
import type { ListingWarning } from './listing.ts';
import { findHandles, readOrganization } from './organization.ts';
import { readPublication } from './publication.ts';
import { isLinkedHeading, type TextToken } from './read-tokens.ts';
import { splitText } from './split-text.ts';

export type BuiltPapers = { papers: ListedPaper[]; warnings: ListingWarning[] };

/** `date` is the listing's day: years that are not shown follow from it. */
export function buildPapers(frames: CardFrame[], date: string): BuiltPapers {
  const papers: Card[] = [];
  const warnings: ListingWarning[] = [];
  const isShort = frames.every(({ text }) =>
    text.slice(1).every((token) => token.text.length < surelyAbstract),
  );
  for (const frame of frames) {
    const built = buildCard(isShort ? expectOrganization(frame) : frame, date);
    for (const paper of built.papers) papers.push(paper);
    for (const warning of built.warnings) warnings.push(warning);
  }
  const single = joinTwins(dropNumbers(papers));
  return { papers: nameOrganizations(single.papers), warnings: [...warnings, ...single.warnings] };
}

/** Below a title, lines of this length are no organisation. */
const surelyAbstract = 160;
const longestOrganization = 60;

/** A page without abstracts has, below some of its titles, the organisation. */
function expectOrganization(frame: CardFrame): CardFrame {
  const [title, organization, ...others] = frame.text;
  const isNamed =
    title !== undefined &&
    organization?.gap === true &&
    others.length === 0 &&
    organization.text.length <= longestOrganization &&
    !endsSentence(organization.text);
  return isNamed ? { ...frame, ending: 'dot' } : frame;
}

/** A paper, and the line on which its card begins. */
type Card = ListedPaper & { line: number };

/** A capture may number the cards: `1. A Ferry`, `2. A Bridge`. */
function dropNumbers(cards: Card[]): Card[] {
  const first = Number(/^\d+/.exec(cards[0]?.title ?? '')?.[0]);
  const isNumbered =
    cards.length > 1 &&
    cards.every(({ title }, at) => /^\d+[.)] \S/.test(title) && Number.parseInt(title, 10) === first + at);
  return isNumbered ? cards.map((card) => ({ ...card, title: card.title.replace(/^\d+[.)] /, '') })) : cards;
}

/** A page that is made for two widths shows each card twice: two in a row that say the same are one. */
function joinTwins(cards: Card[]): { papers: Card[]; warnings: ListingWarning[] } {
  const papers: Card[] = [];
  const warnings: ListingWarning[] = [];
  for (const card of cards) {
    const above = papers.at(-1);
    if (above === undefined || !areTwins(above, card)) {
      papers.push(card);
      continue;
    }
    papers.splice(-1, 1, join(above, card));
    warnings.push({ line: card.line, message: `this card and the one of line ${above.line} are one paper` });
  }
  return { papers, warnings };
}

/** The same title and day, and nothing that speaks against it: of a title alone, such as “Technical Report”, there may be many. */
function areTwins(one: Card, other: Card): boolean {
  const told = ['abstract', 'authorsCount', 'organization', 'publishedOn', 'comments', 'upvotes'] as const;
  const [id, otherId] = [one.ids?.arxiv, other.ids?.arxiv];
  if (id !== undefined && otherId !== undefined && id !== otherId) return false;
  const agree = told.every((name) => one[name] === null || other[name] === null || one[name] === other[name]);
  const isDetailed = one.publishedOn !== null && one.publishedOn === other.publishedOn;
  return agree && isDetailed && one.abstract !== null && one.title === other.title;
}

/** What one of them lacks, the other one has. */
function join(one: Card, other: Card): Card {
  return {
    ...one,
    abstract: one.abstract ?? other.abstract,
    authorsCount: one.authorsCount ?? other.authorsCount,
    organization: one.organization ?? other.organization,
    publishedOn: one.publishedOn ?? other.publishedOn,
    comments: one.comments ?? other.comments,
    upvotes: one.upvotes ?? other.upvotes,
    links: [...new Set([...one.links, ...other.links])],
  };
}

/** Until here an organisation is the line that names it: all of the page tell whether there are handles in front. */
function nameOrganizations(cards: Card[]): ListedPaper[] {
  const handles = findHandles(cards.flatMap(({ organization }) => organization ?? []));
  return cards.map(({ line: _, organization, ...paper }) => ({
    ...paper,
    organization: organization === null ? null : readOrganization(organization, handles),
  }));
}

/** The upvotes belong to the first paper of the text, the details to the last. */
function buildCard(frame: CardFrame, date: string): { papers: Card[]; warnings: ListingWarning[] } {
  const { cards, organization } = splitText(frame.text, frame.ending);
  const papers: Card[] = [];
  const warnings: ListingWarning[] = [];
  if (cards.length === 0) {
    warnings.push({ line: frame.line, message: 'details without a title were left out' });
  }

  cards.forEach((card, at) => {
    const isFirst = at === 0;
    const isLast = at === cards.length - 1;
    const line = (card.title[0] ?? card.abstract[0])?.line ?? frame.line;
    const isLinked = card.title.some(isLinkedHeading);
    const isMarked = isLinked || (isFirst && frame.upvotes !== null) || (isLast && hasDetails(frame));
    const { isPaper, messages } = checkCard(card, isMarked ? 'marked' : 'bare');
    warnings.push(...messages.map((message) => ({ line, message })));
    if (!isPaper) return;

    const abstract = card.abstract.length === 0 ? null : joinLines(card.abstract);
    const buttons = isLast ? frame.links.map((address) => ({ address, arxivId: readArxivId(address) })) : [];
    const [arxivId] = [...card.title, ...card.abstract, ...buttons].flatMap((part) => part.arxivId ?? []);
    const links = buttons.flatMap(({ address, arxivId: id }) =>
      id === null ? (readLink(address) ?? []) : [],
    );
    const dated = isLast ? frame.date : null;
    const publication = dated && readPublication(dated, { listedOn: date, arxiv: arxivId ?? null });
    if (dated && publication?.message) warnings.push({ line: dated.line, message: publication.message });
    papers.push({
      line,
      title: joinLines(card.title),
      ...(arxivId === undefined ? {} : { ids: { arxiv: arxivId } }),
      abstract,
      authorsCount: isLast ? frame.authorsCount : null,
      organization: isLast && organization.length > 0 ? joinLines(organization) : null,
      publishedOn: publication?.publishedOn ?? null,
      comments: isLast ? frame.comments : null,
      upvotes: isFirst ? frame.upvotes : null,
      links: [...new Set([...links, ...findLinks(abstract ?? '')])],
    });
  });
  return { papers, warnings };
}

function joinLines(lines: TextToken[]): string {
  return lines.map(({ text }) => text).join(' ');
}

// What speaks against reading a line as the rest of the part above, as the next part of its card, or as a new card.
// The prices weigh signs against each other (a blank line, room left in the line above, the look of a title, the
// length so far) and mean nothing beyond that. They were set on listings printed in many widths, with and without
// blank lines; the tests of listing-text.ts keep them honest.

import { type LineEvidence, longTitle, scoreTitle } from './line-evidence.ts';
import { resemblesOrganization } from './organization.ts';

/** How a text is laid out. `width` is where its lines were wrapped, null for a paragraph per line. */
export type Layout = { width: number | null; hasGaps: boolean };
/** What follows the text: a dot without an author count, so that an organisation stands above it; other details; none. */
export type TextEnding = 'dot' | 'details' | 'none';
export type TextToSplit = { lines: LineEvidence[]; ending: TextEnding; layout: Layout };

export type Role = 'title' | 'abstract' | 'organization';
/** A line, the one above it, and how the text is laid out. */
export type Step = { above: LineEvidence; line: LineEvidence; layout: Layout };

export type StepPrices = {
  titleGoesOn: number;
  titleToAbstract: number;
  titleToOrganization: number;
  abstractGoesOn: number;
  titleToCard: number;
  abstractToCard: number;
  abstractToOrganization: number;
  organizationGoesOn: number;
};

/** arXiv takes abstracts of at most 1,920 characters. */
const longestAbstract = 2000;
const shortAbstract = 120;
const longestOrganization = 120;
/** More than all other signs together. */
const againstHeading = 100;

/** The price of a first line in this role. Normally it is a title. */
export function priceStart(role: Role, line: LineEvidence): number {
  const heading = line.isHeading ? againstHeading : 0;
  const prices: Record<Role, number> = {
    title: priceTitleLine(line) + priceTitleSize(line.length),
    abstract: 7 + heading,
    organization: 10 + heading,
  };
  return prices[role];
}

/** The prices of all steps from the line above to this one, apart from those for the length of the part so far. */
export function priceSteps(step: Step): StepPrices {
  const { above, line } = step;
  const wrap = priceWrap(step);
  const part = priceBreak(step);
  const look = scoreTitle(line);
  const midSentence = !line.gap && line.startsSmall ? 3 : 0;
  const titleLine = priceTitleLine(line);
  const newCard = part + 4 + 3 * (1 - look) + titleLine + priceTitleSize(line.length) + midSentence;
  const unfinished = above.endsSentence ? 0 : 2.5;
  const heading = line.isHeading ? againstHeading : 0;
  const newOrganization = part + (line.hasUrl ? 10 : 0) + heading;
  return {
    titleGoesOn: wrap + titleLine + (line.gap ? 12 : 0) + heading,
    titleToAbstract: part + 2 * look + midSentence + heading,
    titleToOrganization: newOrganization + 4,
    abstractGoesOn: (line.gap ? 5 + 4 * look : wrap) + heading,
    titleToCard: newCard,
    abstractToCard: newCard + unfinished,
    abstractToOrganization: newOrganization + unfinished,
    organizationGoesOn: wrap + 3 + (line.gap ? 10 : 0) + heading,
  };
}

/** The price of going on with an abstract whose first paragraph looks like a title, with a stray line above it. */
export function priceShortParagraph(size: number, { above, line }: Pick<Step, 'above' | 'line'>): number {
  const isWhole = above.endsSentence || /[:;,]$/.test(above.text);
  return line.gap && size < longTitle && !isWhole ? 10 : 0;
}

/** The price of leaving an abstract that is too short to be one. */
export function priceShortAbstract(size: number): number {
  return size < shortAbstract ? 4 : 0;
}

export function priceTitleSize(size: number): number {
  return Math.min(12, Math.max(0, size - longTitle) / 30);
}

export function priceAbstractSize(size: number): number {
  return size > longestAbstract ? 14 : 0;
}

/** The price of a text that ends in this role. Before a dot without authors stands an organisation. */
export function priceEnd(
  { role, size, lineCount }: { role: Role; size: number; lineCount: number },
  { lines, ending }: TextToSplit,
): number {
  const missing = ending === 'dot' ? 8 : 0;
  switch (role) {
    case 'title':
      return 4 + missing;
    case 'abstract':
      return (size < shortAbstract ? 6 : 0) + missing;
    case 'organization': {
      if (ending === 'none' || size > longestOrganization) return 20;
      const text = lines.slice(-lineCount).map((line) => line.text);
      return ending === 'details'
        ? priceUnexpectedOrganization(text.join(' '))
        : priceOrganization(text.join(' '));
    }
  }
}

/** A new paper that no blank line, no early line end and no look of a title announces. */
export function isWeakBreak(step: Step): boolean {
  const { above, line } = step;
  if (line.gap || above.length > longTitle) return false;
  return findRoom(step) < 4 || !above.endsSentence || scoreTitle(line) < 0.5;
}

function priceOrganization(text: string): number {
  if (resemblesOrganization(text)) return 0;
  const words = text.split(' ');
  const isSentence = /[.!?]$/.test(text) && words.length > 3;
  const hasHandle = /^[\w.-]+$/.test(words[0] ?? '');
  return 2 + (isSentence ? 12 : 0) + (hasHandle ? 0 : 5);
}

/** Where authors are counted no organisation is due: only a clear one is taken. */
function priceUnexpectedOrganization(text: string): number {
  return resemblesOrganization(text) ? 4 : 20;
}

function priceTitleLine(line: LineEvidence): number {
  return 2 * (1 - line.capitalShare);
}

/**
 * The price of `line` as the rest of the paragraph above: a program that wraps lines fills them. Where blank lines
 * part the paragraphs, a break without one is a wrapped line, however odd.
 */
function priceWrap(step: Step): number {
  const { above, line, layout } = step;
  if (line.gap) return 0;
  const room = findRoom(step);
  if (room < 0) return 0;
  const newTitle = above.endsSentence ? 3 * scoreTitle(line) : 0;
  const surprise = layout.hasGaps ? Math.min(2, 0.5 + room / 20) : 2 + Math.min(4, room / 3) + newTitle;
  const isByHand = layout.width === null && above.length < 200 && line.length < 200;
  return (isByHand ? Math.min(surprise, 3) : surprise) * (line.startsSmall || line.isIndented ? 0.3 : 1);
}

/** The price of `line` as the start of a paragraph: it must not look like the rest of a wrapped one. */
function priceBreak(step: Step): number {
  return !step.line.gap && findRoom(step) < 0 ? 2.5 : 0;
}

/** How many characters were left above when the next word got a new line; below 0 when it would not have fitted. */
function findRoom({ above, line, layout: { width } }: Step): number {
  // Lines that go far beyond the width were not wrapped at it.
  if (width === null || Math.max(above.length, line.length) > width + 20) return 60;
  return width - above.length - 1 - line.firstWordLength;
}

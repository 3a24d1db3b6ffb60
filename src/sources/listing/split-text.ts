// Where the title ends and the abstract begins, and where a paper without details ends and the next one begins.
//
// Blank lines may be missing or stand inside an abstract, and lines may be wrapped anywhere, so no single sign
// decides. Each line becomes a title, abstract or organisation line; every such step has a price for each sign that
// speaks against it; the cheapest way through all lines wins (dynamic programming, one pass). The prices compare
// signs with each other and are otherwise arbitrary.

import { findWrapWidth, type LineEvidence, readLineEvidence } from './line-evidence.ts';
import { readOrganization, resemblesOrganization } from './organization.ts';
import type { TextToken } from './read-tokens.ts';

export type SplitCard = {
  title: TextToken[];
  abstract: TextToken[];
  /** True when only weak signs parted this card from the one before. */
  isDoubtful: boolean;
};
export type SplitText = { cards: SplitCard[]; organization: TextToken[] };

/** `ending` is what follows the text: an author count, the dot before a date, or nothing. */
export type TextToSplit = {
  lines: TextToken[];
  ending: 'authors' | 'dot' | 'none';
  commonWrapWidth: number | null;
};

type Role = 'title' | 'abstract' | 'organization';
/** What a line is for the line above: the same paragraph, the next part of the card, or the next card. */
type Step = 'start' | 'goes on' | 'next part' | 'next card';
/** The cheapest way to read the lines up to this one, if it has this role. `size` is the length of the part so far. */
type Reading = { role: Role; step: Step; price: number; size: number; before: Reading | null };
type Line = LineEvidence & { gap: boolean; isIndented: boolean };
type Layout = { width: number | null; hasGaps: boolean };

const ROLES: Role[] = ['title', 'abstract', 'organization'];
/** arXiv takes abstracts of at most 1,920 characters. */
const LONGEST_ABSTRACT = 2000;
const SHORT_ABSTRACT = 120;
const LONGEST_TITLE = 250;
const LONGEST_ORGANIZATION = 120;

/** Parts the text between two cards' details. No lines give no cards. */
export function splitText({ lines: tokens, ending, commonWrapWidth }: TextToSplit): SplitText {
  const lines = tokens.map((token, at) => ({
    ...readLineEvidence(token),
    gap: at > 0 && token.gap,
    isIndented: token.isIndented,
  }));
  const layout: Layout = {
    width: findWrapWidth(lines, commonWrapWidth),
    hasGaps: lines.some(({ gap }) => gap),
  };
  const readings = findCheapestReadings({ tokens, lines, layout, ending });
  return toCards({ tokens, lines, layout, readings });
}

type Region = { tokens: TextToken[]; lines: Line[]; layout: Layout; ending: TextToSplit['ending'] };

/** One reading per line, first to last. */
function findCheapestReadings({ tokens, lines, layout, ending }: Region): Reading[] {
  let latest: Reading[] = [];
  lines.forEach((line, at) => {
    const above = lines[at - 1];
    const isNearEnd = at >= lines.length - 2;
    const candidates =
      above === undefined
        ? ROLES.map((role) => startReading(role, line))
        : latest.flatMap((before) => continueReading({ before, above, line, layout }));
    latest = ROLES.flatMap((role) => {
      if (role === 'organization' && !isNearEnd) return [];
      return findCheapest(candidates.filter((candidate) => candidate.role === role)) ?? [];
    });
  });

  const finished = latest.map((reading) => ({
    ...reading,
    price: reading.price + priceOfEnd(reading, { tokens, ending, at: lines.length - 1 }),
  }));
  const readings: Reading[] = [];
  for (let at: Reading | null = findCheapest(finished); at !== null; at = at.before) readings.push(at);
  return readings.reverse();
}

function findCheapest(readings: Reading[]): Reading | null {
  return readings.reduce<Reading | null>(
    (best, reading) => (best === null || reading.price < best.price ? reading : best),
    null,
  );
}

function startReading(role: Role, line: Line): Reading {
  const price = { title: priceOfTitleLine(line, 0), abstract: 7, organization: 10 }[role];
  return { role, step: 'start', price, size: line.length, before: null };
}

type Continuation = { before: Reading; above: Line; line: Line; layout: Layout };

/** Every way to go on with the next line. */
function continueReading({ before, above, line, layout }: Continuation): Reading[] {
  const goesOn = priceOfWrap(above, line, layout);
  const breaks = priceOfBreak(above, line, layout);
  const go = (role: Role, step: Step, price: number): Reading => ({
    role,
    step,
    price: before.price + price,
    size: step === 'goes on' ? before.size + 1 + line.length : line.length,
    before,
  });

  if (before.role === 'organization')
    return [go('organization', 'goes on', goesOn + 1 + (line.gap ? 10 : 0))];

  const nextCard = breaks + 4 + 3 * (1 - titleScore(line)) + priceOfTitleLine(line, 0);
  const nextOrganization = breaks + (line.length > 100 ? 10 : 0);
  if (before.role === 'title') {
    const isUnfinished = above.endsWithPeriod ? 2 : 0;
    const looksLikeTitle = 2 * titleScore(line);
    return [
      go('title', 'goes on', goesOn + (line.gap ? 12 : 0) + priceOfTitleLine(line, before.size)),
      go('abstract', 'next part', breaks + isUnfinished + looksLikeTitle),
      go('title', 'next card', nextCard + 5),
      go('organization', 'next part', nextOrganization + 4),
    ];
  }
  const isUnfinished = above.endsSentence ? 0 : 2.5;
  const tooLong = before.size <= LONGEST_ABSTRACT && before.size + line.length > LONGEST_ABSTRACT ? 8 : 0;
  const isShort = before.size < SHORT_ABSTRACT ? 3 : 0;
  return [
    go('abstract', 'goes on', (line.gap ? 5 + 4 * titleScore(line) : goesOn) + tooLong),
    go('title', 'next card', nextCard + isUnfinished + isShort),
    go('organization', 'next part', nextOrganization + isUnfinished + isShort),
  ];
}

type End = { tokens: TextToken[]; ending: TextToSplit['ending']; at: number };

function priceOfEnd(reading: Reading, { tokens, ending, at }: End): number {
  if (reading.role === 'title') return 4 + (ending === 'dot' ? 5 : 0);
  if (reading.role === 'abstract') {
    return (reading.size < SHORT_ABSTRACT ? 3 : 0) + (ending === 'dot' ? 5 : 0);
  }
  if (ending === 'none' || reading.size > LONGEST_ORGANIZATION) return 20;
  const isTwoLines = reading.step === 'goes on';
  const text = [isTwoLines ? (tokens[at - 1]?.text ?? '') : '', tokens[at]?.text ?? ''].join(' ').trim();
  return priceOfOrganization(text) * (ending === 'authors' ? 2 : 1) + (ending === 'authors' ? 4 : 0);
}

/** From 0 (handle and name belong together) to 5 (a sentence). */
function priceOfOrganization(text: string): number {
  if (resemblesOrganization(text)) return 0;
  const words = text.split(' ').length;
  const isSentence = /[.!?]$/.test(text) && words > 3;
  return 1.5 + (words > 8 ? 2.5 : 0) + (isSentence ? 2 : 0) + (readOrganization(text) === null ? 5 : 0);
}

function priceOfTitleLine(line: Line, sizeBefore: number): number {
  const size = sizeBefore + line.length;
  const tooLong =
    Math.min(12, Math.max(0, size - LONGEST_TITLE) / 30) -
    Math.min(12, Math.max(0, sizeBefore - LONGEST_TITLE) / 30);
  return tooLong + 2 * (1 - line.capitalShare) + (line.hasUrl ? 4 : 0);
}

/** 0 to 1: how much a whole paragraph of one line looks like a title. */
function titleScore(line: Line): number {
  if (line.length > LONGEST_TITLE || line.hasUrl || line.endsWithPeriod || line.startsSmall) return 0;
  return Math.min(1, line.capitalShare * 1.2) * (line.wordCount < 2 ? 0.5 : 1);
}

/** The price of reading `line` as the rest of the paragraph above. */
function priceOfWrap(above: Line, line: Line, { width, hasGaps }: Layout): number {
  if (line.gap) return 0;
  const room = findRoom(above, line, width);
  if (room < 0) return 0;
  const surprise = hasGaps ? Math.min(2, 0.5 + room / 20) : 2 + Math.min(4, room / 3);
  const eased = width === null && above.length < 200 && line.length < 200 ? Math.min(surprise, 3) : surprise;
  return eased * (line.startsSmall || line.isIndented ? 0.3 : 1);
}

/** The price of reading `line` as the start of a paragraph. */
function priceOfBreak(above: Line, line: Line, { width, hasGaps }: Layout): number {
  if (line.gap) return 0;
  const isFull = findRoom(above, line, width) < 0;
  return (isFull ? 2.5 : 0) + (hasGaps ? 2 : 0) + (line.startsSmall ? 3 : 0);
}

/** How many characters were left when the next word was put on a new line; below 0 when it would not have fitted. */
function findRoom(above: Line, line: Line, width: number | null): number {
  if (width === null || above.length > width + 20) return 60;
  return width - above.length - 1 - line.firstWordLength;
}

type Read = { tokens: TextToken[]; lines: Line[]; layout: Layout; readings: Reading[] };

function toCards({ tokens, lines, layout, readings }: Read): SplitText {
  const cards: SplitCard[] = [];
  const organization: TextToken[] = [];
  readings.forEach(({ role, step }, at) => {
    const token = tokens[at];
    const line = lines[at];
    if (token === undefined || line === undefined) return;
    if (role === 'organization') {
      organization.push(token);
      return;
    }
    if (step === 'start' || step === 'next card') {
      const above = lines[at - 1];
      cards.push({
        title: [],
        abstract: [],
        isDoubtful: above !== undefined && isWeakBreak(above, line, layout),
      });
    }
    cards.at(-1)?.[role].push(token);
  });
  return { cards, organization };
}

/** A new paper that neither a blank line nor an early line end announces. */
function isWeakBreak(above: Line, line: Line, { width }: Layout): boolean {
  return !line.gap && above.length < 300 && (width === null || findRoom(above, line, width) < 4);
}

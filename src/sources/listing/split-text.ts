// Where the title ends and the abstract begins, and where a paper without details ends and the next one begins.
//
// Blank lines may be missing or stand inside an abstract, and lines may be wrapped anywhere, so no single sign
// decides. Each line becomes a title, abstract or organisation line; every such step has a price (step-prices.ts) for
// each sign that speaks against it; the cheapest way through all lines wins (cheapest-path.ts).
import { findCheapestPath } from './cheapest-path.ts';
import { findWrapWidth, readLineEvidence } from './line-evidence.ts';
import type { TextToken } from './read-tokens.ts';
import { isWeakBreak, type Layout, type TextEnding } from './step-prices.ts';

export type SplitCard = {
  title: TextToken[];
  abstract: TextToken[];
  /** True when only weak signs parted this card from the one before. */
  isDoubtful: boolean;
};
export type SplitCards = { cards: SplitCard[]; organization: TextToken[] };

/** Parts the text between two cards' details. No lines give no cards. */
export function splitText(tokens: TextToken[], ending: TextEnding): SplitCards {
  const lines = tokens.map((token) => readLineEvidence(token));
  const layout: Layout = {
    width: findWrapWidth(lines),
    hasGaps: lines.some(({ gap }, at) => at > 0 && gap),
  };
  const cards: SplitCard[] = [];
  const organization: TextToken[] = [];

  findCheapestPath({ lines, ending, layout }).forEach(({ role, startsCard }, at) => {
    const token = tokens[at];
    const line = lines[at];
    if (token === undefined || line === undefined) return;
    if (role === 'organization') {
      organization.push(token);
      return;
    }
    if (startsCard) {
      const above = lines[at - 1];
      const isDoubtful = above !== undefined && isWeakBreak({ above, line, layout });
      cards.push({ title: [], abstract: [], isDoubtful });
    }
    cards.at(-1)?.[role].push(token);
  });
  return { cards, organization };
}

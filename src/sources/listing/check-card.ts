// What is odd about a card, in words for whoever imports the listing, and whether it can be a paper at all.
import { readLineEvidence, scoreTitle } from './line-evidence.ts';
import type { TextToken } from './read-tokens.ts';
import type { SplitCard } from './split-text.ts';

/** `messages` say what was left out and what is in doubt. */
export type CheckedCard = { isPaper: boolean; messages: string[] };

const suspiciousTitle = 500;
const suspiciousAbstract = 4000;
/** Titles of one or two words exist, but hardly one alone on its page. */
const wordsOfLoneTitle = 3;

/** `bare`: neither upvotes above nor details below show that it is a card. */
export function checkCard(card: SplitCard, kind: 'bare' | 'marked'): CheckedCard {
  const titleLength = measureLines(card.title);
  const abstractLength = measureLines(card.abstract);
  if (titleLength === 0) return { isPaper: false, messages: ['an abstract without a title was left out'] };
  if (abstractLength === 0 && kind === 'bare') return checkLoneTitle(card);

  const messages = [
    card.isDoubtful ? 'a new paper seems to start here, without a blank line or details above it' : null,
    abstractLength === 0 ? 'no abstract' : null,
    titleLength > suspiciousTitle ? `a title of ${titleLength} characters: it may hold the abstract` : null,
    abstractLength > suspiciousAbstract
      ? `an abstract of ${abstractLength} characters: it may hold further papers`
      : null,
  ];
  return { isPaper: true, messages: messages.filter((message) => message !== null) };
}

/** A line with nothing around it may be a paper of which the rest was lost, or an advertisement. */
function checkLoneTitle({ title }: SplitCard): CheckedCard {
  const [first] = title;
  const evidence = first === undefined ? null : readLineEvidence(first);
  const isOfPage = title.every(({ isPageWord }) => isPageWord);
  const isTitle =
    !isOfPage && evidence !== null && evidence.wordCount >= wordsOfLoneTitle && scoreTitle(evidence) > 0.6;
  return isTitle
    ? { isPaper: true, messages: ['a title with nothing below it: it may be no paper'] }
    : { isPaper: false, messages: [`"${first?.text.slice(0, 60)}" with nothing below it was left out`] };
}

/** Joined by spaces. */
function measureLines(lines: TextToken[]): number {
  return lines.map(({ text }) => text).join(' ').length;
}

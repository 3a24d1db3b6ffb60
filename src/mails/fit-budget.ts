// Gmail cuts a mail off at about 102,000 bytes of HTML, the unsubscribe link with it: what is too much becomes a
// line each, and what is still too much stays on the web.

/** Bytes of HTML, links filled in. */
export const htmlBudget = 90_000;

/** Kept for what differs from reader to reader: links, address, date. */
export const readersShare = 3_000;

export type Fit = {
  /** How many papers, from the first, are shown in full. */
  full: number;
  /** How many after those get a line. The rest is only counted. */
  brief: number;
};

/** However little room there is, so many are in full: three of the longest cards take a third of the budget. */
const alwaysFull = 3;

/** All sizes in bytes; `room` is what is left beside frame and footer. */
export function fitToBudget({
  cards,
  briefHeading,
  room,
}: {
  cards: readonly { full: number; brief: number }[];
  briefHeading: number;
  room: number;
}): Fit {
  const fullSum = cards.reduce((sum, { full }) => sum + full, 0);
  if (fullSum <= room) return { full: cards.length, brief: 0 };

  const fewest = Math.min(alwaysFull, cards.length);
  let size = fullSum + briefHeading;
  let full = cards.length;
  while (full > fewest && size > room) {
    full -= 1;
    const card = cards[full];
    if (card !== undefined) size += card.brief - card.full;
  }
  let brief = cards.length - full;
  while (brief > 0 && size > room) {
    brief -= 1;
    size -= cards[full + brief]?.brief ?? 0;
  }
  return { full, brief };
}

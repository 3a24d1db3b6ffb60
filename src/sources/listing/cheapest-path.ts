// The cheapest way to give every line of a text its role: one pass down that keeps, for each state, the cheapest path
// into it, and one back up the path that won. Plain number arrays, because a wrapped listing of ten thousand papers
// has several hundred thousand lines.
import type { LineEvidence } from './line-evidence.ts';
import {
  priceAbstractSize,
  priceEnd,
  priceShortAbstract,
  priceShortParagraph,
  priceStart,
  priceSteps,
  priceTitleSize,
  type Role,
  type TextToSplit,
} from './step-prices.ts';

export type LineRole = { role: Role; startsCard: boolean };

/** What comes later depends on whether a part has one line or more, and on how long an abstract is so far. */
const STATES: Role[] = [
  'title', // its first line
  'title', // a further one
  'abstract', // up to 499 characters
  'abstract', // up to 999
  'abstract', // up to 1,499
  'abstract', // up to 1,999
  'abstract', // longer
  'organization', // its first line
  'organization', // a further one
];
const TITLE = 0;
const LONGER_TITLE = 1;
const ABSTRACT = 2;
const ORGANIZATION = 7;
const LONGER_ORGANIZATION = 8;
const CLOSED = Number.POSITIVE_INFINITY;

/** For each state the price of the cheapest path into it, and the length of that path's last part so far. */
type Front = { prices: Float64Array; sizes: Float64Array };
type Offer = { to: number; price: number; size: number };

/** One role per line. A title's first line starts a card, and so does whatever comes first. */
export function findCheapestPath(text: TextToSplit): LineRole[] {
  const { lines } = text;
  const [first] = lines;
  if (first === undefined) return [];

  const cameFrom = new Uint8Array(lines.length * STATES.length);
  let front = startFront(first);
  let next = closedFront();
  let from = 0;
  let row = 0;
  const offer = ({ to, price, size }: Offer): void => {
    if (price >= (next.prices[to] ?? CLOSED)) return;
    next.prices[to] = price;
    next.sizes[to] = size;
    cameFrom[row + to] = from;
  };

  for (let at = 1; at < lines.length; at += 1) {
    const above = lines[at - 1];
    const line = lines[at];
    if (above === undefined || line === undefined) break;
    const prices = priceSteps({ above, line, layout: text.layout });
    const isNearEnd = at >= lines.length - 2;
    const { length } = line;
    row = at * STATES.length;
    next.prices.fill(CLOSED);

    for (from = 0; from < STATES.length; from += 1) {
      const paid = front.prices[from] ?? CLOSED;
      if (paid === CLOSED) continue;
      const before = front.sizes[from] ?? 0;
      const size = before + 1 + length;
      if (from >= ORGANIZATION) {
        offer({ to: LONGER_ORGANIZATION, price: paid + prices.organizationGoesOn, size });
        continue;
      }
      if (from < ABSTRACT) {
        const tooLong = priceTitleSize(before + length) - priceTitleSize(before);
        offer({ to: LONGER_TITLE, price: paid + prices.titleGoesOn + tooLong, size });
        offer({ to: toAbstractState(length), price: paid + prices.titleToAbstract, size: length });
        offer({ to: TITLE, price: paid + prices.titleToCard, size: length });
        if (isNearEnd) {
          offer({ to: ORGANIZATION, price: paid + prices.titleToOrganization, size: length });
        }
        continue;
      }
      const tooLong = priceAbstractSize(size) - priceAbstractSize(before);
      const left = paid + priceShortAbstract(before);
      const stray = priceShortParagraph(before, { above, line });
      offer({ to: toAbstractState(size), price: paid + prices.abstractGoesOn + tooLong + stray, size });
      offer({ to: TITLE, price: left + prices.abstractToCard, size: length });
      if (isNearEnd) {
        offer({ to: ORGANIZATION, price: left + prices.abstractToOrganization, size: length });
      }
    }
    [front, next] = [next, front];
  }
  return walkBack(cameFrom, findCheapestEnd(front, text));
}

function closedFront(): Front {
  return { prices: new Float64Array(STATES.length).fill(CLOSED), sizes: new Float64Array(STATES.length) };
}

function startFront(first: LineEvidence): Front {
  const front = closedFront();
  const starts: [state: number, role: Role][] = [
    [TITLE, 'title'],
    [toAbstractState(first.length), 'abstract'],
    [ORGANIZATION, 'organization'],
  ];
  for (const [state, role] of starts) {
    front.prices[state] = priceStart(role, first);
    front.sizes[state] = first.length;
  }
  return front;
}

function toAbstractState(size: number): number {
  return ABSTRACT + Math.min(4, Math.floor(size / 500));
}

function findCheapestEnd({ prices, sizes }: Front, text: TextToSplit): number {
  let cheapest = TITLE;
  let lowest = CLOSED;
  STATES.forEach((role, state) => {
    const lineCount = state === LONGER_ORGANIZATION ? 2 : 1;
    const end = priceEnd({ role, size: sizes[state] ?? 0, lineCount }, text);
    const price = (prices[state] ?? CLOSED) + end;
    if (price < lowest) [cheapest, lowest] = [state, price];
  });
  return cheapest;
}

function walkBack(cameFrom: Uint8Array, end: number): LineRole[] {
  const roles: LineRole[] = [];
  let state = end;
  for (let row = cameFrom.length - STATES.length; row >= 0; row -= STATES.length) {
    roles.push({ role: STATES[state] ?? 'abstract', startsCard: state === TITLE || row === 0 });
    state = cameFrom[row + state] ?? TITLE;
  }
  return roles.reverse();
}

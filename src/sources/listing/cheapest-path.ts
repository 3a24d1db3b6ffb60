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
const states: Role[] = [
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
const inTitle = 0;
const inLongerTitle = 1;
const inAbstract = 2;
const inOrganization = 7;
const inLongerOrganization = 8;
const closedCost = Number.POSITIVE_INFINITY;

/** For each state the price of the cheapest path into it, and the length of that path's last part so far. */
type Front = { prices: Float64Array; sizes: Float64Array };
type Offer = { to: number; price: number; size: number };

/** One role per line. A title's first line starts a card, and so does whatever comes first. */
export function findCheapestPath(text: TextToSplit): LineRole[] {
  const { lines } = text;
  const [first] = lines;
  if (first === undefined) return [];

  const cameFrom = new Uint8Array(lines.length * states.length);
  let front = startFront(first);
  let next = closedFront();
  let from = 0;
  let row = 0;
  const offer = ({ to, price, size }: Offer): void => {
    if (price >= (next.prices[to] ?? closedCost)) return;
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
    row = at * states.length;
    next.prices.fill(closedCost);

    for (from = 0; from < states.length; from += 1) {
      const paid = front.prices[from] ?? closedCost;
      if (paid === closedCost) continue;
      const before = front.sizes[from] ?? 0;
      const size = before + 1 + length;
      if (from >= inOrganization) {
        offer({ to: inLongerOrganization, price: paid + prices.organizationGoesOn, size });
        continue;
      }
      if (from < inAbstract) {
        const tooLong = priceTitleSize(before + length) - priceTitleSize(before);
        offer({ to: inLongerTitle, price: paid + prices.titleGoesOn + tooLong, size });
        offer({ to: toAbstractState(length), price: paid + prices.titleToAbstract, size: length });
        offer({ to: inTitle, price: paid + prices.titleToCard, size: length });
        if (isNearEnd) {
          offer({ to: inOrganization, price: paid + prices.titleToOrganization, size: length });
        }
        continue;
      }
      const tooLong = priceAbstractSize(size) - priceAbstractSize(before);
      const left = paid + priceShortAbstract(before);
      const stray = priceShortParagraph(before, { above, line });
      offer({ to: toAbstractState(size), price: paid + prices.abstractGoesOn + tooLong + stray, size });
      offer({ to: inTitle, price: left + prices.abstractToCard, size: length });
      if (isNearEnd) {
        offer({ to: inOrganization, price: left + prices.abstractToOrganization, size: length });
      }
    }
    [front, next] = [next, front];
  }
  return walkBack(cameFrom, findCheapestEnd(front, text));
}

function closedFront(): Front {
  return { prices: new Float64Array(states.length).fill(closedCost), sizes: new Float64Array(states.length) };
}

function startFront(first: LineEvidence): Front {
  const front = closedFront();
  const starts: [state: number, role: Role][] = [
    [inTitle, 'title'],
    [toAbstractState(first.length), 'abstract'],
    [inOrganization, 'organization'],
  ];
  for (const [state, role] of starts) {
    front.prices[state] = priceStart(role, first);
    front.sizes[state] = first.length;
  }
  return front;
}

function toAbstractState(size: number): number {
  return inAbstract + Math.min(4, Math.floor(size / 500));
}

function findCheapestEnd({ prices, sizes }: Front, text: TextToSplit): number {
  let cheapest = inTitle;
  let lowest = closedCost;
  states.forEach((role, state) => {
    const lineCount = state === inLongerOrganization ? 2 : 1;
    const end = priceEnd({ role, size: sizes[state] ?? 0, lineCount }, text);
    const price = (prices[state] ?? closedCost) + end;
    if (price < lowest) [cheapest, lowest] = [state, price];
  });
  return cheapest;
}

function walkBack(cameFrom: Uint8Array, end: number): LineRole[] {
  const roles: LineRole[] = [];
  let state = end;
  for (let row = cameFrom.length - states.length; row >= 0; row -= states.length) {
    roles.push({ role: states[state] ?? 'abstract', startsCard: state === inTitle || row === 0 });
    state = cameFrom[row + state] ?? inTitle;
  }
  return roles.reverse();
}

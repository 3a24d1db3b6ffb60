// The ledger by months: how long it is kept, and which of its months a statement has to look at.
import type { MonthlyTable } from '../platform/postgres/partitions.ts';
import { utcDay } from '../text/days.ts';

/**
 * What came back for a mail goes with it. A month with a mail that is not over stays: it is promised. Two thirds of a page
 * are left to what its rows become: claimed and past the gate, both at once, and a mail's row is twice as long in the end.
 */
export const deliveryTable: MonthlyTable = {
  name: 'delivery',
  key: 'day',
  references: 'subscriber',
  fillfactor: 33,
  keepWhile: 'finished_at IS NULL',
};
export const ledgerTables: readonly MonthlyTable[] = [
  deliveryTable,
  { name: 'bounce', key: 'day', references: 'subscriber', fillfactor: 100, keepWhile: null },
];

const dayMs = 24 * 60 * 60 * 1000;

/** YYYY-MM-DD, in UTC. */
export function dayBefore(instant: Date, days: number): string {
  return utcDay(new Date(instant.getTime() - days * dayMs));
}

/** The first and the last day of those that are given, which must be some. */
export function spanOf(rows: readonly { day: string }[]): { first: string; last: string } {
  const days = rows.map(({ day }) => day).sort();
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) throw new Error('no days');
  return { first, last };
}

// The months of all tables that have them: made ahead, and dropped when they are past their days.
import { ledgerTables } from '../ledger/months.ts';
import type { Logger } from '../platform/logger.ts';
import type { Db } from '../platform/postgres/db.ts';
import { keepMonths } from '../platform/postgres/partitions.ts';
import { fetchTable } from '../sources/fetch-store.ts';

export type MonthsKept = { ledgerDays: number; fetchDays: number };

/** What fails is told, and is for the next sweep: a month that is not there yet loses nothing. */
export async function keepTables(
  { db, now, log }: { db: Db; now: Date; log: Logger },
  { ledgerDays, fetchDays }: MonthsKept,
): Promise<void> {
  const tables = [
    ...ledgerTables.map((table) => ({ ...table, days: ledgerDays })),
    { ...fetchTable, days: fetchDays },
  ];
  try {
    const { made, dropped, spared } = await keepMonths({ db, now }, tables);
    if (made.length + dropped.length > 0) log.info({ made, dropped }, 'months kept');
    if (spared.length > 0) log.debug({ spared }, 'months that are not over');
  } catch (error) {
    log.warn({ err: error }, 'months not kept');
  }
}

// Whether everything that was planned was sent, once: a benchmark that loses mail measures nothing.
import { runSql } from '../test/support/sql.ts';
import type { Setting } from './setting.ts';
import type { SinkCounts } from './sink.ts';

/** Throws unless the ledger has one delivery of today for each mail, all accepted. */
export async function checkLedger({ databaseUrl, mails }: Setting): Promise<void> {
  const rows = await runSql(
    databaseUrl,
    'SELECT state::text, count(*)::int AS count FROM delivery WHERE day >= current_date - 1 GROUP BY 1',
  );
  const states = rows.map(({ state, count }) => `${count} ${state}`).join(', ');
  if (states !== `${mails} accepted`)
    throw new Error(`The ledger has ${states || 'nothing'}, instead of ${mails} accepted`);
}

/** Throws unless the sink got as many mails, for as many recipients. */
export function checkSink({ mails, recipients }: SinkCounts, expected: number): void {
  if (mails !== expected || recipients !== expected)
    throw new Error(`The sink got ${mails} mails for ${recipients} recipients, instead of ${expected}`);
}

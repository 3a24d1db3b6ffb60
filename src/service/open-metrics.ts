// The metrics of this process, where somebody is to read them.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '../config/config.ts';
import type { Metrics } from '../platform/metrics.ts';
import { countConnections, type Db } from '../platform/postgres/db.ts';

export type ReadableMetrics = {
  metrics: Metrics;
  /** To whoever has the token. */
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
};

/** Null without a token, and then nothing of it is loaded. */
export async function openMetrics({
  config: { metricsToken },
  db,
}: {
  config: Pick<Config, 'metricsToken'>;
  db: Db;
}): Promise<ReadableMetrics | null> {
  if (metricsToken === null) return null;
  const [{ readFigures }, { answerMetrics, createMetrics }] = await Promise.all([
    import('../ledger/reports/figures.ts'),
    import('../platform/metrics.ts'),
  ]);
  const metrics = createMetrics({ readFigures: () => readFigures({ db, now: new Date() }) });
  metrics.watchPool('main', () => countConnections(db));
  return {
    metrics,
    answer: (request, response) => answerMetrics({ metrics, token: metricsToken }, request, response),
  };
}

// GET /healthz: for load balancers and containers. It answers first: a service under load is not a dead one.
import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestHandler } from 'express';
import type { WebDeps } from './deps.ts';

/** Where the database takes longer, as in a queue behind many others, its last answer counts ... */
const patienceMs = 200;
/** ... if it is not older than this. */
const staleMs = 30_000;

/** Any number of probes ask the database once at a time. */
export function checkHealth({
  checkDatabase,
  logger,
}: Pick<WebDeps, 'checkDatabase' | 'logger'>): RequestHandler {
  let underWay: Promise<boolean> | null = null;
  let answeredAt = Number.NEGATIVE_INFINITY;

  async function look(): Promise<boolean> {
    try {
      await checkDatabase();
      answeredAt = performance.now();
      return true;
    } catch (error) {
      answeredAt = Number.NEGATIVE_INFINITY;
      logger.error({ err: error }, 'the database does not answer');
      return false;
    } finally {
      underWay = null;
    }
  }

  return async (_request, response) => {
    response.set('Cache-Control', 'no-store');
    underWay ??= look();
    const isRecent = performance.now() - answeredAt < staleMs;
    const isWell = await (isRecent ? Promise.race([underWay, sleep(patienceMs, true)]) : underWay);
    if (isWell) response.json({ status: 'ok' });
    else response.status(503).json({ status: 'unavailable' });
  };
}

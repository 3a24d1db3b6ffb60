// GET /healthz: for load balancers and containers.
import type { RequestHandler } from 'express';
import type { WebDeps } from './deps.ts';

export function checkHealth({
  checkDatabase,
  logger,
}: Pick<WebDeps, 'checkDatabase' | 'logger'>): RequestHandler {
  return async (_request, response) => {
    response.set('Cache-Control', 'no-store');
    try {
      await checkDatabase();
      response.json({ status: 'ok' });
    } catch (error) {
      logger.error({ err: error }, 'the database does not answer');
      response.status(503).json({ status: 'unavailable' });
    }
  };
}

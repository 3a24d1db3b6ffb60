// Where a worker, which has no pages, answers how it is, and tells its metrics.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../platform/errors.ts';
import { answerHealth, type Health } from '../platform/health.ts';
import { httpTimeouts } from '../platform/http-timeouts.ts';
import type { Closer } from './closer.ts';
import type { ReadableMetrics } from './open-metrics.ts';

/** Does nothing unless a port is configured. */
export async function openHealthPort(
  {
    config: { healthPort, host },
    health,
    metrics,
  }: { config: Pick<Config, 'healthPort' | 'host'>; health: Health; metrics: ReadableMetrics | null },
  closer: Closer,
): Promise<void> {
  if (healthPort === null) return;
  const server = createServer(httpTimeouts, (request, response) => {
    const isForMetrics = metrics !== null && request.url?.split('?')[0] === '/metrics';
    const answer = isForMetrics ? metrics.answer(request, response) : answerHealth(health, request, response);
    answer.catch(() => response.destroy());
  });
  server.listen(healthPort, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new ConfigError(`HEALTH_PORT=${healthPort} is in use. Take another for each worker of a machine`);
  }
  closer.add(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
}

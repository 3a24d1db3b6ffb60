// How long requests take, by the pattern of their address: never by the address itself, which holds tokens and has no end.
import type { RequestHandler } from 'express';
import type { Metrics } from '../../platform/metrics.ts';

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);

export function measureRequests({ observeRequest }: Pick<Metrics, 'observeRequest'>): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    response.once('finish', () => {
      const pattern: unknown = request.route?.path;
      observeRequest({
        method: methods.has(request.method) ? request.method : 'other',
        route: typeof pattern === 'string' ? `${request.baseUrl}${pattern}` : 'none',
        status: response.statusCode,
        seconds: (performance.now() - startedAt) / 1000,
      });
    });
    next();
  };
}

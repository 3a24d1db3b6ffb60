// One log line a request: what was asked, how it ended, how long it took. No token, no address, no query.
import type { RequestHandler } from 'express';
import { pinoHttp } from 'pino-http';
import type { Logger } from '../../platform/logger.ts';

const silentPaths = /^\/(?:assets\/|(?:healthz|livez|readyz|metrics)$)/;

export function logRequests(logger: Logger): RequestHandler {
  return pinoHttp({
    logger,
    autoLogging: { ignore: ({ url }) => silentPaths.test(url ?? '') },
    quietReqLogger: true,
    customSuccessMessage: () => 'request',
    customErrorMessage: () => 'request failed',
    // Who is sent away for a moment is no error of ours, and they are many.
    customLogLevel: (_request, { statusCode }) =>
      statusCode >= 500 && statusCode !== 503 ? 'error' : 'info',
    serializers: {
      req: ({ method, url }: { method: string; url: string }) => ({ method, path: maskPath(url) }),
      res: ({ statusCode }: { statusCode: number }) => ({ status: statusCode }),
      // The error itself is logged once, where it is handled.
      err: () => undefined,
    },
  });
}

/**
 * The path of `url`, fit for a log: what follows one of the token pages, and every part that could hide a token or
 * a mail address wherever it stands, becomes `…`.
 */
export function maskPath(url: string): string {
  const [path = ''] = url.split(/[?#]/, 1);
  const parts = path.split('/');
  return parts
    .map((part, index) => (isTokenPage(parts[index - 1]) || !isHarmless(part) ? '…' : part))
    .slice(0, 8)
    .join('/');
}

const tokenPages =
  /^(?:confirm|preferences|account|address|keep-address|no-mail|digest|vote|unsubscribe|undo|mine)$/i;

function isTokenPage(part: string | undefined): boolean {
  return part !== undefined && tokenPages.test(part);
}

function isHarmless(part: string): boolean {
  return /^[\w.-]{0,40}$/.test(part);
}

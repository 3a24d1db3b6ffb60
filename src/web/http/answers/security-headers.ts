// What browsers are told to refuse, and what nobody may keep.
import type { RequestHandler } from 'express';
import helmet from 'helmet';
import type { WebConfig } from '../deps.ts';

/** Pages load from themselves only, and run nothing inline. */
export function securityHeaders({
  baseUrl,
  hstsSubdomains,
}: Pick<WebConfig, 'baseUrl' | 'hstsSubdomains'>): RequestHandler {
  // On a plain http address these two would make the browser ask for an https that is not there.
  const isHttps = baseUrl.startsWith('https:');
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        ...(isHttps ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    // Other hosts below ours may be nobody's to speak for, and have no https.
    strictTransportSecurity: isHttps && { includeSubDomains: hstsSubdomains },
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  });
}

/** For pages whose address is a secret: kept by no cache, found by no search engine. */
export const keepPrivate: RequestHandler = (_request, response, next) => {
  response.set({
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Robots-Tag': 'noindex, nofollow',
  });
  next();
};

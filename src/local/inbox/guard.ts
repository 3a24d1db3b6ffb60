// What the inbox page refuses, and what it tells browsers to refuse. It shows mails with secret links, and HTML of
// unknown origin, to anyone who reaches this machine's loopback address: any web page in the same browser does, and any user of the machine. So a
// key is the first part of every address, as Jupyter has one.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** In a time that tells nothing about the key. */
export function isKey(given: string, key: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(key));
}

/** Only local names: a foreign name that was made to point here (DNS rebinding) is not answered. Any port: it may be forwarded. */
export function isLocalRequest({ headers }: IncomingMessage): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i.test(headers.host ?? '');
}

/** Whether a POST comes from our own page, or from no browser at all (every browser sends one of the two headers). */
export function isOwnPost({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  return headers.origin === undefined || headers.origin === `http://${headers.host}`;
}

const everywhere = {
  'Cache-Control': 'no-store',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
};

/** Our own pages load from themselves only, and run nothing inline. */
export const pageHeaders = {
  ...everywhere,
  // Not `no-referrer`: the button's POST would lose its Origin.
  'Referrer-Policy': 'same-origin',
  'Content-Security-Policy': [
    "default-src 'none'",
    ...["script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'", "frame-src 'self'"],
    ...["form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"],
  ].join('; '),
};

/** What a mail may do, in our frame or opened alone: look as it was sent, and open links in a new tab. */
export const mailSandbox = 'allow-popups allow-popups-to-escape-sandbox';

export const mailHeaders = {
  ...everywhere,
  'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy': [
    `sandbox ${mailSandbox}`,
    "default-src 'none'",
    ...["style-src 'unsafe-inline'", 'img-src data:'],
    ...["form-action 'none'", "base-uri 'none'", "frame-ancestors 'self'"],
  ].join('; '),
};

// One request and its answer, checked and bounded. Redirects are handed back; nothing is repeated here.
import type { Response } from 'undici';
import type { Validators } from '../source.ts';
import { hasInsideHost, loadFetch } from './public-only.ts';
import { readBody } from './read-body.ts';
import { readRetryAfter } from './retry-after.ts';

export type HttpRequest = {
  url: string;
  /** The media types that are expected; others are refused. */
  accept: readonly string[];
  previous: Validators | null;
  signal: AbortSignal;
};

/** `soon`: may go well in a moment. `later`: within the day. `never`: this request is refused for good. */
export type HttpFailure = {
  type: 'failed';
  reason: string;
  retry: 'soon' | 'later' | 'never';
  retryAfterMs: number | null;
  /** Of an answer that was one. */
  status?: number;
};
export type HttpAnswer =
  /** `hasNext`: its Link header tells of a further page. */
  | { type: 'document'; text: string; validators: Validators; hasNext?: true }
  | { type: 'unchanged' }
  | HttpFailure;
export type Redirect = { type: 'redirect'; to: string };

export type HttpReach = 'anywhere' | 'public';

export type HttpLimits = {
  /** For the whole of an answer. */
  timeoutMs: number;
  /** Of a body, when it is unpacked. */
  maxBytes: number;
};

/** Never throws, except when `signal` is aborted. */
export async function requestOnce(
  request: HttpRequest,
  {
    userAgent,
    reach,
    limits,
    now,
  }: { userAgent: string; reach: HttpReach; limits: HttpLimits; now: () => Date },
): Promise<HttpAnswer | Redirect> {
  const { host } = new URL(request.url);
  if (reach === 'public' && hasInsideHost(request.url))
    return fail(`${host} is a private address, which is not connected to`, 'later');
  const fetch = await loadFetch(reach);
  const timeout = AbortSignal.timeout(limits.timeoutMs);
  try {
    const response = await fetch(request.url, {
      redirect: 'manual',
      headers: headersOf(request, userAgent),
      signal: AbortSignal.any([request.signal, timeout]),
    });
    const answer = await readAnswer(response, { request, limits, now: now() });
    await response.body?.cancel().catch(() => {});
    return answer;
  } catch (error) {
    request.signal.throwIfAborted();
    if (timeout.aborted)
      return fail(`${host} did not finish its answer within ${limits.timeoutMs / 1000} s`, 'soon');
    return fail(describeNetworkError(host, error), 'soon');
  }
}

function headersOf({ accept, previous }: HttpRequest, userAgent: string): Record<string, string> {
  return {
    'user-agent': userAgent,
    accept: accept.join(', '),
    ...(previous?.etag ? { 'if-none-match': previous.etag } : {}),
    ...(previous?.lastModified ? { 'if-modified-since': previous.lastModified } : {}),
  };
}

async function readAnswer(
  response: Response,
  { request, limits, now }: { request: HttpRequest; limits: HttpLimits; now: Date },
): Promise<HttpAnswer | Redirect> {
  const { host } = new URL(request.url);
  const { status, headers } = response;
  const location = headers.get('location');
  if ([301, 302, 303, 307, 308].includes(status) && location !== null)
    return { type: 'redirect', to: location };
  if (status === 304 && request.previous !== null) return { type: 'unchanged' };
  if (status !== 200) {
    const detail = await readErrorDetail(response);
    return {
      ...fail(`${host} answered ${status}${detail === null ? '' : `: ${detail}`}`, retryOf(status)),
      retryAfterMs: readRetryAfter(headers.get('retry-after'), now),
      status,
    };
  }
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? 'no content type';
  if (!request.accept.includes(type)) {
    return fail(`${host} sent ${type.slice(0, 60)} where ${request.accept[0]} was expected`, 'later');
  }
  const body = await readBody(response, limits.maxBytes);
  if (body.type === 'too large') {
    return fail(`${host} sent more than ${formatSize(limits.maxBytes)}: that is no day's listing`, 'later');
  }
  if (body.type === 'not utf-8') return fail(`${host} sent text that is not UTF-8`, 'later');
  return {
    type: 'document',
    text: body.text,
    validators: { url: request.url, etag: headers.get('etag'), lastModified: headers.get('last-modified') },
    ...(/;\s*rel="?next"?/i.test(headers.get('link') ?? '') ? { hasNext: true } : {}),
  };
}

/** What the server blames the request for stays wrong; all else may pass. */
function retryOf(status: number): HttpFailure['retry'] {
  if (status === 400 || status === 422) return 'never';
  return status >= 500 || [408, 425, 429].includes(status) ? 'soon' : 'later';
}

/** The message in an error's JSON; an error page in HTML says nothing that would help. */
async function readErrorDetail(response: Response): Promise<string | null> {
  const body = await readBody(response, 4096);
  if (body.type !== 'text') return null;
  const [, message] = /"(?:error|message|detail)"\s*:\s*"([^"\\]{1,200})/.exec(body.text) ?? [];
  return message?.replace(/\p{Cc}+/gu, ' ') ?? null;
}

function fail(reason: string, retry: HttpFailure['retry']): HttpFailure {
  return { type: 'failed', reason, retry, retryAfterMs: null };
}

function formatSize(bytes: number): string {
  return bytes >= 1024 * 1024 ? `${Math.floor(bytes / 1024 / 1024)} MiB` : `${bytes} bytes`;
}

function describeNetworkError(host: string, error: unknown): string {
  const { message, cause } = error as Error & { cause?: { code?: string; message?: string } };
  const detail = cause?.code ?? cause?.message ?? message;
  if (message === 'fetch failed') return `${host} cannot be reached (${detail})`;
  return `${host} broke off in the middle of its answer (${detail})`;
}

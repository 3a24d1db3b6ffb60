// What is the same for everybody is made once, by whoever asks first, and served from memory for a few seconds, as it leaves:
// compressed. A page that a thousand people open costs what one costs.
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Request, RequestHandler, Response } from 'express';
import { LRUCache } from 'lru-cache';
import { BusyError } from '../../../platform/errors.ts';
import { askForAll } from '../../../platform/postgres/shared-pool.ts';
import { chooseLanguage, findAskedLanguage } from '../choose-language.ts';
import { isPublic } from './compress.ts';
import { etagOf, sendConditionally } from './send-conditionally.ts';

type Encoding = 'br' | 'gzip' | 'identity';

type SharedPage = {
  madeAt: number;
  /** All that its maker set and a repeated answer needs. */
  headers: Record<string, string>;
  etag: string;
  text: string;
  /** Made when the first visitor wants them so. */
  encoded: Map<Encoding, Promise<Buffer>>;
};

/** In characters, three times as much with its compressed forms. */
const mostKept = 20_000_000;
const keptHeaders = [
  'content-type',
  'content-language',
  'vary',
  'cache-control',
  'last-modified',
  'access-control-allow-origin',
  'cross-origin-resource-policy',
];
/** What an address may ask for and still be many people's; everything else is made for its one visitor. */
const sharedQuery = new Set(['lang', 'page', 'before', 'q', 'date']);

export type SharedPages = {
  /** For GET routes whose answer depends on the address and the language alone. */
  share: RequestHandler;
  /** Whether it is there, or made for somebody else at the moment. */
  isAtHand: (request: Request) => boolean;
};

/** An older page is better than none, and than one that waits for room: but not one that is so many times as old. */
const oldest = 20;

/** `keptMs` 0: nothing is shared. `isPressed`: whether there is too little room to make pages anew as soon as usual. */
export function createSharedPages({
  keptMs,
  isPressed = () => false,
}: {
  keptMs: number;
  isPressed?: () => boolean;
}): SharedPages {
  if (keptMs === 0) return { share: (_request, _response, next) => next(), isAtHand: () => false };
  const pages = new LRUCache<string, SharedPage>({
    maxSize: mostKept,
    sizeCalculation: ({ text }) => text.length,
    ttl: keptMs * oldest,
  });
  const underWay = new Map<string, Promise<Made>>();

  function find(key: string): SharedPage | undefined {
    const page = pages.get(key);
    if (page === undefined) return undefined;
    const isFresh = performance.now() - page.madeAt < keptMs;
    return isFresh || underWay.has(key) || isPressed() ? page : undefined;
  }

  const share: RequestHandler = async (request, response, next) => {
    const key = keyOf(request);
    if (key === null) return next();
    const page = find(key) ?? (await underWay.get(key));
    // They would all make it at once.
    if (page === 'busy') return next(new BusyError('who made the page for others found no room'));
    if (page !== undefined && page !== null) return sendShared(page, response);
    const made = watchMaking(response);
    underWay.set(key, made);
    void made.then((result) => {
      if (result !== null && result !== 'busy') pages.set(key, result);
      if (underWay.get(key) === made) underWay.delete(key);
    });
    // Others wait for it as well.
    askForAll(() => next());
  };
  return {
    share,
    isAtHand(request) {
      const key = request.method === 'GET' || request.method === 'HEAD' ? keyOf(request) : null;
      return key !== null && (underWay.has(key) || find(key) !== undefined);
    },
  };
}

/** Null: an error, or what is private. */
type Made = SharedPage | 'busy' | null;

/** Null for what is one visitor's own. */
function keyOf(request: Request): string | null {
  const asked = Object.entries(request.query);
  const isShared = asked.every(([name, value]) => sharedQuery.has(name) && typeof value === 'string');
  // A language that we do not have would be a page of its own for each of its spellings.
  const isKnown = request.query.lang === undefined || findAskedLanguage(request) !== null;
  if (!isShared || !isKnown) return null;
  return `${chooseLanguage(request)} ${request.originalUrl}`;
}

/** What the handlers behind this one answer. */
function watchMaking(response: Response): Promise<Made> {
  return new Promise((resolve) => {
    const send = response.send.bind(response);
    // However it was answered: nobody waits for ever.
    response.once('finish', () => resolve(null));
    response.send = (body) => {
      response.send = send;
      if (response.statusCode === 503) resolve('busy');
      if (response.statusCode !== 200 || typeof body !== 'string' || !isPublic(response)) {
        resolve(null);
        return send(body);
      }
      if (response.get('Content-Type') === undefined) response.type('html');
      const headers = keptHeaders.flatMap((name) => {
        const value = response.get(name);
        return value === undefined ? [] : [[name, value]];
      });
      const etag = response.get('ETag') ?? etagOf(body);
      const page = {
        madeAt: performance.now(),
        headers: Object.fromEntries(headers),
        etag,
        text: body,
        encoded: new Map(),
      };
      resolve(page);
      void sendShared(page, response);
      return response;
    };
  });
}

async function sendShared(page: SharedPage, response: Response): Promise<void> {
  const { req: request } = response;
  const encoding = (request.acceptsEncodings('br', 'gzip', 'identity') || 'identity') as Encoding;
  const body = await encode(page, encoding);
  response.set(page.headers).vary('Accept-Encoding');
  if (encoding !== 'identity') response.set('Content-Encoding', encoding);
  sendConditionally(request, response, { body, etag: page.etag });
}

function encode({ text, encoded }: SharedPage, encoding: Encoding): Promise<Buffer> {
  const made = encoded.get(encoding) ?? encoders[encoding](Buffer.from(text));
  encoded.set(encoding, made);
  return made;
}

const brotli = promisify(brotliCompress);
const encoders: Record<Encoding, (body: Buffer) => Promise<Buffer>> = {
  br: (body) =>
    brotli(body, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: body.length },
    }),
  gzip: promisify<Buffer, Buffer>(gzip),
  identity: async (body) => body,
};

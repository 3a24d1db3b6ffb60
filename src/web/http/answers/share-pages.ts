// What is the same for everybody is made once, by whoever asks first, and served from memory for a few seconds, as it leaves:
// compressed. While it is asked for it is made anew behind its visitors' backs: a page that a thousand people open costs what
// one costs, and hardly anybody waits for it.
import { ServerResponse } from 'node:http';
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

/** For a GET route whose answer depends on the address and the language alone: `make` is its handler. */
export type Share = <Params>(make: RequestHandler<Params>) => RequestHandler<Params>;

export type SharedPages = {
  share: Share;
  /** Whether it is there, or made for somebody else at the moment. */
  isAtHand: (request: Request) => boolean;
};

/** An older page is better than none, and than one that waits for room: but not one that is so many times as old. */
const oldest = 20;
/** One that is no older than so many times is shown once more to whoever asks, and made anew meanwhile. */
const shownOnce = 3;
/** So many are made anew at once behind their visitors' backs. */
const mostBehind = 4;

/** `keptMs` 0: nothing is shared. `isPressed`: whether there is too little room to make pages anew as soon as usual. */
export function createSharedPages({
  keptMs,
  isPressed = () => false,
}: {
  keptMs: number;
  isPressed?: () => boolean;
}): SharedPages {
  if (keptMs === 0) return { share: (make) => make, isAtHand: () => false };
  const pages = new LRUCache<string, SharedPage>({
    maxSize: mostKept,
    sizeCalculation: ({ text }) => text.length,
    ttl: keptMs * oldest,
  });
  const underWay = new Map<string, Promise<Made>>();
  let behind = 0;

  /** `isDue`: it is to be made anew. */
  function find(key: string): { page: SharedPage; isDue: boolean } | undefined {
    const page = pages.get(key);
    if (page === undefined) return undefined;
    const age = performance.now() - page.madeAt;
    if (age < keptMs || underWay.has(key) || isPressed()) return { page, isDue: false };
    return age < shownOnce * keptMs && behind < mostBehind ? { page, isDue: true } : undefined;
  }

  function note(key: string, made: Promise<Made>): void {
    underWay.set(key, made);
    void made.then((result) => {
      if (result !== null && result !== 'busy') pages.set(key, result);
      if (underWay.get(key) === made) underWay.delete(key);
    });
  }

  const share: Share = (make) => async (request, response, next) => {
    const key = keyOf(request as Request);
    if (key === null) return make(request, response, next);
    const known = find(key);
    if (known?.isDue) {
      behind += 1;
      const made = makeBehind(make, request, response);
      void made.then(() => {
        behind -= 1;
      });
      note(key, made);
    }
    const page = known?.page ?? (await underWay.get(key));
    // They would all make it at once.
    if (page === 'busy') return next(new BusyError('who made the page for others found no room'));
    if (page !== undefined && page !== null) return sendShared(page, response);
    note(
      key,
      watchMaking(response, (shared) => sendShared(shared, response)),
    );
    // Others wait for it as well.
    return askForAll(() => make(request, response, next));
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

/** For nobody: what is wrong with it is found by whoever asks for it next. */
function makeBehind<Params>(
  make: RequestHandler<Params>,
  request: Request<Params>,
  answered: Response,
): Promise<Made> {
  const response: Response = Object.setPrototypeOf(
    new ServerResponse(request),
    Object.getPrototypeOf(answered),
  );
  response.req = request as Request;
  const made = watchMaking(response, () => {});
  // Whatever else it does instead of sending a page, it sends none.
  const giveUp = () => response.emit('finish');
  response.end = () => {
    giveUp();
    return response;
  };
  const makeIt = async () => make(request, response, giveUp);
  askForAll(makeIt).then(giveUp, giveUp);
  return made;
}

/** What a handler answers; `deliver` sends it on its way. */
function watchMaking(response: Response, deliver: (page: SharedPage) => unknown): Promise<Made> {
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
      void deliver(page);
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

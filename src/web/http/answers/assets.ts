// Style sheet, script and icon: read once, compressed once each is asked for, and named by their content so that they may be kept forever.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { RequestHandler } from 'express';
import type { Brand, BrandFile } from '../../../brand/brand.ts';
import { writeColourRules } from '../../../brand/palette.ts';
import { packageFolder } from '../../../config/config.ts';
import { once } from '../../../platform/once.ts';

type Asset = {
  type: string;
  headers: Record<string, string>;
  bodies: Record<'br' | 'gzip' | 'identity', () => Buffer>;
};

export type Assets = {
  /** `styles.css` gives `styles.3f2a9c1b7d.css`. Throws when there is no such file. */
  nameOf(file: string): string;
  /** What is served, by the name it is served under. */
  list(): [name: string, body: Buffer][];
  /** Serves `:file`, as `nameOf` names it. */
  serve: RequestHandler<{ file: string }>;
};

/** The smallest first. */
const encodings = ['br', 'gzip'] as const;

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.png': 'image/png',
};

const forever = { 'Cache-Control': 'public, max-age=31536000, immutable' };
const forADay = { 'Cache-Control': 'public, max-age=86400' };
/** A file of the operator's that is opened by itself may draw, and nothing else. */
const onlyDrawn = { 'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox" };

/** What the brand has takes the place of ours, or stands beside it: `logo`, and `mail-logo.png` under that very name. */
export function readAssets(
  brand: Brand | null = null,
  folder = join(packageFolder, 'templates/assets'),
): Assets {
  const names = new Map<string, string>();
  const assets = new Map<string, Asset>();
  const add = (name: string, body: Buffer, headers: Record<string, string>) => {
    const type = types[extname(name)];
    if (type === undefined) return false;
    const bodies = {
      br: once(() => brotliCompressSync(body)),
      gzip: once(() => gzipSync(body)),
      identity: () => body,
    };
    assets.set(name, { type, headers, bodies });
    return true;
  };
  const addHashed = (file: string, body: Buffer, headers: Record<string, string> = {}) => {
    const extension = extname(file);
    const hash = createHash('sha256').update(body).digest('hex').slice(0, 10);
    const name = `${file.slice(0, -extension.length)}.${hash}${extension}`;
    if (add(name, body, { ...forever, ...headers })) names.set(file, name);
  };
  for (const file of readdirSync(folder)) {
    const body = readFileSync(join(folder, file));
    if (file !== 'styles.css' || brand === null) addHashed(file, body);
    else addHashed(file, Buffer.concat([body, Buffer.from(`\n${writeColourRules(brand.colours)}\n`)]));
  }
  const own: [string, BrandFile | null | undefined][] = [
    ['icon', brand?.icon],
    ['logo', brand?.logo],
  ];
  for (const [name, given] of own)
    if (given) addHashed(`${name}${extname(given.file)}`, Buffer.from(given.body), onlyDrawn);
  // Mails are read for years, and name it in full.
  if (brand?.mailLogo) add('mail-logo.png', Buffer.from(brand.mailLogo.body), { ...forADay, ...onlyDrawn });

  return {
    nameOf(file) {
      const name = names.get(file);
      if (name === undefined) throw new Error(`There is no asset ${file} in ${folder}`);
      return name;
    },

    list: () => [...assets].map(([name, { bodies }]) => [name, bodies.identity()]),

    serve(request, response, next) {
      const asset = assets.get(request.params.file);
      if (asset === undefined) return next();
      // Browsers name gzip first and mean no order by it.
      const encoding = encodings.find((one) => request.acceptsEncodings(one) === one) ?? 'identity';
      const body = asset.bodies[encoding]();
      if (encoding !== 'identity') response.set('Content-Encoding', encoding);
      response
        .set({ ...asset.headers, Vary: 'Accept-Encoding' })
        .type(asset.type)
        .send(body);
    },
  };
}

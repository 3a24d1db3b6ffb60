// Style sheet, script and icon: read once, compressed once, and named by their content so that they may be kept forever.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { RequestHandler } from 'express';
import { packageFolder } from '../../config/config.ts';

type Asset = { type: string; bodies: Record<'br' | 'gzip' | 'identity', Buffer> };

export type Assets = {
  /** `styles.css` gives `styles.3f2a9c1b7d.css`. Throws when there is no such file. */
  nameOf(file: string): string;
  /** Serves `:file`, as `nameOf` names it. */
  serve: RequestHandler<{ file: string }>;
};

/** The smallest first. */
const encodings = ['br', 'gzip'] as const;

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
};

export function readAssets(folder = join(packageFolder, 'templates/assets')): Assets {
  const names = new Map<string, string>();
  const assets = new Map<string, Asset>();
  for (const file of readdirSync(folder)) {
    const extension = extname(file);
    const type = types[extension];
    if (type === undefined) continue;
    const body = readFileSync(join(folder, file));
    const hash = createHash('sha256').update(body).digest('hex').slice(0, 10);
    const name = `${file.slice(0, -extension.length)}.${hash}${extension}`;
    names.set(file, name);
    assets.set(name, {
      type,
      bodies: { br: brotliCompressSync(body), gzip: gzipSync(body), identity: body },
    });
  }

  return {
    nameOf(file) {
      const name = names.get(file);
      if (name === undefined) throw new Error(`There is no asset ${file} in ${folder}`);
      return name;
    },

    serve(request, response, next) {
      const asset = assets.get(request.params.file);
      if (asset === undefined) return next();
      // Browsers name gzip first and mean no order by it.
      const encoding = encodings.find((one) => request.acceptsEncodings(one) === one) ?? 'identity';
      const body = asset.bodies[encoding];
      if (encoding !== 'identity') response.set('Content-Encoding', encoding);
      response
        .set({ 'Cache-Control': 'public, max-age=31536000, immutable', Vary: 'Accept-Encoding' })
        .type(asset.type)
        .send(body);
    },
  };
}

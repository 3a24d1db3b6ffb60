// Every address of the application, read from its routers: what is added to it is found without being named in a test.
import type { Express } from 'express';

/** `path` as Express has it, such as `/digest/:token{/:edition}`; `methods` in capitals, or `_ALL`. */
export type Route = { path: string; methods: string[] };

type Layer = {
  route?: { path: string | string[]; stack: { method?: string }[] };
  handle: unknown;
  match(path: string): { path: string } | false;
};

/** Where routers are mounted. A router elsewhere is an error, so that no address goes unseen. */
const mounts = ['/api', '/admin', '/feeds', '/hooks', ''];

export function listRoutes(app: Express): Route[] {
  return listIn(app.router as unknown as { stack: Layer[] }, '');
}

function listIn({ stack }: { stack: Layer[] }, prefix: string): Route[] {
  return stack.flatMap((layer) => {
    if (layer.route !== undefined) {
      const methods = layer.route.stack.map(({ method }) => method?.toUpperCase() ?? '_ALL');
      return [layer.route.path].flat().map((path) => ({ path: prefix + path, methods }));
    }
    const router = layer.handle as { stack?: Layer[] };
    if (router.stack === undefined) return [];
    const mount = mounts.find((one) => {
      const match = layer.match(`${one}/x`);
      return match !== false && match.path === one;
    });
    if (mount === undefined) throw new Error(`A router is mounted neither at ${mounts.join(' nor at ')}`);
    return listIn({ stack: router.stack }, prefix + mount);
  });
}

/** Every way to fill in the blanks of `path`, with and without its optional parts. */
export function fillIn(path: string, values: Readonly<Record<string, readonly string[]>>): string[] {
  const optional = /\{([^}]*)\}/.exec(path);
  if (optional !== null) {
    const [whole, part = ''] = optional;
    return [...fillIn(path.replace(whole, ''), values), ...fillIn(path.replace(whole, part), values)];
  }
  const [blank, name = ''] = /:(\w+)/.exec(path) ?? [];
  if (blank === undefined) return [path];
  const known = values[name];
  if (known === undefined) throw new Error(`No values are known for ${blank} of ${path}`);
  return known.flatMap((value) => fillIn(path.replace(blank, value), values));
}

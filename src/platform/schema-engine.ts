// Prisma's schema engine as WebAssembly: the usual one is a binary that its CLI downloads, and npm is all we may need.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { DiffTarget, SchemaEngine } from '@prisma/schema-engine-wasm';
import pg from 'pg';

/** Prisma's word for "everything". */
export const NO_FILTERS = { externalTables: [], externalEnums: [] };

/**
 * Lends an engine to `use`. All it does goes through `client`, so a transaction or a lock held there covers it.
 * `schema` is the text of schema.prisma; `runScript` gets each migration's SQL as a whole.
 */
export async function withSchemaEngine<T>(
  input: { client: pg.Client; schema: string; runScript: (sql: string) => Promise<void> },
  use: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  const { SchemaEngine } = await loadEngine();
  const adapter = bindMigrationAwareSqlAdapterFactory(new SchemaAdapter(input));
  const engine = await SchemaEngine.new({ datamodels: [['schema.prisma', input.schema]] }, () => {}, adapter);
  try {
    return await use(engine);
  } finally {
    engine.free();
  }
}

class SchemaAdapter extends PrismaPg {
  readonly #runScript: (sql: string) => Promise<void>;

  constructor(input: { client: pg.Client; runScript: (sql: string) => Promise<void> }) {
    // A pool is what the adapter wants. A real one throws a connection away, lock and all, when a query fails on it.
    super(Object.assign(new pg.Pool(), { query: input.client.query.bind(input.client) }));
    this.#runScript = input.runScript;
  }

  // The adapter's own executeScript cuts a script at every semicolon, those in comments, texts and functions included.
  override async connect() {
    return Object.assign(await super.connect(), { executeScript: this.#runScript });
  }
}

// What the type definitions of Node 20 leave out.
declare global {
  namespace WebAssembly {
    function instantiate(
      program: Uint8Array,
      imports: object,
    ): Promise<{ instance: { exports: Record<string, unknown> } }>;
  }
}

type Engine = typeof import('@prisma/schema-engine-wasm/schema_engine_bg');

// Once per process: the package keeps the loaded program in a variable of its own.
let loading: Promise<Engine> | null = null;

function loadEngine(): Promise<Engine> {
  loading ??= instantiateEngine();
  return loading;
}

async function instantiateEngine(): Promise<Engine> {
  const glue = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const program = await readFile(join(dirname(entry), 'schema_engine_bg.wasm'));
  // The engine reports a bug of its own through this global, right before it dies.
  Object.assign(globalThis, {
    PRISMA_WASM_PANIC_REGISTRY: {
      set_message: (message: string) => {
        throw new Error(`Prisma's schema engine broke: ${message}`);
      },
    },
  });
  const { instance } = await WebAssembly.instantiate(program, { './schema_engine_bg.js': importsOf(glue) });
  glue.__wbg_set_wasm(instance.exports);
  const start = instance.exports.__wbindgen_start;
  if (typeof start === 'function') start();
  return glue;
}

/** The engine leaves timers of many seconds behind: none of them is to keep a process from ending. */
function importsOf(glue: Engine): object {
  const timers = Object.entries(glue).filter(([name]) => name.startsWith('__wbg_setTimeout_'));
  const unreferenced = timers.map(([name, set]) => [
    name,
    (...given: unknown[]) => {
      const timer: unknown = Reflect.apply(set, undefined, given);
      if (timer instanceof Object && 'unref' in timer && typeof timer.unref === 'function') timer.unref();
      return timer;
    },
  ]);
  return { ...glue, ...Object.fromEntries(unreferenced) };
}

/** The SQL that leads from one schema (the text of a schema.prisma; null: an empty database) to another; '' if they are equal. */
export async function diffSchemas(input: {
  client: pg.Client;
  from: string | null;
  to: string;
}): Promise<string> {
  const asFiles = (content: string) => ({ files: [{ path: 'schema.prisma', content }] });
  const from: DiffTarget =
    input.from === null ? { tag: 'empty' } : { tag: 'schemaDatamodel', ...asFiles(input.from) };
  const to: DiffTarget = { tag: 'schemaDatamodel', ...asFiles(input.to) };
  const runScript = () => Promise.reject(new Error('a comparison runs no script'));
  const diff = await withSchemaEngine({ client: input.client, schema: input.to, runScript }, (engine) =>
    engine.diff({ from, to, script: true, exitCode: true, filters: NO_FILTERS }),
  );
  return diff.exitCode === 0 ? '' : (diff.stdout ?? '');
}

// Prisma's schema engine as WebAssembly, for development only: it compares two schemas, and tells in tests that the
// database is as Prisma expects it. The usual engine is a binary that its CLI downloads, and npm is all we may need.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { DiffTarget, SchemaEngine } from '@prisma/schema-engine-wasm';
import pg from 'pg';

/** Prisma's word for "everything". */
export const noFilters = { externalTables: [], externalEnums: [] };

/** Lends an engine to `use`. All it does goes through `client`; `schema` is the text of schema.prisma. */
export async function withSchemaEngine<T>(
  input: { client: pg.Client; schema: string },
  use: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  const { SchemaEngine } = await loadEngine();
  const adapter = bindMigrationAwareSqlAdapterFactory(new SchemaAdapter(input.client));
  const engine = await SchemaEngine.new({ datamodels: [['schema.prisma', input.schema]] }, () => {}, adapter);
  try {
    return await use(engine);
  } finally {
    engine.free();
  }
}

class SchemaAdapter extends PrismaPg {
  readonly #client: pg.Client;

  constructor(client: pg.Client) {
    // A pool is what the adapter wants.
    super(Object.assign(new pg.Pool(), { query: client.query.bind(client) }));
    this.#client = client;
  }

  // The adapter's own executeScript cuts a script at every semicolon, those in comments, texts and functions included.
  override async connect() {
    const executeScript = async (sql: string) => {
      await this.#client.query(sql);
    };
    return Object.assign(await super.connect(), { executeScript });
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
  const { instance } = await WebAssembly.instantiate(program, { './schema_engine_bg.js': { ...glue } });
  glue.__wbg_set_wasm(instance.exports);
  const start = instance.exports.__wbindgen_start;
  if (typeof start === 'function') start();
  return glue;
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
  const diff = await withSchemaEngine({ client: input.client, schema: input.to }, (engine) =>
    engine.diff({ from, to, script: true, exitCode: true, filters: noFilters }),
  );
  return diff.exitCode === 0 ? '' : (diff.stdout ?? '');
}

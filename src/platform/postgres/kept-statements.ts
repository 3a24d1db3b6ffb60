// Which statements PostgreSQL keeps for a connection, read and planned: to plan one takes it as long as to carry it out.
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import pg from 'pg';

/** Each costs every connection that asks it some 40 KB of PostgreSQL's memory, until the connection ends. */
const mostKept = 200;
/** Lists of values have a text for each length, and are seldom asked again. */
const longestText = 8192;
const askedOften = 3;
const textsInMind = 1000;

/** What pg takes for a statement that is not to be kept. */
const unnamed = '';

/** Of one pool of connections, each of which is looked at once, before anybody asks it anything. */
export class KeptStatements {
  readonly #asked = new LRUCache<string, number>({ max: textsInMind });
  readonly #names = new Map<string, string>();
  /** A pooler may give each transaction another session of the server's, where a name is unknown or somebody else's. */
  #mayBePooled = false;
  #isForgetful = false;
  #generation = 1;

  async look(client: pg.ClientBase): Promise<void> {
    if (client instanceof pg.Client) client.connection.on('errorMessage', (error) => this.#learnFrom(error));
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    // What pg was told for cancelling, which its types leave out. A pooler says a number of its own.
    if (rows[0]?.pid !== Reflect.get(client, 'processID')) this.#mayBePooled = true;
  }

  /**
   * For a statement of Prisma's, which is not asked once more: unless it is worth it, and certain that it will be known, it has no name.
   * BEGIN and its like, without values, are not worth it.
   */
  nameIfOften({ sql: text, args }: { sql: string; args: readonly unknown[] }): string {
    if (args.length === 0 || this.#mayBePooled || this.#isForgetful) return unnamed;
    const name = this.#names.get(text);
    if (name !== undefined) return name;
    if (this.#names.size >= mostKept || text.length > longestText) return unnamed;
    const times = (this.#asked.get(text) ?? 0) + 1;
    this.#asked.set(text, times);
    if (times < askedOften) return unnamed;
    this.#asked.delete(text);
    const given = this.#nameOf(text);
    this.#names.set(text, given);
    return given;
  }

  /** For a statement that is asked all the time, and once more where its name changes for its failing. */
  nameAtOnce(text: string): string {
    return this.#isForgetful ? unnamed : this.#nameOf(text);
  }

  /** Whoever has prepared one of that name meant the same. */
  #nameOf(text: string): string {
    const digest = createHash('sha256').update(text).digest('hex').slice(0, 24);
    return `paperround_${this.#generation}_${digest}`;
  }

  #learnFrom(error: unknown): void {
    if (isForgotten(error)) this.#isForgetful = true;
    // It would be refused for as long as its connection lasts: another takes its place.
    if (isOutdated(error)) {
      this.#generation += 1;
      this.#names.clear();
    }
  }
}

/** Refused for its name, before any of it was carried out. */
export function isNotKept(error: unknown): boolean {
  return isForgotten(error) || isOutdated(error);
}

/** PostgreSQL's for what another session has prepared, and for what this one has prepared for somebody else. */
const forgottenCodes: ReadonlySet<unknown> = new Set(['26000', '42P05']);

function isForgotten(error: unknown): boolean {
  return error instanceof pg.DatabaseError && forgottenCodes.has(error.code);
}

/** Since it was prepared, a column that it reads has got another type. */
function isOutdated(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.routine === 'RevalidateCachedQuery';
}

// A small share of the database's connections for many who ask at once. Who waits too long for one goes without, at once
// and for good; who is gone meanwhile is passed over. So a crowd costs the database no more than its share, and leaves no
// statements behind.
import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import { BusyError } from '../errors.ts';
import { WatchedClient } from './pg.ts';

/** Of whoever asks. */
export type Patience = {
  /** How long they wait for a connection. */
  waitMs: number;
  /** Before all that are not in such a hurry. */
  goesFirst: boolean;
  /** Aborted once nobody waits for the answer: nothing more is asked then. */
  gone: AbortSignal | null;
};

const usual: Patience = { waitMs: 2000, goesFirst: false, gone: null };
const whose = new AsyncLocalStorage<Patience>();

/** Whatever `work` asks of a shared pool, now or later, it asks with this patience. */
export function askWith<Result>(patience: Partial<Patience>, work: () => Result): Result {
  return whose.run({ ...usual, ...whose.getStore(), ...patience }, work);
}

/** For work that others wait for as well: it goes on when the one who began it is gone. */
export function askForAll<Result>(work: () => Result): Result {
  // Node follows every promise from the first patience on, for good. A process that only sends has none, and goes without.
  return whose.getStore() === undefined ? work() : askWith({ gone: null }, work);
}

/** To be called between pieces of long work. */
export function stopIfGone(): void {
  if (whose.getStore()?.gone?.aborted) throw new GoneError('nobody waits for the answer any more');
}

/** Thrown in the middle of work for someone who is gone. */
export class GoneError extends Error {
  override name = 'GoneError';
}

export function createSharedPool(settings: pg.PoolConfig & { max: number }): pg.Pool {
  return new SharedPool({ ...settings, Client: WatchedClient });
}

type Waiter = { enter: () => void; goesFirst: boolean; since: number };
type Lent = (error: Error | undefined, client?: pg.PoolClient, release?: (error?: Error) => void) => void;

/** pg's own pool, behind a queue that knows who waits. Its own queue stays empty. */
export class SharedPool extends pg.Pool {
  #free: number;
  readonly #waiting: Waiter[] = [];

  constructor(settings: pg.PoolConfig & { max: number }) {
    super(settings);
    this.#free = settings.max;
    this.on('release', () => this.#leave());
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Lent): void;
  override connect(callback?: Lent): Promise<pg.PoolClient> | undefined {
    const lent = this.#lend();
    if (callback === undefined) return lent;
    lent.then(
      (client) => callback(undefined, client, (error) => client.release(error)),
      (error) => callback(error),
    );
    return undefined;
  }

  async #lend(): Promise<pg.PoolClient> {
    stopIfGone();
    await this.#enter(whose.getStore() ?? usual);
    try {
      return await super.connect();
    } catch (error) {
      this.#leave();
      if (!isTimeout(error)) throw error;
      throw new BusyError('the database took too long to let us in', { cause: error });
    }
  }

  #enter({ waitMs, goesFirst, gone }: Patience): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        gone?.removeEventListener('abort', giveUp);
        settle();
      };
      const waiter: Waiter = { goesFirst, enter: () => end(resolve), since: performance.now() };
      const refuse = (error: Error) => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        end(() => reject(error));
      };
      const giveUp = () => refuse(new GoneError('gone while they waited for the database'));
      const timer = setTimeout(
        () => refuse(new BusyError(`no connection to the database was free for ${waitMs} ms`)),
        waitMs,
      );
      gone?.addEventListener('abort', giveUp);
      const place = goesFirst ? this.#waiting.findIndex((other) => !other.goesFirst) : -1;
      this.#waiting.splice(place === -1 ? this.#waiting.length : place, 0, waiter);
    });
  }

  /** The first in line. */
  readWaitMs(): number {
    const [first] = this.#waiting;
    return first === undefined ? 0 : performance.now() - first.since;
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next.enter();
  }
}

/** pg says it in words only, and in different ones. */
function isTimeout(error: unknown): boolean {
  return error instanceof Error && /\btimeout\b/.test(error.message);
}

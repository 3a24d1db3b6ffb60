// Connections to PostgreSQL that mean the same by a time whatever TimeZone and DateStyle the server, the database or the
// role has: Prisma's adapter sends times without an offset and drops that of answers, and a German DateStyle is not read
// at all.
import { Socket } from 'node:net';
import pg from 'pg';

/** As pg_stat_activity has our connections, unless DATABASE_URL names them otherwise. */
const programName = 'paperround';

/**
 * A client whose session is in UTC from its first byte on. Said in the start-up packet: it costs no round trip, goes
 * before what a role or a database is set to, and TimeZone and DateStyle are among the few parameters that PgBouncer takes
 * there, remembers, and gives to each server connection it lends, in transaction mode too.
 */
export class UtcClient extends pg.Client {
  constructor(settings?: string | pg.ClientConfig) {
    super(settings);
    this.query = oneAtATime(this.query);
  }

  // What pg sends when it connects; its own types leave it out.
  getStartupConf(): Record<string, string> {
    const inherited: unknown = Reflect.get(pg.Client.prototype, 'getStartupConf');
    if (typeof inherited !== 'function') throw new Error('this version of pg has no getStartupConf');
    return {
      application_name: programName,
      ...inherited.call(this),
      TimeZone: 'UTC',
      DateStyle: 'ISO, YMD',
    };
  }
}

/** Longer than any statement of ours takes, of which large ones come in steps. */
const longestSilenceMs = 30_000;
const connectMs = 10_000;

/**
 * For connections that are kept: one whose server owes an answer and says nothing is closed, and what was asked over it fails.
 * A host that was cut off, or gave its address to its standby, would else be waited for until TCP gives up, a quarter of an
 * hour later.
 */
export class WatchedClient extends UtcClient {
  constructor(settings: pg.ClientConfig & { silenceMs?: number } = {}) {
    super({
      connectionTimeoutMillis: connectMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: connectMs,
      ...settings,
    });
    watchSilence(this, settings.silenceMs ?? longestSilenceMs);
  }
}

const looksPerSilence = 6;

function watchSilence(client: pg.Client, silenceMs: number): void {
  let heard = { bytes: 0, at: performance.now() };
  const timer = setInterval(() => {
    const { stream } = client.connection;
    const [bytes, at] = [stream instanceof Socket ? stream.bytesRead : 0, performance.now()];
    if (owesNothing(client) || bytes !== heard.bytes) heard = { bytes, at };
    else if (at - heard.at > silenceMs)
      stream.destroy(new Error(`the database said nothing for ${Math.round((at - heard.at) / 1000)} s`));
  }, silenceMs / looksPerSilence);
  timer.unref();
  client.once('end', () => clearInterval(timer));
}

/** As pg notes for itself; its types leave it out. */
function owesNothing(client: pg.Client): boolean {
  return Reflect.get(client, 'readyForQuery') === true;
}

/**
 * Asks a connection for the next thing once it has answered the last: Prisma loads the relations of a row side by side, in
 * a transaction too, and pg 9 takes no second statement while one is under way. In the order in which they came, as pg had
 * them wait before. What is asked with a callback or a cursor, as a pool does with a connection that is free, goes through.
 */
function oneAtATime<Query extends (...given: never[]) => unknown>(query: Query): Query {
  let underWay: Promise<unknown> | null = null;
  return new Proxy(query, {
    apply(_, client, given: unknown[]) {
      const ask = () => Reflect.apply(query, client, given);
      const isAnsweredElsewhere = given.some((value) => typeof value === 'function') || isCursor(given[0]);
      if (isAnsweredElsewhere) return ask();
      const asked: Promise<unknown> = underWay === null ? ask() : underWay.then(ask);
      const answered = asked.then(
        () => {},
        () => {},
      );
      underWay = answered;
      answered.then(() => {
        if (underWay === answered) underWay = null;
      });
      return asked;
    },
  });
}

function isCursor(asked: unknown): boolean {
  return typeof asked === 'object' && asked !== null && 'submit' in asked;
}

/** Not connected yet. A lost connection shows in the next query. */
export function createPgClient(
  databaseUrl: string,
  settings: Pick<
    pg.ClientConfig,
    'options' | 'statement_timeout' | 'connectionTimeoutMillis' | 'query_timeout'
  > = {},
): pg.Client {
  const client = new UtcClient({ connectionString: databaseUrl, ...settings });
  // Without a listener a lost connection would end the process.
  client.on('error', () => {});
  return client;
}

/** PgBouncer's for a start-up parameter that it does not pass on. */
const protocolViolation = '08P01';

/** Whether a connection can have a time limit for its statements. A pooler in transaction mode takes none. */
export async function takesTimeLimit(databaseUrl: string): Promise<boolean> {
  const client = createPgClient(databaseUrl, { statement_timeout: 10_000 });
  try {
    await client.connect();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === protocolViolation) return false;
    throw error;
  } finally {
    await client.end();
  }
}

/** For messages. Never the whole URL: it holds the password. */
export function describeDatabase(databaseUrl: string): string {
  if (!URL.canParse(databaseUrl)) return 'in DATABASE_URL';
  const { pathname, host } = new URL(databaseUrl);
  return `"${pathname.slice(1)}" on ${host}`;
}

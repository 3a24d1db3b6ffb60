// Is there a queue: in Redis, or in PostgreSQL by a connection of its own.
import { Redis } from 'ioredis';
import { describeDatabase } from '../../platform/postgres/pg.ts';
import { examineQueueDatabase } from '../../platform/queue.ts';
import { connectForALook } from '../../platform/redis/redis.ts';
import { type RedisPlace, readRedisUrl } from '../../platform/redis/redis-url.ts';
import { findRemedyOf } from './database.ts';
import { describeError, fail, ok, type Told, warn } from './finding.ts';

export async function examineQueueInPostgres({
  databaseUrl,
  isShared,
  patienceMs,
}: {
  databaseUrl: string;
  /** With all else: what keeps everybody out is said of the database. */
  isShared: boolean;
  patienceMs: number;
}): Promise<Told[]> {
  const name = describeDatabase(databaseUrl);
  const remedy =
    'It needs a connection of its own, without a pooler in transaction mode: set QUEUE_DATABASE_URL to the server itself, or REDIS_URL';
  try {
    const { keepsSearchPath, isUpToDate, mayCreate } = await examineQueueDatabase(databaseUrl, {
      patienceMs,
    });
    if (!keepsSearchPath) return [fail(`the way to the database ${name} drops “search_path”`, remedy)];
    if (isUpToDate) return [ok(`in the database ${name}`)];
    return mayCreate
      ? [warn(`its tables are not in the database ${name} yet`, 'The next start makes them')]
      : [
          fail(
            `its tables cannot be made in the database ${name}`,
            'GRANT CREATE ON DATABASE … TO …, or set REDIS_URL',
          ),
        ];
  } catch (error) {
    const isOfAll = isShared && findRemedyOf(error) !== null;
    return [
      fail(
        `it cannot be in the database ${name}: ${describeError(error)}`,
        isOfAll ? 'See what is said of the database' : remedy,
      ),
    ];
  }
}

/** BullMQ's own lower bound, and what it is made for. */
const [oldestRedis, goodRedis] = [5, 6.2];

export async function examineRedis({ redisUrl, patienceMs }: RedisInput): Promise<Told[]> {
  const looked = await lookAtRedis({ redisUrl, patienceMs }, async (node, name) =>
    judgeRedis(name, readInfo(await node.info())),
  );
  return looked.type === 'told' ? looked.answers.flat() : [tellRedisTrouble(looked.name, looked.reason)];
}

type RedisInput = { redisUrl: string; patienceMs: number };

type Looked<Answer> = { type: 'told'; answers: Answer[] } | { type: 'failed'; name: string; reason: string };

/** Asks the server, or each primary of a cluster. */
export async function lookAtRedis<Answer>(
  { redisUrl, patienceMs }: RedisInput,
  ask: (node: Redis, name: string) => Promise<Answer>,
): Promise<Looked<Answer>> {
  const place = readRedisUrl(redisUrl);
  if (typeof place === 'string') return { type: 'failed', name: 'REDIS_URL', reason: place };
  const name = nameOf(place);
  const redis = connectForALook(place, patienceMs);
  // It says why; what a call rejects with only says that the connection is closed.
  let why: Error | null = null;
  redis.on('error', (error: Error) => {
    why ??= error;
  });
  try {
    await redis.connect();
    const answers =
      redis instanceof Redis
        ? [await ask(redis, name)]
        : await Promise.all(
            redis
              .nodes('master')
              .map((node) => ask(node, `${node.options.host}:${node.options.port} of the cluster`)),
          );
    return { type: 'told', answers };
  } catch (error) {
    return { type: 'failed', name, reason: describeError(why ?? error) };
  } finally {
    redis.disconnect();
  }
}

function nameOf(place: RedisPlace): string {
  if (place.type === 'single') return new URL(place.url).host;
  const nodes = place.nodes.map(({ host, port }) => `${host}:${port}`).join(', ');
  return place.type === 'cluster' ? nodes : `“${place.name}” of the Sentinels ${nodes}`;
}

function tellRedisTrouble(host: string, reason: string): Told {
  if (/WRONGPASS|NOAUTH|invalid password|without any password/i.test(reason))
    return fail(`Redis at ${host} does not let us in: ${reason}`, 'Correct user and password in REDIS_URL');
  if (/NOPERM/i.test(reason))
    return warn(
      `Redis at ${host} does not let us look: ${reason}`,
      'Let the user of REDIS_URL run INFO; whether the policy is noeviction cannot be told without',
    );
  return fail(`Redis at ${host} cannot be used: ${reason}`, 'Start it, and check REDIS_URL');
}

function readInfo(info: string): Map<string, string> {
  return new Map(
    info
      .split(/\r?\n/)
      .filter((line) => line.includes(':'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );
}

function judgeRedis(host: string, info: ReadonlyMap<string, string>): Told[] {
  const version = info.get('valkey_version') ?? info.get('redis_version') ?? '';
  const name = info.has('valkey_version') ? 'Valkey' : 'Redis';
  const number = Number.parseFloat(version);
  return [
    number >= goodRedis
      ? ok(`${name} ${version} at ${host}`)
      : number >= oldestRedis
        ? warn(`${name} ${version} at ${host} is old`, 'Take 6.2 or newer')
        : fail(`${name} ${version} at ${host} is too old for the queue`, 'Take 6.2 or newer'),
    judgeRole(info),
    judgePolicy(info),
    ...(info.get('loading') === '1'
      ? [warn('it is still loading what it keeps', 'Try again in a moment')]
      : []),
  ];
}

function judgeRole(info: ReadonlyMap<string, string>): Told {
  const role = info.get('role');
  if (role === 'master') return ok('it is the primary');
  return fail(
    `it is a ${role ?? 'server of unknown role'}, and takes no writes`,
    `Set REDIS_URL to the primary${info.has('master_host') ? `, ${info.get('master_host')}:${info.get('master_port')}` : ''}`,
  );
}

/** What is thrown out to make room may be a job, or the schedule. */
function judgePolicy(info: ReadonlyMap<string, string>): Told {
  const policy = info.get('maxmemory_policy');
  if (policy === 'noeviction') return ok('the eviction policy is noeviction');
  if (policy === undefined)
    return warn('it does not tell its eviction policy', 'Make sure that maxmemory-policy is noeviction');
  const what = `the eviction policy is ${policy}: a full Redis drops jobs and schedules`;
  const remedy = 'CONFIG SET maxmemory-policy noeviction, and the same in redis.conf';
  // Without a bound nothing is evicted.
  return info.get('maxmemory') === '0' ? warn(what, remedy) : fail(what, remedy);
}

// Redis for tests: each call gives an empty database number of its own on the run's server.
import { Redis } from 'ioredis';
import { askMadeOnce } from './made-once.ts';

export type TestRedis = {
  /** `redis://127.0.0.1:<port>/<number>` */
  redisUrl: string;
  /** Empties it; the number is not given out again. */
  drop: () => Promise<void>;
};

/** Only inside `describeWith('redis-server', ...)`. Keys are apart; pub/sub and FLUSHALL are not. */
export async function createTestRedis(): Promise<TestRedis> {
  const redis = await askMadeOnce('redis');
  if (redis === null) throw new Error("No Redis here: wrap the suite in describeWith('redis-server', ...)");
  const number = await withConnection(redis.url, (redis) => redis.incr('databases-given-out'));
  const redisUrl = `${redis.url}/${number}`;
  return {
    redisUrl,
    drop: async () => {
      await withConnection(redisUrl, (redis) => redis.flushdb());
    },
  };
}

async function withConnection<Answer>(url: string, use: (redis: Redis) => Promise<Answer>): Promise<Answer> {
  const redis = new Redis(url, { maxRetriesPerRequest: 1 });
  try {
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}

// Connections to Redis, so that a server that has become a replica, or answers no more, is left for the one that took its
// place.
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { RedisPlace } from './redis-url.ts';

/** In these words a server says that it is not, or not yet, the one to write to; scripts quote them in their own errors. */
const isElsewhere = /\b(?:READONLY|LOADING|MASTERDOWN|NOREPLICAS|UNBLOCKED)\b/;

/** No more often is a server left and looked for again: one that stays read-only would be asked as fast as it answers. */
const firstRetryMs = 1000;
const longestRetryMs = 5000;

type Use = {
  /** Null: for as long as it takes. */
  maxRetriesPerRequest: number | null;
  /** A server that is silent for longer while it owes an answer is gone, though its connection is not. */
  silenceMs: number;
};

/** Tries for ever to be connected. What goes wrong is told to the listeners of `error`. */
export function connectToRedis(place: RedisPlace, { maxRetriesPerRequest, silenceMs }: Use): Redis | Cluster {
  const retryStrategy = (times: number) => Math.min(firstRetryMs * times, longestRetryMs);
  return open(place, {
    maxRetriesPerRequest,
    socketTimeout: silenceMs,
    connectTimeout: silenceMs,
    retryStrategy,
    reconnectOnError: ({ message }: Error) => isElsewhere.test(message),
  });
}

/** Connected when it is told to, for a look: it gives up instead of waiting for better times. */
export function connectForALook(place: RedisPlace, patienceMs: number): Redis | Cluster {
  return open(place, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    connectTimeout: patienceMs,
    commandTimeout: patienceMs,
    // A server that says nothing says no goodbye either.
    disconnectTimeout: 100,
    retryStrategy: () => null,
    enableReadyCheck: false,
    disableClientInfo: true,
  });
}

type Settings = Required<Pick<RedisOptions, 'connectTimeout' | 'maxRetriesPerRequest'>> &
  Pick<
    RedisOptions,
    | 'lazyConnect'
    | 'commandTimeout'
    | 'disconnectTimeout'
    | 'socketTimeout'
    | 'enableReadyCheck'
    | 'disableClientInfo'
    | 'reconnectOnError'
  > & { retryStrategy: (times: number) => number | null };

function open(place: RedisPlace, options: Settings): Redis | Cluster {
  const { retryStrategy, connectTimeout } = options;
  if (place.type === 'single') return new Redis(place.url, options);
  const tls = place.tls ? { tls: {} } : {};
  if (place.type === 'cluster')
    return new Cluster(place.nodes, {
      clusterRetryStrategy: retryStrategy,
      slotsRefreshTimeout: connectTimeout,
      lazyConnect: options.lazyConnect ?? false,
      enableReadyCheck: options.enableReadyCheck ?? true,
      redisOptions: { ...options, ...place.login, ...tls },
    });
  const { nodes, name, db, login, nodeLogin } = place;
  return new Redis({
    ...options,
    ...login,
    ...tls,
    sentinels: nodes,
    name,
    db,
    enableTLSForSentinelMode: place.tls,
    sentinelRetryStrategy: retryStrategy,
    ...(nodeLogin.username === undefined ? {} : { sentinelUsername: nodeLogin.username }),
    ...(nodeLogin.password === undefined ? {} : { sentinelPassword: nodeLogin.password }),
  });
}

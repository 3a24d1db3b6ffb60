// The queue, as it is configured.
import type { Config } from '../config/config.ts';
import { ConfigError } from '../platform/errors.ts';
import type { Logger } from '../platform/logger.ts';
import { createQueue, type JobQueue, prepareQueueDatabase } from '../platform/queue.ts';
import { tellRarely } from './tell-rarely.ts';

const toldAgainMs = 60_000;

/** One that is away is warned of: mails leave without it. One that will never let us in ends the start. */
export async function openQueue({
  config,
  databaseUrl,
  log,
}: {
  config: Config;
  databaseUrl: string;
  log: Logger;
}): Promise<{
  queue: JobQueue;
  /** Tells of it, and not too often. */
  onError: (error: Error) => void;
}> {
  const onError = tellRarely((error) => log.warn({ err: error }, 'queue in trouble'), {
    everyMs: toldAgainMs,
    now: () => new Date(),
  });
  const queueDatabaseUrl = config.queueDatabaseUrl ?? databaseUrl;
  if (config.redisUrl === null) await prepareQueueDatabase(queueDatabaseUrl);
  let refuse: (reason: string) => void = () => {};
  const refused = new Promise<string>((resolve) => {
    refuse = resolve;
  });
  const queue = createQueue({
    redisUrl: config.redisUrl,
    databaseUrl: queueDatabaseUrl,
    onError(error) {
      if (neverGetsBetter.test(error.message)) refuse(error.message);
      onError(error);
    },
  });
  if (config.redisUrl === null) return { queue, onError };
  const checked = queue.check().then(
    () => null,
    (error: Error) => error.message,
  );
  const reason = await Promise.race([checked, refused]);
  if (reason === null) return { queue, onError };
  if (neverGetsBetter.test(reason)) {
    await queue.close();
    throw new ConfigError(`REDIS_URL leads to a server that does not take us: ${reason}`);
  }
  log.warn(
    { reason },
    'REDIS_URL: the queue does not answer. Mails leave by each worker’s own timer until it does',
  );
  return { queue, onError };
}

/** What Redis says to a wrong password, user, database, certificate or kind of server. */
const neverGetsBetter =
  /WRONGPASS|NOAUTH|NOPERM|without any password configured|invalid password|DB index is out of range|cluster support disabled|certificate/i;

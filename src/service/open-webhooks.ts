// Webhooks in a worker: what is due is looked for every few seconds, by each of them.

import type { Config } from '../config/config.ts';
import type { Logger } from '../platform/logger.ts';
import type { Db } from '../platform/postgres/db.ts';
import { createPost, type Post } from '../webhooks/post.ts';
import { sendDue } from '../webhooks/send.ts';
import type { Closer } from './closer.ts';
import { keepLooking } from './keep-looking.ts';
import { describeUs } from './open-sources.ts';

const everyMs = 5000;

export function openPost(
  config: Pick<Config, 'hookTargets' | 'baseUrl' | 'mailFrom'>,
  now: () => Date,
): Post {
  return createPost({ reach: config.hookTargets, userAgent: describeUs(config), now });
}

export function startWebhooks(
  { config, db, now, log }: { config: Config; db: Db; now: () => Date; log: Logger },
  closer: Closer,
): void {
  const post = openPost(config, now);
  keepLooking(
    {
      everyMs,
      look: (signal) => sendDue({ db, post, now, log }, signal),
      onFailure: (error) => log.error({ err: error }, 'webhooks not sent'),
    },
    closer,
  );
}

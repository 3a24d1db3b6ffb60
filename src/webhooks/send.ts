// Sends what is due. Any number of workers may: each message is claimed by one.

import type { Logger } from '../platform/logger.ts';
import type { Db } from '../platform/postgres/db.ts';
import { type ClaimedMessage, claimMessages, recordTry } from './messages.ts';
import type { Post, Posted } from './post.ts';

type Deps = { db: Db; post: Post; now: () => Date; log: Logger };

/** At a time. */
const perStep = 10;

/** Until nothing is due any more. */
export async function sendDue(deps: Deps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const claimed = await claimMessages(deps.db, { limit: perStep, now: deps.now() });
    if (claimed.length === 0) return;
    await Promise.all(claimed.map((message) => sendOne(deps, message)));
  }
}

/** This one now, if nobody has it in hand. */
export async function sendMessage(deps: Deps, id: bigint): Promise<Posted | null> {
  const [claimed] = await claimMessages(deps.db, { limit: 1, now: deps.now(), only: id });
  return claimed === undefined ? null : sendOne(deps, claimed);
}

async function sendOne({ db, post, now, log }: Deps, message: ClaimedMessage): Promise<Posted> {
  const posted = await post(message);
  const recorded = await recordTry(db, { message, posted, now: now() });
  const { endpointId } = message;
  const { host } = new URL(message.url);
  if (recorded.type === 'disabled')
    log.error({ endpointId, host, because: recorded.because }, 'a webhook is disabled');
  else if (posted.error !== null)
    log.warn({ endpointId, host, error: posted.error }, 'a webhook was not taken');
  return posted;
}

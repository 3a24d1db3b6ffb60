// A mail that came back, from its bytes to what follows from it. Whoever brings it (our receiver, an operator's mail
// server by a command) calls this, and may do so again: a replay changes nothing.

import type { BounceTokens } from '../platform/bounce-address.ts';
import type { TokenSigner } from '../platform/keys/tokens.ts';
import type { Logger } from '../platform/logger.ts';
import type { Db } from '../platform/postgres/db.ts';
import { type Clues, findClues } from './find-clues.ts';
import { openMessage } from './open-message.ts';
import { type IgnoredReason, readBounce } from './read-bounce.ts';
import { type Bounce, enterBounces, findDelivery } from './store.ts';

export type RecordBounceDeps = {
  db: Db;
  bounceTokens: BounceTokens;
  tokens: TokenSigner;
  now: () => Date;
  log: Logger;
};

export type BounceOutcome =
  | ({ type: 'recorded'; isNew: boolean; isSuppressed: boolean } & Bounce)
  | { type: 'ignored'; because: IgnoredReason | 'not about a mail of ours' };

/**
 * `deliveryId` is known where the address it came to has told it. Rejects only when the database does: then it is to be
 * brought again.
 */
export async function recordBounce(
  deps: RecordBounceDeps,
  { raw, deliveryId }: { raw: Buffer; deliveryId: bigint | null },
): Promise<BounceOutcome> {
  const outcome = await record(deps, { raw, deliveryId });
  // What the server said may hold the address: it is kept in the row, not in the log.
  if (outcome.type === 'ignored') deps.log.info({ because: outcome.because }, 'mail that came back ignored');
  else {
    const { type: _, diagnostic: __, deliveryId: id, ...facts } = outcome;
    deps.log.info({ deliveryId: String(id), ...facts }, 'mail came back');
  }
  return outcome;
}

async function record(
  deps: RecordBounceDeps,
  { raw, deliveryId }: { raw: Buffer; deliveryId: bigint | null },
): Promise<BounceOutcome> {
  const message = await openMessage(raw);
  if (message === null) return { type: 'ignored', because: 'unreadable' };
  const report = readBounce(message);
  if (report.kind === 'ignored') return { type: 'ignored', because: report.because };
  const id = deliveryId ?? (await identify(deps, findClues(message)));
  if (id === null) return { type: 'ignored', because: 'not about a mail of ours' };
  const bounce = { deliveryId: id, ...report };
  const [entered] = await enterBounces(deps.db, { bounces: [bounce], now: deps.now() });
  if (entered === undefined) return { type: 'ignored', because: 'not about a mail of ours' };
  return { type: 'recorded', ...bounce, ...entered };
}

/** Signed tokens first; a Message-ID counts with the reader's id in it, which cannot be guessed. */
export async function identify(
  { db, bounceTokens, tokens, now }: Omit<RecordBounceDeps, 'log'>,
  clues: Clues,
): Promise<bigint | null> {
  for (const token of clues.bounceTokens) {
    const verified = bounceTokens.verify(token, now());
    if (verified.type === 'valid') return verified.deliveryId;
  }
  for (const messageId of clues.messageIds) {
    const found = await findDelivery(db, messageId);
    if (found !== null) return found;
  }
  for (const token of clues.unsubscribeTokens) {
    const verified = tokens.verify({ purpose: 'unsubscribe', token, now: now() });
    const found = verified.type === 'valid' ? await findDelivery(db, verified) : null;
    if (found !== null) return found;
  }
  return null;
}

// A bounce or complaint that a mail provider tells by itself, judged as one that comes back as a mail. Told again, at any
// time, it is about the same delivery, and known.
import { dropInvisible } from '../text/clean-text.ts';
import { findClues } from './find-clues.ts';
import { judgeFailure } from './judge-failure.ts';
import type { BounceKind } from './read-bounce.ts';
import { type BounceOutcome, identify, type RecordBounceDeps } from './record-bounce.ts';
import { enterBounces, findLastDelivery } from './store.ts';

export type MailEvent = {
  type: 'bounce' | 'complaint';
  /** What the provider takes it for; counts where the server's own words say nothing. */
  claim: 'hard' | 'soft' | 'policy' | null;
  status: string | null;
  /** What the receiver's server said, as far as it is passed on. */
  words: string | null;
  recipient: string | null;
  /** Whatever may name a mail of ours: its Message-ID, its envelope sender, its headers. */
  clues: string;
  at: Date;
};

export async function recordEvent(deps: RecordBounceDeps, event: MailEvent): Promise<BounceOutcome> {
  const outcome = await record(deps, event);
  if (outcome.type === 'ignored')
    deps.log.info({ because: outcome.because }, 'event of the mail provider ignored');
  else {
    const { type: _, diagnostic: __, deliveryId: id, ...facts } = outcome;
    deps.log.info({ deliveryId: String(id), ...facts }, 'mail came back, as the mail provider tells');
  }
  return outcome;
}

async function record(deps: RecordBounceDeps, event: MailEvent): Promise<BounceOutcome> {
  const deliveryId = await findDelivery(deps, event);
  if (deliveryId === null) return { type: 'ignored', because: 'not about a mail of ours' };
  const bounce = { deliveryId, ...judge(event) };
  const [entered] = await enterBounces(deps.db, { bounces: [bounce], now: deps.now() });
  if (entered === undefined) return { type: 'ignored', because: 'not about a mail of ours' };
  return { type: 'recorded', ...bounce, ...entered };
}

/** Without a name of ours in it: the last mail to that address before it happened. */
async function findDelivery(deps: RecordBounceDeps, event: MailEvent): Promise<bigint | null> {
  const named = await identify(
    deps,
    findClues({ headers: new Map(), head: '', text: event.clues, parts: [] }),
  );
  if (named !== null || event.recipient === null) return named;
  return findLastDelivery(deps.db, { email: event.recipient, before: event.at });
}

function judge({ type, claim, status, words }: MailEvent): {
  kind: BounceKind;
  status: string | null;
  diagnostic: string | null;
} {
  const said = words === null ? null : dropInvisible(words);
  if (type === 'complaint')
    return { kind: 'complaint', status: null, diagnostic: said?.slice(0, 200) ?? 'abuse' };
  const { cause, ...failure } = judgeFailure({ status, words: said });
  const isClear = cause !== 'unclear' && cause !== 'in_trouble';
  if (claim === null || (isClear && !(failure.kind === 'hard' && claim === 'soft'))) return failure;
  return { ...failure, kind: claim };
}

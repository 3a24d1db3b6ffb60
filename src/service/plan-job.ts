// Every minute: what dead workers left, refusals, papers without topics, digests that are due; then wakes the senders. This
// is also the sweep that finds mail whose wake-up was lost.

import { judgeRefusals } from '../bounces/judge-refusals.ts';
import { planDigests } from '../ledger/plan.ts';
import { countDueDeliveries, expireLeases } from '../ledger/store.ts';
import type { Db } from '../platform/db.ts';
import type { Logger } from '../platform/logger.ts';
import { recoverRates } from '../smtp/sending-rate-store.ts';
import type { TopicAssigner } from '../topics/assign-topics.ts';

type Deps = {
  db: Db;
  topics: TopicAssigner;
  unknownPolicy: 'leave' | 'resend-once';
  wakeDelivery: () => Promise<void>;
  now: () => Date;
  log: Logger;
};

export async function plan({ db, topics, unknownPolicy, wakeDelivery, now, log }: Deps): Promise<void> {
  const { freed, unknown } = await expireLeases(db, { now: now(), unknownPolicy });
  await recoverRates(db, now());
  const refusals = await judgeRefusals({ db, now: now() });
  if (refusals.judged > 0) log.info(refusals, 'refusals judged');
  const assigned = await topics.assignTopics(db);
  const planned = await planDigests({ db, now: now() });
  const due = await countDueDeliveries(db, now());
  if (due > 0) await wakeDelivery();
  if (freed + unknown + assigned + planned + due > 0)
    log.info({ freed, unknown, assigned, planned, due }, 'planned');
}

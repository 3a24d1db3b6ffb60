// Every minute: what dead workers left, refusals, papers without topics, digests that are due; then wakes the senders. This
// is also the sweep that finds mail whose wake-up was lost.
import type { Db } from '../db.ts';
import { judgeRefusals } from '../delivery/bounces/judge-refusals.ts';
import { planDigests } from '../delivery/plan.ts';
import { recoverRates } from '../delivery/sending-rate-store.ts';
import { countDueDeliveries, expireLeases } from '../delivery/store.ts';
import type { Logger } from '../logger.ts';
import type { TopicAssigner } from '../matching/assign-topics.ts';

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

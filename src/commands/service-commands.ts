// Commands that work on the database.

import { judgeRefusals } from '../bounces/judge-refusals.ts';
import { countBounces } from '../bounces/store.ts';
import type { Config } from '../config/config.ts';
import { type DeliveryCounts, deliverDue } from '../delivery/deliver.ts';
import { drawProgress, measureProgress } from '../delivery/progress.ts';
import { planDigests } from '../ledger/plan.ts';
import { countDueDeliveries, countUnsentDigests, expireLeases, holdEdition } from '../ledger/store.ts';
import { importListing } from '../papers/import-listing.ts';
import type { Db } from '../platform/db.ts';
import type { Logger } from '../platform/logger.ts';
import type { Closer } from '../service/closer.ts';
import { openDatabase, openDelivery } from '../service/start.ts';
import { listSubscribers, listSuppressed } from '../subscribers/store.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import { readTopics } from '../topics/topics-file.ts';
import type { Listing } from './read-listing.ts';

type Surroundings = { config: Config; log: Logger };

/** Stores the listing and finds its papers' topics. Returns how many papers were not known before. */
export async function storeListing(
  surroundings: Surroundings,
  listing: Listing,
  closer: Closer,
): Promise<number> {
  const { db } = await openDatabase(surroundings, closer);
  const topics = await readTopics();
  await topics.storeTopics(db);
  const { added } = await importListing(
    { db },
    { source: 'file', date: listing.date, papers: listing.papers },
  );
  await topics.assignTopics(db);
  return added.length;
}

/** Plans and sends for everyone who is due, in this process. `showBar` gets a line whenever something was sent. */
export async function sendDue(
  surroundings: Surroundings,
  { closer, showBar }: { closer: Closer; showBar: (line: string) => void },
): Promise<{ planned: number } & DeliveryCounts> {
  const { config, log } = surroundings;
  const { db } = await openDatabase(surroundings, closer);
  const topics = await readTopics();
  await topics.storeTopics(db);
  await topics.assignTopics(db);
  const { deps } = await openDelivery({ config, db, log, inboxPort: null }, closer);

  const now = new Date();
  await expireLeases(db, { now, unknownPolicy: config.unknownPolicy });
  await judgeRefusals({ db, now });
  const planned = await planDigests({ db, now });
  const total = await countDueDeliveries(db, now);
  const onProgress = (counts: DeliveryCounts) => {
    const elapsedMs = Date.now() - now.getTime();
    showBar(drawProgress(counts, measureProgress(counts, { total, elapsedMs })));
  };
  return { planned, ...(await deliverDue({ ...deps, onProgress })) };
}

/** Holds an edition, or lets it go on (null). Returns how many of its digests are still to be sent. */
export async function holdDigests(
  surroundings: Surroundings,
  { edition, state }: { edition: string; state: 'paused' | 'cancelled' | null },
  closer: Closer,
): Promise<number> {
  const { db } = await openDatabase(surroundings, closer);
  await holdEdition(db, { edition, state, now: new Date() });
  return countUnsentDigests(db, edition);
}

const subscribersPerStep = 1000;

const recentMs = 30 * 24 * 60 * 60 * 1000;

export type ListedSubscriber = {
  subscriber: Subscriber;
  isSuppressed: boolean;
  /** How many of the mails of the last 30 days came back, or were refused. */
  bounces: number;
};

/** Everyone, one by one, however many there are. */
export async function* walkSubscribers(db: Db, now: Date): AsyncGenerator<ListedSubscriber> {
  const since = new Date(now.getTime() - recentMs);
  for (let after: string | null = null; ; ) {
    const subscribers: Subscriber[] = await listSubscribers(db, { after, limit: subscribersPerStep });
    const suppressed = await listSuppressed(
      db,
      subscribers.map(({ email }) => email),
    );
    const bounces = await countBounces(db, { subscriberIds: subscribers.map(({ id }) => id), since });
    for (const subscriber of subscribers) {
      const { id, email } = subscriber;
      yield { subscriber, isSuppressed: suppressed.has(email), bounces: bounces.get(id) ?? 0 };
    }
    after = subscribers.at(-1)?.id ?? null;
    if (subscribers.length < subscribersPerStep) return;
  }
}

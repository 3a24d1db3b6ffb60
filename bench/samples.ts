// Ready-made messages for the bare transport: what our own worker would have sent to some of the subscribers.
import { randomUUID } from 'node:crypto';
import { claimDeliveries } from '../src/ledger/claims.ts';
import { planDueDigests } from '../src/ledger/plan.ts';
import { createLogger } from '../src/platform/logger.ts';
import { createDb } from '../src/platform/postgres/db.ts';
import { openDelivery } from '../src/service/open-delivery.ts';
import type { Phase } from './phase.ts';
import { writeSamples } from './sample-file.ts';
import { toConfig } from './setting.ts';

/** Enough for their mean size to be that of all, few enough to be kept in memory. */
const sampleSize = 500;

export const samples: Phase = async (setting, closer) => {
  const config = toConfig(setting);
  const db = createDb(setting.databaseUrl);
  closer.add(() => db.$disconnect());
  const log = createLogger(config.logLevel);
  const { deps } = await openDelivery({ config, db, log, inboxPort: null }, closer);

  return {
    async write() {
      await planDueDigests(db, { now: new Date(), limit: sampleSize });
      const claim = { claimId: randomUUID(), leaseMs: 60_000, now: new Date(), limit: sampleSize };
      const written = await deps.writeMails(await claimDeliveries(db, claim));
      const mails = written.flatMap((item) => (item.type === 'mail' ? [item.mail] : []));
      await writeSamples(setting.samplesFile, mails);
      return mails.length;
    },
  };
};

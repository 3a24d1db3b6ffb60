// A worker of ours, wired as the commands wire it: plans what is due, and delivers until nothing is.

import { deliverDue } from '../src/delivery/deliver.ts';
import { planDigests } from '../src/ledger/plan.ts';
import { createLogger } from '../src/platform/logger.ts';
import { createDb } from '../src/platform/postgres/db.ts';
import { openDelivery } from '../src/service/open-delivery.ts';
import type { Phase } from './phase.ts';
import { toConfig } from './setting.ts';

export const ours: Phase = async (setting, closer) => {
  const config = toConfig(setting);
  const db = createDb(setting.databaseUrl);
  closer.add(() => db.$disconnect());
  await db.$queryRaw`SELECT 1`;
  const log = createLogger(config.logLevel);
  const { deps } = await openDelivery({ config, db, log, inboxPort: null }, closer);

  return {
    /** For what the process takes before its work. */
    rest: async () => 0,
    plan: () => planDigests({ db, now: new Date() }),
    deliver: async () => (await deliverDue(deps)).accepted,
  };
};

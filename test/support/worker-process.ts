// A worker in a process of its own, for tests that kill or freeze it: is told its settings, says when it is ready, and begins
// when told.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { deliverDue } from '../../src/delivery/deliver.ts';
import { expireLeases } from '../../src/ledger/leases.ts';
import { planDigests } from '../../src/ledger/plan.ts';
import type { MailSources } from '../../src/mails/mail-sources.ts';
import { createLogger } from '../../src/platform/logger.ts';
import { createDb } from '../../src/platform/postgres/db.ts';
import { wireDelivery } from './wire-delivery.ts';

export type WorkerSettings = {
  databaseUrl: string;
  mailSources: MailSources;
  smtpUrl: string;
  connections: number;
  leases: { claimedMs: number; dataStartedMs: number };
  unknownPolicy: 'leave' | 'resend-once';
};

process.once('disconnect', () => process.exit());
const [given] = await once(process, 'message');
const { databaseUrl, unknownPolicy, ...settings }: WorkerSettings = given;
const now = () => new Date();
const db = createDb(databaseUrl, 5);
const { deps } = await wireDelivery({ db, now, log: createLogger('error'), ...settings });

/** What the planning job does every minute, in a hurry. */
async function sweep(): Promise<never> {
  for (;;) {
    await expireLeases(db, { now: now(), unknownPolicy });
    await planDigests({ db, now: now() });
    await sleep(500);
  }
}

async function deliver(): Promise<never> {
  for (;;) {
    await deliverDue(deps);
    await sleep(50);
  }
}

process.once('message', () => Promise.all([sweep(), deliver()]));
process.send?.('ready');

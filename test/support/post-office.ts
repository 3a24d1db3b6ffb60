// A world with a post office: the real mailer and templates, and an SMTP server that records what it stored.
import { inject } from 'vitest';
import type { DkimKey } from '../../src/config/config.ts';
import { type DeliverDeps, type DeliveryCounts, deliverDue } from '../../src/delivery/deliver.ts';
import type { MailWriterDeps } from '../../src/delivery/write-mails.ts';
import { expireLeases } from '../../src/ledger/leases.ts';
import { planDigests } from '../../src/ledger/plan.ts';
import { createDkimSigner } from '../../src/smtp/dkim.ts';
import { answerRequests } from '../../src/subscribers/sign-up/answer-requests.ts';
import { type SmtpCatcher, startSmtpCatcher } from './smtp-catcher.ts';
import { type WiringOptions, wireDelivery } from './wire-delivery.ts';
import { createWorld, type World } from './world.ts';

type LedgerRow = {
  kind: string;
  state: string;
  reasonCode: string | null;
  replyText: string | null;
  detail: string | null;
};

export type PostOffice = World & {
  smtp: SmtpCatcher;
  deps: DeliverDeps;
  writerDeps: MailWriterDeps;
  deliver(): Promise<DeliveryCounts>;
  /** What the minute's sweep does: leases, planning, sending. */
  sweep(unknownPolicy?: 'leave' | 'resend-once'): Promise<DeliveryCounts>;
  /** States and reasons of the ledger, in the order of planning. */
  ledger(): Promise<LedgerRow[]>;
  pass(ms: number): void;
};

type Options = Pick<WiringOptions, 'connections' | 'timeouts' | 'leases' | 'bounceAddresses'> & {
  dkim?: DkimKey[];
  /** Of the SMTP server. */
  extensions?: string[];
  /** With a password in it, another protocol, or that of a server in front of it. */
  changeUrl?: (smtpUrl: string) => string | Promise<string>;
};

export async function openPostOffice({
  dkim,
  extensions,
  changeUrl = (smtpUrl) => smtpUrl,
  ...options
}: Options = {}): Promise<PostOffice> {
  const world = await createWorld();
  const smtp = await startSmtpCatcher(extensions === undefined ? {} : { extensions });
  const { deps, writerDeps } = await wireDelivery({
    db: world.db,
    mailSources: inject('mailSources'),
    smtpUrl: await changeUrl(smtp.smtpUrl),
    now: world.now,
    tokens: world.tokens,
    signer: dkim === undefined ? null : createDkimSigner(dkim),
    ...options,
  });

  return {
    ...world,
    smtp,
    deps,
    writerDeps,
    async deliver() {
      await answerRequests(world);
      return deliverDue(deps);
    },
    async sweep(unknownPolicy = 'leave') {
      await answerRequests(world);
      await expireLeases(world.db, { now: world.now(), unknownPolicy });
      await planDigests({ db: world.db, now: world.now() });
      return deliverDue(deps);
    },
    ledger: () =>
      world.db.delivery.findMany({
        orderBy: { id: 'asc' },
        select: { kind: true, state: true, reasonCode: true, replyText: true, detail: true },
      }),
    pass: (ms) => {
      world.clock.now = new Date(world.clock.now.getTime() + ms);
    },
    async close() {
      deps.mailer.close();
      await smtp.close();
      await world.close();
    },
  };
}

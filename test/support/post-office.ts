// A world with a post office: the real mailer and templates, and an SMTP server that records what it stored.
import { join } from 'node:path';
import { pino } from 'pino';
import { type DkimKey, packageFolder } from '../../src/config.ts';
import { type DeliverDeps, type DeliveryCounts, deliverDue } from '../../src/delivery/deliver.ts';
import { createDkimSigner } from '../../src/delivery/dkim.ts';
import { planDigests } from '../../src/delivery/plan.ts';
import { expireLeases } from '../../src/delivery/store.ts';
import { createMailWriter, type MailWriterDeps } from '../../src/delivery/write-mails.ts';
import { createLinks } from '../../src/links.ts';
import { createMailer } from '../../src/mailer.ts';
import { createMailTemplates } from '../../src/mails/mail-templates.ts';
import { createMatchFinder } from '../../src/matching/match-finder.ts';
import { type SmtpCatcher, startSmtpCatcher } from './smtp-catcher.ts';
import { createWorld, type World } from './world.ts';

export type PostOffice = World & {
  smtp: SmtpCatcher;
  deps: DeliverDeps;
  writerDeps: MailWriterDeps;
  deliver(): Promise<DeliveryCounts>;
  /** What the minute's sweep does: leases, planning, sending. */
  sweep(unknownPolicy?: 'leave' | 'resend-once'): Promise<DeliveryCounts>;
  /** States and reasons of the ledger, in the order of planning. */
  ledger(): Promise<{ kind: string; state: string; reason: string | null }[]>;
  pass(ms: number): void;
};

export const baseUrl = 'https://papers.example.org';

const templates = createMailTemplates(join(packageFolder, 'templates'));

export async function openPostOffice({ dkim = null }: { dkim?: DkimKey | null } = {}): Promise<PostOffice> {
  const world = await createWorld();
  const smtp = await startSmtpCatcher();
  const mailer = createMailer({ smtpUrl: smtp.smtpUrl, connections: 2 });
  const log = pino({ level: 'silent' });
  const writerDeps: MailWriterDeps = {
    db: world.db,
    matches: createMatchFinder({ db: world.db }),
    templates: await templates,
    topicNames: new Map(world.topics.topics.map(({ id, name }) => [id, name])),
    links: createLinks(baseUrl),
    tokens: world.tokens,
    sender: { name: 'Paperround', baseUrl, postalAddress: 'Example Lab, 1 Main Street' },
    stationery: {
      letterhead: {
        siteName: 'Paperround',
        digestFrom: { name: 'Paperround', address: 'digest@papers.example.org' },
        accountFrom: { name: 'Paperround', address: 'account@papers.example.org' },
      },
      signer: dkim === null ? null : createDkimSigner(dkim),
    },
    now: world.now,
    log,
  };
  const writeMails = createMailWriter(writerDeps);
  const deps: DeliverDeps = { db: world.db, mailer, writeMails, connections: 2, now: world.now, log };

  return {
    ...world,
    smtp,
    deps,
    writerDeps,
    deliver: () => deliverDue(deps),
    async sweep(unknownPolicy = 'leave') {
      await expireLeases(world.db, { now: world.now(), unknownPolicy });
      await planDigests({ db: world.db, now: world.now() });
      return deliverDue(deps);
    },
    ledger: () =>
      world.db.delivery.findMany({
        orderBy: { id: 'asc' },
        select: { kind: true, state: true, reason: true },
      }),
    pass: (ms) => {
      world.clock.now = new Date(world.clock.now.getTime() + ms);
    },
    async close() {
      mailer.close();
      await smtp.close();
      await world.close();
    },
  };
}

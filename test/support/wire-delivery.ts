// The delivery engine on a database and a mail server, wired as main.ts does it; also for processes of their own.
import { pino } from 'pino';
import type { DeliverDeps } from '../../src/delivery/deliver.ts';
import { createMailWriter, type MailWriterDeps } from '../../src/delivery/write-mails.ts';
import { createMatchFinder } from '../../src/digests/match-finder.ts';
import type { MailSources } from '../../src/mails/mail-sources.ts';
import { createMailTemplates } from '../../src/mails/mail-templates.ts';
import type { BounceAddresses } from '../../src/platform/bounce-address.ts';
import { createTokenSigner, type TokenSigner } from '../../src/platform/keys/tokens.ts';
import { createLinks } from '../../src/platform/links.ts';
import type { Logger } from '../../src/platform/logger.ts';
import type { Db } from '../../src/platform/postgres/db.ts';
import type { DkimSigner } from '../../src/smtp/dkim.ts';
import { createMailer, type MailerOptions } from '../../src/smtp/mailer.ts';
import { createMailerGroup } from '../../src/smtp/mailer-group.ts';
import { listTopicNamesByLanguage } from '../../src/topics/store.ts';

const baseUrl = 'https://papers.example.org';

const secret = 'a secret for tests that is long enough';

export type WiringOptions = {
  db: Db;
  mailSources: MailSources;
  smtpUrl: string;
  now: () => Date;
  connections?: number;
  timeouts?: MailerOptions['timeouts'];
  leases?: DeliverDeps['leases'];
  signer?: DkimSigner | null;
  bounceAddresses?: BounceAddresses | null;
  tokens?: TokenSigner;
  log?: Logger;
};

/** The topics are those that are stored. `deps.mailer` is to be closed. */
export async function wireDelivery({
  db,
  mailSources,
  smtpUrl,
  now,
  connections = 2,
  timeouts,
  leases,
  signer = null,
  bounceAddresses = null,
  tokens = createTokenSigner(secret),
  log = pino({ level: 'silent' }),
}: WiringOptions): Promise<{ deps: DeliverDeps; writerDeps: MailWriterDeps }> {
  const writerDeps: MailWriterDeps = {
    db,
    matches: createMatchFinder({ db }),
    templates: createMailTemplates(mailSources),
    topicNames: await listTopicNamesByLanguage(db),
    links: createLinks(baseUrl),
    tokens,
    sender: { name: 'Paperround', baseUrl, postalAddress: 'Example Lab, 1 Main Street' },
    senderIdentity: {
      siteName: 'Paperround',
      digestFrom: { name: 'Paperround', address: 'digest@papers.example.org' },
      accountFrom: { name: 'Paperround', address: 'account@papers.example.org' },
      signer,
      bounceAddresses,
    },
    now,
    log,
  };
  const mailer = createMailer({ smtpUrl, connections, now, ...(timeouts === undefined ? {} : { timeouts }) });
  const deps: DeliverDeps = {
    db,
    mailer: createMailerGroup([{ name: 'catcher', mailer, weight: 1, reserve: async (count) => count }], {
      now,
      random: Math.random,
      onTrouble: (trouble) => log.warn(trouble, 'mail server in trouble'),
    }),
    writeMails: createMailWriter(writerDeps),
    connections,
    now,
    log,
    ...(leases === undefined ? {} : { leases }),
  };
  return { deps, writerDeps };
}

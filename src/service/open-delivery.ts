// What sends: the mail servers as they are configured, or the local inbox, and what writes the mails.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Config, SmtpServer } from '../config/config.ts';
import type { DeliverDeps } from '../delivery/deliver.ts';
import { createMailWriter } from '../delivery/write-mails.ts';
import { createMatchFinder } from '../digests/match-finder.ts';
import { type Inbox, startInbox } from '../local/inbox/inbox.ts';
import { openTemplates, senderOf } from '../mails/open-templates.ts';
import { createLinks } from '../platform/links.ts';
import type { Logger } from '../platform/logger.ts';
import type { Db } from '../platform/postgres/db.ts';
import { createMailer, type Mailer } from '../smtp/mailer.ts';
import { createMailerGroup, type MailServer } from '../smtp/mailer-group.ts';
import { openSenderIdentity } from '../smtp/message.ts';
import { createQuota } from '../smtp/quota.ts';
import { createPace } from '../smtp/sending-rate.ts';
import { type Watch, watchServer } from '../smtp/servers/health.ts';
import { createServerShare } from '../smtp/servers/shares.ts';
import { listTopicNamesByLanguage } from '../topics/store.ts';
import type { Closer } from './closer.ts';
import { keepLooking } from './keep-looking.ts';
import { openBounceAddresses } from './open-bounces.ts';
import { openTokens } from './open-database.ts';
import { tellRarely } from './tell-rarely.ts';

const now = () => new Date();
const shareEveryMs = 10_000;
const shareToldAgainMs = 10 * 60_000;

/**
 * Everything that `deliverDue` needs: the configured SMTP server, or the local inbox, started or joined. The topics are
 * those that are stored. `patienceMs`: for somebody who waits for each answer.
 */
export async function openDelivery(
  {
    config,
    db,
    log,
    inboxPort,
    patienceMs,
  }: { config: Config; db: Db; log: Logger; inboxPort: number | null; patienceMs?: number },
  closer: Closer,
): Promise<{ deps: DeliverDeps; inbox: Inbox | null }> {
  const inbox = config.smtpServers.length === 0 ? await openInbox(config, log, inboxPort) : null;
  closer.add(() => inbox?.stop());
  const local =
    inbox === null
      ? []
      : [
          {
            url: inbox.smtpUrl,
            weight: 1,
            limits: { perSecond: null, windows: [] },
            tls: 'required' as const,
          },
        ];
  const servers = [...config.smtpServers, ...local];
  const mailer = await openMailers({ servers, config, db, log, patienceMs }, closer);
  closer.add(() => mailer.close());

  const { baseUrl } = config;
  const writeMails = createMailWriter({
    db,
    matches: createMatchFinder({ db }),
    templates: await openTemplates(config),
    topicNames: await listTopicNamesByLanguage(db),
    links: createLinks(baseUrl),
    tokens: await openTokens(config),
    sender: senderOf(config),
    senderIdentity: openSenderIdentity(config, await openBounceAddresses(config)),
    now,
    log,
  });
  const connections = config.smtpConnections * servers.length;
  return { deps: { db, mailer, writeMails, connections, now, log }, inbox };
}

/** What other workers learned of a server is known before the first mail, and what this one learns is told at once. */
async function openMailers(
  {
    servers,
    config,
    db,
    log,
    patienceMs,
  }: { servers: SmtpServer[]; config: Config; db: Db; log: Logger; patienceMs: number | undefined },
  closer: Closer,
): Promise<Mailer> {
  const worker = randomUUID();
  const watches = new Map<string, Watch>();
  const named = nameServers(servers.map(({ url }) => url));
  const group = servers.map(async ({ url, weight, limits, tls }, index): Promise<MailServer> => {
    const { server, name } = named[index] as ServerNames;
    const { perSecond, windows } = limits;
    const reserve = await createPace({ db, now }, { key: `server:${name}`, perSecond });
    const watch = watchServer(now);
    watches.set(name, watch);
    const share = createServerShare(
      { db, now, health: watch.health },
      { server, name, worker, configured: config.smtpConnections, perSecond, windows },
      () => mailer,
    );
    const mailer = createMailer({
      smtpUrl: url,
      connections: config.smtpConnections,
      tls,
      ehloName: config.ehloName,
      oauth: config.smtpOAuth,
      shared: share,
      ...(patienceMs === undefined
        ? {}
        : { timeouts: { connectionMs: patienceMs, greetingMs: patienceMs, socketMs: patienceMs } }),
      onLimits: (found) => {
        log.info({ server: name, ...found }, 'what the mail server takes');
        share.learn(found);
        looking.wake();
      },
    });
    closer.add(share.leave);
    const onFailure = tellRarely((error) => log.error({ err: error }, 'mail server not shared'), {
      everyMs: shareToldAgainMs,
      now,
    });
    const looking = keepLooking({ everyMs: shareEveryMs, look: share.look, onFailure }, closer);
    await share.look();
    return {
      name,
      weight,
      reserve,
      ...(windows.length === 0 ? {} : { quota: createQuota({ db, now }, { server, limits: windows }) }),
      mailer: watch.watch(mailer),
    };
  });
  return createMailerGroup(await Promise.all(group), {
    now,
    random: Math.random,
    onTrouble: (trouble) => {
      log.warn(trouble, 'mail server in trouble');
      watches.get(trouble.server)?.fail(trouble);
    },
    onFull: (full) => log.warn(full, 'limit of the mail server reached: what is left leaves from then on'),
  });
}

/** `server`: the account, whose limits and quota they are. `name`: for people; the host, where it has one account here. */
export type ServerNames = { server: string; name: string };

/** Of URLs. */
export function nameServers(urls: string[]): ServerNames[] {
  const all = urls.map((url) => {
    const { host, username } = new URL(url);
    return { host, server: username === '' ? host : `${username}@${host}` };
  });
  return all.map(({ host, server }) => {
    const isAlone = all.every((other) => other.host !== host || other.server === server);
    return { server, name: isAlone ? host : server };
  });
}

function openInbox(config: Config, log: Logger, webPort: number | null): Promise<Inbox> {
  const folder = join(config.dataFolder, 'inbox');
  return startInbox({ folder, host: '127.0.0.1', webPort, log: (message) => log.info(message) });
}

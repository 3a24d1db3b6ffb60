// A mailbox that mails come back to, read by IMAP: for those to whom no MX record can lead. Each message is judged, and marked
// only then: a kill in between has it judged again, which changes nothing. Nothing is deleted.
import type { ImapFlow } from 'imapflow';
import type { Logger } from '../platform/logger.ts';
import { isLoopbackHost } from '../platform/loopback.ts';
import type { MailboxSettings } from '../platform/mailbox-url.ts';

export type MailboxCounts = { judged: number; failed: number };

type Deps = {
  settings: MailboxSettings;
  /** Resolves once the outcome is committed. */
  record(bounce: { raw: Buffer; deliveryId: null }): Promise<unknown>;
  log: Logger;
};

/** Of more, the next turn reads the rest. */
const mostMessages = 500;
/** A digest that comes back whole fits; of what is larger, the report stands in front. */
const mostBytes = 512 * 1024;
const timeouts = { connectionTimeout: 20_000, greetingTimeout: 20_000, socketTimeout: 60_000 };

/** Everything that is not marked yet, once. Rejects when the server cannot be read. */
export async function readMailbox(
  { settings, record, log }: Deps,
  signal?: AbortSignal,
): Promise<MailboxCounts> {
  const { mailbox, done } = settings;
  const client = await connect({ settings, log });
  try {
    if (done.type === 'move') await client.mailboxCreate(done.folder);
    const lock = await client.getMailboxLock(mailbox);
    try {
      return await readMessages(client, { done, record, log }, signal);
    } finally {
      lock.release();
    }
  } finally {
    await client.logout().catch(() => client.close());
  }
}

/** How many messages it has; nothing is opened, marked or moved. Rejects when the server cannot be read. */
export async function countMessages({ settings, log }: Omit<Deps, 'record'>): Promise<number> {
  const client = await connect({ settings, log });
  try {
    const status = await client.status(settings.mailbox, { messages: true });
    if (status === false) throw new Error('there is no such folder');
    return status.messages ?? 0;
  } finally {
    await client.logout().catch(() => client.close());
  }
}

async function connect({ settings, log }: Omit<Deps, 'record'>): Promise<ImapFlow> {
  const { host, port, isSecure, user, password } = settings;
  const isHere = isLoopbackHost(host);
  // Most processes read none.
  const imap = await import('imapflow');
  const client = new imap.ImapFlow({
    host,
    port,
    secure: isSecure,
    ...(isSecure || isHere ? {} : { doSTARTTLS: true }),
    tls: { rejectUnauthorized: !isHere },
    auth: { user, pass: password },
    logger: false,
    disableAutoIdle: true,
    ...timeouts,
  });
  // What it interrupts rejects.
  client.on('error', (error: Error) => log.debug({ err: error }, 'connection to the mailbox in trouble'));
  await client.connect();
  return client;
}

async function readMessages(
  client: ImapFlow,
  { done, record, log }: Pick<Deps, 'record' | 'log'> & Pick<MailboxSettings, 'done'>,
  signal?: AbortSignal,
): Promise<MailboxCounts> {
  const found = await client.search(done.type === 'seen' ? { seen: false } : { all: true }, { uid: true });
  const counts = { judged: 0, failed: 0 };
  for (const uid of (found || []).slice(0, mostMessages)) {
    if (signal?.aborted) break;
    const which = String(uid);
    const message = await client.fetchOne(which, { source: { maxLength: mostBytes } }, { uid: true });
    // Somebody else has taken it away since.
    if (!message || message.source === undefined) continue;
    const isRecorded = await record({ raw: message.source, deliveryId: null }).then(
      () => true,
      (error: Error) => {
        log.warn({ err: error, uid }, 'mail that came back not recorded: it stays where it is');
        return false;
      },
    );
    if (!isRecorded) {
      counts.failed += 1;
      continue;
    }
    if (done.type === 'seen') await client.messageFlagsAdd(which, ['\\Seen'], { uid: true });
    else await client.messageMove(which, done.folder, { uid: true });
    counts.judged += 1;
  }
  return counts;
}

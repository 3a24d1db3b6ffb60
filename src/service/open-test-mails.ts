// Test mails in a worker: what operators asked for is looked for every few seconds, and leaves as digests do.
import type { Config } from '../config/config.ts';
import { sendTestMail } from '../delivery/send-test.ts';
import { finishTestMail, takeTestMail } from '../operators/test-mails.ts';
import { createLinks } from '../platform/links.ts';
import type { Logger } from '../platform/logger.ts';
import type { Db } from '../platform/postgres/db.ts';
import type { Mailer } from '../smtp/mailer.ts';
import { openSenderIdentity, type SenderIdentity } from '../smtp/message.ts';
import { listSuppressed } from '../subscribers/store.ts';
import type { Closer } from './closer.ts';
import { keepLooking } from './keep-looking.ts';
import { openBounceAddresses } from './open-bounces.ts';

const usuallyEveryMs = 3000;

export function startTestMails(
  {
    config,
    db,
    mailer,
    now,
    log,
    everyMs = usuallyEveryMs,
  }: { config: Config; db: Db; mailer: Mailer; now: () => Date; log: Logger; everyMs?: number },
  closer: Closer,
): void {
  const links = createLinks(config.baseUrl);
  let identity: SenderIdentity | null = null;

  async function send(email: string) {
    // It may have been suppressed since it was asked for.
    if ((await listSuppressed(db, [email])).size > 0)
      return { outcome: 'not-sent', words: 'the address is suppressed', remedy: null };
    identity ??= openSenderIdentity(config, await openBounceAddresses(config));
    return sendTestMail({ mailer, senderIdentity: identity, links, now }, email);
  }

  async function sendAsked(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const asked = await takeTestMail(db, now());
      if (asked === null) return;
      const result = await send(asked.email).catch((error: Error) => {
        log.error({ err: error }, 'a test mail could not be sent');
        return { outcome: 'not-sent', words: error.message, remedy: null };
      });
      await finishTestMail(db, { id: asked.id, result, now: now() });
    }
  }

  const onFailure = (error: Error) => log.error({ err: error }, 'test mails not sent');
  keepLooking({ everyMs, look: sendAsked, onFailure }, closer);
}

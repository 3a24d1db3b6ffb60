// How many account mails may be asked for within an hour: to one domain, and in all. Whether one is then sent is for the
// ledger to say; here each wish counts, whoever has the address, so that no answer tells.
import type { RequestHandler } from 'express';
import { getDomain } from 'tldts';
import type { Budgets } from '../../../platform/budgets.ts';
import type { Logger } from '../../../platform/logger.ts';
import { mailboxBudgets } from '../../../subscribers/account/account-mails.ts';
import { toMailbox } from '../../../subscribers/mailbox.ts';
import { parseEmail } from '../../../subscribers/preferences/parse-preferences.ts';
import type { WebConfig } from '../deps.ts';

/** Stands behind what reads the body. Beyond a budget `refuse` answers (status 503 and Retry-After are set). */
export type ReceiverLimit = (refuse: RequestHandler) => RequestHandler;

const hour = 60 * 60;

/** No mailbox gets more, see `mailboxBudgets`: what is asked for beyond it leaves nobody without theirs. */
const ofMailbox = {
  name: 'mailbox',
  points: Math.max(...mailboxBudgets.map(({ points }) => points)),
  seconds: 24 * hour,
};

/** So much of all mails may go to one of the providers that a large part of all people have their mailbox with. */
const largeShare = 0.5;
const largeProvider =
  /^(?:gmail\.com|icloud\.com|proton\.me|yandex\.ru|mail\.ru|(?:outlook|hotmail|live|yahoo|gmx|aol|naver|qq|163|126)\.[a-z.]+|msn\.com|ymail\.com|web\.de|t-online\.de|orange\.fr|free\.fr|libero\.it)$/;

const warningPauseMs = 10 * 60_000;

export function createReceiverLimit({
  budgets,
  config: { accountMailsPerHour, accountMailsPerDomain },
  logger,
  now,
}: {
  budgets: Budgets;
  config: Pick<WebConfig, 'accountMailsPerHour' | 'accountMailsPerDomain'>;
  logger: Logger;
  now: () => Date;
}): ReceiverLimit {
  const overall = { name: 'account-mails', points: accountMailsPerHour, seconds: hour };
  const ofDomain = { name: 'domain', points: accountMailsPerDomain, seconds: hour };
  const ofLarge = {
    name: 'large-domain',
    points: Math.max(accountMailsPerDomain, Math.ceil(accountMailsPerHour * largeShare)),
    seconds: hour,
  };
  let nextWarning = 0;

  function warn(): void {
    if (now().getTime() < nextWarning) return;
    nextWarning = now().getTime() + warningPauseMs;
    logger.warn({ accountMailsPerHour, accountMailsPerDomain }, 'more account mails asked for than are sent');
  }

  return (refuse) => async (request, response, next) => {
    const parsed = parseEmail(request.body?.email);
    if (parsed.type === 'invalid') return next();
    const mailbox = toMailbox(parsed.email);
    // Over and over the same one costs others nothing, and brings it nothing.
    if (!(await budgets.spend([{ budget: ofMailbox, key: mailbox }])).isGranted) return next();
    const domain = domainOf(mailbox);
    const granted = await budgets.spend([
      { budget: largeProvider.test(domain) ? ofLarge : ofDomain, key: domain },
      { budget: overall, key: 'all' },
    ]);
    if (granted.isGranted) return next();
    warn();
    response.status(503).set('Retry-After', String(Math.ceil(granted.retryAfterMs / 1000)));
    return refuse(request, response, next);
  };
}

/** What somebody had to register: who has one may have any number of names below it. */
function domainOf(mailbox: string): string {
  const host = mailbox.slice(mailbox.lastIndexOf('@') + 1);
  return getDomain(host) ?? host;
}

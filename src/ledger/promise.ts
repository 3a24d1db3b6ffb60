// What subscribers bring about in the ledger: mails about the subscription, only so many to an address, so that nobody's
// inbox is flooded by others; and the first digest.

import { lastReadySeq } from '../papers/store.ts';
import { fromDateColumn } from '../platform/db.ts';
import { accountMails } from '../subscribers/account-mails.ts';
import type { MailPromises } from '../subscribers/mail-promises.ts';

const windowMs = 24 * 60 * 60 * 1000;

export const promises: MailPromises = {
  async promiseAccountMail(tx, { subscriberId, kind, now, notBefore }) {
    const since = new Date(Math.max(now.getTime() - windowMs, notBefore?.getTime() ?? 0));
    const promised = await tx.delivery.count({ where: { subscriberId, kind, createdAt: { gt: since } } });
    if (promised >= accountMails[kind].perDay) return false;
    await tx.delivery.create({ data: { subscriberId, kind, createdAt: now, nextTryAt: now } });
    return true;
  },

  async promiseFirstDigest(tx, { subscriberId, now }) {
    await tx.$executeRaw`
      INSERT INTO delivery (subscriber_id, kind, edition, through_seq, listed_from, next_try_at)
      SELECT id, 'digest', (${now}::timestamptz AT TIME ZONE time_zone)::date, ${lastReadySeq},
        (SELECT max(date) FROM listing), ${now}
      FROM subscriber WHERE id = ${subscriberId}::uuid
      ON CONFLICT (subscriber_id, edition) DO NOTHING`;
  },

  async findLastEdition(tx, subscriberId) {
    const { _max } = await tx.delivery.aggregate({ where: { subscriberId }, _max: { edition: true } });
    return _max.edition && fromDateColumn(_max.edition);
  },
};

// Holds the ledger against what a mail server stored, once everything has come to rest.
import type { Db } from '../../src/platform/postgres/db.ts';
import type { CaughtMail } from './smtp-catcher.ts';

export type StoredCopies = {
  /** How many copies of a delivery's mail the server stored. */
  of(delivery: { id: bigint }): number;
};

/** One line for each thing that should not be; none when every promise was kept, or the ledger tells why not. */
export async function listBrokenPromises(db: Db, mails: readonly CaughtMail[]): Promise<string[]> {
  const rows = await db.delivery.findMany({ include: { subscriber: { select: { email: true } } } });
  // After the rows: a late answer may turn what is unknown into accepted, and its mail is stored before.
  const copies = countCopies(mails);
  const emails = new Map(rows.map(({ id, subscriber }) => [String(id), subscriber.email]));
  const strays = mails.filter((mail) => emails.get(deliveryIdOf(mail)) !== mail.to);
  return [
    ...strays.map((mail) => `a mail of delivery ${deliveryIdOf(mail)} went to ${mail.to}`),
    ...listRenamed(mails),
    ...rows.flatMap((row) => {
      const fault = findFault(row, copies.of(row));
      const tries = `${row.attempts} tries${row.resent ? ', resent' : ''}`;
      return fault === null
        ? []
        : [
            `${row.subscriber.email}: ${row.state}, ${fault} (${tries}, ${row.reasonCode}, ${row.replyText ?? row.detail})${tellStored(row, mails)}`,
          ];
    }),
    ...(await listWronglyServed(db)),
  ];
}

/** What our server has under the number of its answer, of how many: whose answer it was. */
function tellStored(
  { id, replyText }: { id: bigint; replyText: string | null },
  mails: readonly CaughtMail[],
): string {
  const number = /^250 stored as (\d+)$/.exec(replyText ?? '')?.[1];
  const mail = mails[Number(number) - 1];
  if (mail === undefined || deliveryIdOf(mail) === String(id)) return '';
  return `: of ${mails.length} that is ${messageIdOf(mail)} to ${mail.to}, and not of ${id}`;
}

export function countCopies(mails: readonly CaughtMail[]): StoredCopies {
  const counts = new Map<string, number>();
  for (const mail of mails) counts.set(deliveryIdOf(mail), (counts.get(deliveryIdOf(mail)) ?? 0) + 1);
  return { of: ({ id }) => counts.get(String(id)) ?? 0 };
}

function deliveryIdOf(mail: CaughtMail): string {
  return /^[a-z-]+\.(\d+)\./.exec(messageIdOf(mail))?.[1] ?? 'nobody knows';
}

function messageIdOf({ raw }: CaughtMail): string {
  return /^Message-ID: <(.+)>/m.exec(raw.subarray(0, 8000).toString('latin1'))?.[1] ?? '';
}

/** Copies of a mail have their Message-ID in common: that is how a receiver knows them for one. */
function listRenamed(mails: readonly CaughtMail[]): string[] {
  const messageIds = new Map<string, string>();
  return mails.flatMap((mail) => {
    const [delivery, messageId] = [deliveryIdOf(mail), messageIdOf(mail)];
    const first = messageIds.get(delivery) ?? messageId;
    messageIds.set(delivery, first);
    return first === messageId ? [] : [`a mail of delivery ${delivery} is ${messageId}, and was ${first}`];
  });
}

function findFault({ state, resent }: { state: string; resent: boolean }, copies: number): string | null {
  if (copies > (resent ? 2 : 1)) return `stored ${copies} times`;
  switch (state) {
    case 'accepted':
      return copies === 0 ? 'never stored' : null;
    case 'unknown':
      return null;
    case 'rejected':
    case 'nothing':
    case 'cancelled':
      return copies > 0 ? 'yet stored' : null;
    default:
      return 'not come to rest';
  }
}

/** Nobody is served further, or less far, than the ledger shows. For readers who started with nothing. */
async function listWronglyServed(db: Db): Promise<string[]> {
  const rows = await db.$queryRaw<{ email: string; served: number; shown: number }[]>`
    SELECT email, served_through AS served, shown FROM subscriber, LATERAL (
      SELECT COALESCE(max(through_seq) FILTER (WHERE state IN ('accepted', 'nothing')), 0) AS shown
      FROM delivery WHERE subscriber_id = subscriber.id) AS ledger
    WHERE served_through <> shown`;
  return rows.map(
    ({ email, served, shown }) => `${email}: served through ${served}, the ledger shows ${shown}`,
  );
}

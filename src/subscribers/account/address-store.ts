// Changes of address in PostgreSQL.
import type { DbOrTransaction, Prisma } from '../../platform/postgres/db.ts';
import { findSubscriber, toEmailKey } from '../store.ts';
import type { Subscriber } from '../subscriber.ts';

export type AddressChange = {
  id: string;
  subscriberId: string;
  oldEmail: string;
  newEmail: string;
  requestedAt: Date;
  /** Null: still open. */
  confirmedAt: Date | null;
};

export function findAddressChange(db: DbOrTransaction, id: string): Promise<AddressChange | null> {
  return db.addressChange.findUnique({ where: { id } });
}

/** The one that waits for its confirmation, of each reader who has one. */
export async function listOpenChanges(
  db: DbOrTransaction,
  subscriberIds: string[],
): Promise<Map<string, AddressChange>> {
  if (subscriberIds.length === 0) return new Map();
  const rows = await db.addressChange.findMany({
    where: { subscriberId: { in: subscriberIds }, confirmedAt: null },
  });
  return new Map(rows.map((row) => [row.subscriberId, row]));
}

/** Takes the place of one that is still open; everybody's older than `keepSince` are forgotten. The reader is locked. */
export async function enterChange(
  tx: Prisma.TransactionClient,
  { keepSince, ...change }: Omit<AddressChange, 'id' | 'confirmedAt'> & { keepSince: Date },
): Promise<void> {
  const { subscriberId } = change;
  await tx.addressChange.deleteMany({
    where: { OR: [{ subscriberId, confirmedAt: null }, { requestedAt: { lt: keepSince } }] },
  });
  await tx.addressChange.create({ data: change });
}

export async function markChangeConfirmed(
  tx: Prisma.TransactionClient,
  { id, now }: { id: string; now: Date },
): Promise<void> {
  await tx.addressChange.update({ where: { id }, data: { confirmedAt: now } });
}

export async function deleteChange(tx: Prisma.TransactionClient, id: string): Promise<void> {
  await tx.addressChange.deleteMany({ where: { id } });
}

/** Locks a reader, and whoever else has this address (`holder`), until the transaction ends. */
export async function lockReaderAndHolder(
  tx: Prisma.TransactionClient,
  { subscriberId, email }: { subscriberId: string; email: string },
): Promise<{ reader: Subscriber | null; holder: Subscriber | null }> {
  // In one order for all: two readers who trade their addresses do not wait for each other.
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id::text FROM subscriber WHERE id = ${subscriberId}::uuid OR email_key = ${toEmailKey(email)}
    ORDER BY id FOR UPDATE`;
  const other = rows.find(({ id }) => id !== subscriberId);
  return {
    reader: await findSubscriber(tx, subscriberId),
    holder: other === undefined ? null : await findSubscriber(tx, other.id),
  };
}

/**
 * The reader keeps everything but the address; `holder` is gone afterwards. False, and nothing is done, when somebody
 * signed up with the address since it was looked at.
 */
export async function moveToAddress(
  tx: Prisma.TransactionClient,
  {
    subscriberId,
    email,
    holder,
    now,
  }: { subscriberId: string; email: string; holder: Subscriber | null; now: Date },
): Promise<boolean> {
  const emailKey = toEmailKey(email);
  if (holder !== null) await tx.subscriber.delete({ where: { id: holder.id } });
  // Whoever signs up with it now waits for the end of this transaction, and then finds the reader.
  const claimed = await tx.$executeRaw`
    INSERT INTO subscriber (email, email_key) VALUES (${email}, ${emailKey}) ON CONFLICT (email_key) DO NOTHING`;
  if (claimed === 0) return false;
  await tx.subscriber.delete({ where: { emailKey } });
  // What comes back for mails to the address before says nothing about this one, and who reads them there is a stranger.
  const data = { email, emailKey, bouncesCountFrom: now, linksSince: now };
  await tx.subscriber.update({ where: { id: subscriberId }, data });
  return true;
}

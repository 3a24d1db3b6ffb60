// Readers' votes on papers in PostgreSQL.
import type { DbOrTransaction, Prisma } from '../platform/db.ts';
import type { Vote } from './subscriber.ts';

/** A reader's votes beyond this many are forgotten, the oldest first. */
export const keptVotes = 300;

/** Replaces what the reader said about this paper before. */
export async function saveVote(
  tx: Prisma.TransactionClient,
  { subscriberId, vote, now }: { subscriberId: string; vote: Vote; now: Date },
): Promise<void> {
  const { paperSeq, ...said } = vote;
  const data = { ...said, votedAt: now };
  await tx.vote.upsert({
    where: { subscriberId_paperSeq: { subscriberId, paperSeq } },
    create: { subscriberId, paperSeq, ...data },
    update: data,
  });
  await tx.$executeRaw`
    DELETE FROM vote WHERE subscriber_id = ${subscriberId}::uuid AND paper_seq IN (
      SELECT paper_seq FROM vote WHERE subscriber_id = ${subscriberId}::uuid
      ORDER BY voted_at DESC, paper_seq DESC OFFSET ${keptVotes})`;
}

export async function deleteVote(
  db: DbOrTransaction,
  { subscriberId, paperSeq }: { subscriberId: string; paperSeq: number },
): Promise<void> {
  await db.vote.deleteMany({ where: { subscriberId, paperSeq } });
}

export async function deleteVotes(db: DbOrTransaction, subscriberId: string): Promise<void> {
  await db.vote.deleteMany({ where: { subscriberId } });
}

/** Takes one interest out of all votes; a vote about nothing else goes with it. */
export async function forgetInterest(
  tx: Prisma.TransactionClient,
  { subscriberId, interest }: { subscriberId: string; interest: string },
): Promise<void> {
  await tx.$executeRaw`
    DELETE FROM vote WHERE subscriber_id = ${subscriberId}::uuid AND interests = ARRAY[${interest}]`;
  await tx.$executeRaw`
    UPDATE vote SET interests = array_remove(interests, ${interest})
    WHERE subscriber_id = ${subscriberId}::uuid AND ${interest} = ANY (interests)`;
}

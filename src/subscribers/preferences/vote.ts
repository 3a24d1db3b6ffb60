// "More like this" and "fewer like this": what a paper is about is read when the reader votes, and kept with the vote.

import { indexPaper } from '../../matching/index-paper.ts';
import { writeInterest } from '../../matching/interest.ts';
import { parseQuery } from '../../matching/query/query.ts';
import { matchQuery } from '../../matching/query/query-matcher.ts';
import { askForAuthor } from '../../papers/authors.ts';
import { organizationKey } from '../../papers/organizations.ts';
import type { Paper } from '../../papers/paper.ts';
import type { Db, DbOrTransaction, Prisma } from '../../platform/postgres/db.ts';
import { findPaperTopics } from '../../topics/store.ts';
import { lockSubscriber } from '../store.ts';
import type { Subscriber, Vote } from '../subscriber.ts';

type Deps = { db: Db; now: () => Date };

export type Wish = Vote['wish'];

export type Voted = 'voted' | 'unknown-subscriber';

/** The newest vote on a paper replaces the one before. One about nothing that we know is an example all the same. */
export async function castVote(
  { db, now }: Deps,
  { subscriberId, paper, wish }: { subscriberId: string; paper: Paper; wish: Wish },
): Promise<Voted> {
  return db.$transaction(async (tx) => {
    const subscriber = await lockSubscriber(tx, subscriberId);
    if (subscriber === null) return 'unknown-subscriber';
    const interests = await listInterestsOf(tx, { subscriber, paper });
    await saveVote(tx, { subscriberId, vote: { paperSeq: paper.seq, wish, interests }, now: now() });
    return 'voted';
  });
}

/** As if the reader had never said anything about this paper. */
export async function withdrawVote(
  { db }: Pick<Deps, 'db'>,
  vote: { subscriberId: string; paperSeq: number },
): Promise<void> {
  await deleteVote(db, vote);
}

/** What votes said of one interest, or of all (null), counts no more. */
export async function resetVotes(
  { db }: Pick<Deps, 'db'>,
  { subscriberId, interest }: { subscriberId: string; interest: string | null },
): Promise<void> {
  if (interest === null) return deleteVotes(db, subscriberId);
  await db.$transaction((tx) => forgetInterest(tx, { subscriberId, interest }));
}

/** What a vote on this paper speaks about: its topics, the reader's own searches that find it, its organisation, its authors whom the reader follows. */
export async function listInterestsOf(
  db: DbOrTransaction,
  { subscriber, paper }: { subscriber: Pick<Subscriber, 'preferences'>; paper: Paper },
): Promise<string[]> {
  const topics = (await findPaperTopics(db, [paper.seq])).get(paper.seq) ?? [];
  const indexed = indexPaper(paper);
  const queries = subscriber.preferences.keywords.filter((text) => {
    const parsed = parseQuery(text);
    return parsed.type === 'query' && matchQuery(parsed.query, indexed) !== null;
  });
  const organization = organizationKey(paper.organization ?? '');
  const authors = subscriber.preferences.authors.filter((author) => {
    const isAsked = askForAuthor(author);
    return isAsked !== null && (paper.authors ?? []).some(isAsked);
  });
  return [
    ...topics.map(({ id }) => writeInterest('topic', id)),
    ...queries.map((text) => writeInterest('query', text)),
    ...(organization === '' ? [] : [writeInterest('organization', organization)]),
    ...authors.map((author) => writeInterest('author', author)),
  ].slice(0, mostInterests);
}

const mostInterests = 100;

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

async function deleteVote(
  db: DbOrTransaction,
  { subscriberId, paperSeq }: { subscriberId: string; paperSeq: number },
): Promise<void> {
  await db.vote.deleteMany({ where: { subscriberId, paperSeq } });
}

async function deleteVotes(db: DbOrTransaction, subscriberId: string): Promise<void> {
  await db.vote.deleteMany({ where: { subscriberId } });
}

/** Takes one interest out of all votes; a vote about nothing else goes with it. */
async function forgetInterest(
  tx: Prisma.TransactionClient,
  { subscriberId, interest }: { subscriberId: string; interest: string },
): Promise<void> {
  await tx.$executeRaw`
    DELETE FROM vote WHERE subscriber_id = ${subscriberId}::uuid AND interests = ARRAY[${interest}]`;
  await tx.$executeRaw`
    UPDATE vote SET interests = array_remove(interests, ${interest})
    WHERE subscriber_id = ${subscriberId}::uuid AND ${interest} = ANY (interests)`;
}

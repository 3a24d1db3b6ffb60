// "Download all my data": one JSON document, written piece by piece so that ten years of digests need no memory.
//
// {
//   "format": "paperround-reader-data/2", "exportedAt": instant,
//   "subscriber":     every field of the account: email, status, dates, hour, time zone, …,
//   "topics":         [{ topicId, excluded }],
//   "keywords":       [{ text, excluded, position }],
//   "votes":          [{ paperSeq, title, wish, interests, votedAt }],
//   "pastSchedules":    [{ days, pausedUntil, endedAt }], before each change of days or pause,
//   "addressChanges": [{ oldEmail, newEmail, requestedAt, confirmedAt }],
//   "signUps":        [{ email, choices, door, words, source, evidence, requestedAt, processedAt, confirmedAt }], each with where it was
//                     asked for (`form`, `api`, by an `operator`, in an `import`), under which words (a language and a hash of its texts),
//                     from where (a hash with a key), and what whoever vouches for it has as evidence,
//   "suppression":    { reason, createdAt } when the address is barred from all mail, else null,
//   "deliveries":     [{ id, kind, edition, state, reasonCode, replyText, detail, …, picks: [{ seq, title, because }], attempts, createdAt, …,
//                        earlierTries: [{ at, state, reasonCode, replyText, … }], those before that did not end it, or null,
//                        bounces: [{ kind, status, diagnostic, receivedAt }], what came back, or why it was refused }]
// }
// Instants are ISO 8601 in UTC.

import { listPicks } from '../../papers/pick-store.ts';
import type { Db, Prisma } from '../../platform/postgres/db.ts';
import { utcDay } from '../../text/days.ts';
import { listSuppressionKeys } from '../store.ts';

const format = 'paperround-reader-data/2';
const deliveriesPerStep = 200;

/** Nothing at all when there is no such reader. */
export async function* exportData(
  { db, now }: { db: Db; now: () => Date },
  subscriberId: string,
): AsyncGenerator<string> {
  const data = await findReaderData(db, subscriberId);
  if (data === null) return;
  const { topics, keywords, votes, pastSchedules, addressChanges, signUps, suppression, ...subscriber } =
    data;
  const head = {
    format,
    exportedAt: now(),
    subscriber,
    topics,
    keywords: keywords.map(({ query, ...keyword }) => ({ text: query.text, ...keyword })),
    votes: votes.map(({ paper, ...vote }) => ({ ...vote, title: paper.title })),
    pastSchedules,
    addressChanges,
    signUps,
    suppression,
  };
  yield `${JSON.stringify(head, null, 2).slice(0, -'\n}'.length)},\n  "deliveries": [`;
  for (let after = 0n, comma = ''; ; comma = ',') {
    const rows = await listDeliveries(db, { subscriberId, after, limit: deliveriesPerStep });
    const last = rows.at(-1);
    if (last === undefined) break;
    yield comma + (await writeDeliveries(db, { subscriberId, rows }));
    after = last.id;
  }
  yield '\n  ]\n}\n';
}

/** Without brackets around them. */
async function writeDeliveries(
  db: Db,
  { subscriberId, rows }: { subscriberId: string; rows: StoredDelivery[] },
): Promise<string> {
  const bounces = await listBounces(db, { subscriberId, ids: rows.map(({ id }) => id) });
  const held = await listPicks(
    db,
    rows.map(({ picks }) => picks),
  );
  const titles = await listPaperTitles(db, [...new Set(held.flat().map(({ seq }) => seq))]);
  const written = rows.map(({ id, edition, ...row }, index) => ({
    ...row,
    id: String(id),
    edition: edition === null ? null : utcDay(edition),
    bounces: bounces.get(id) ?? [],
    picks: held[index]?.map((pick) => ({ ...pick, title: titles.get(pick.seq) ?? null })),
  }));
  return written.map((row) => `\n    ${JSON.stringify(row)}`).join(',');
}

/** All fields of the reader's row and of what belongs to it, but deliveries, which are many. Null: there is no such reader. */
async function findReaderData(db: Db, id: string) {
  const row = await db.subscriber.findUnique({
    where: { id },
    include: {
      topics: { select: { topicId: true, excluded: true }, orderBy: { topicId: 'asc' } },
      keywords: {
        select: { query: { select: { text: true } }, excluded: true, position: true },
        orderBy: { position: 'asc' },
      },
      votes: {
        omit: { subscriberId: true },
        include: { paper: { select: { title: true } } },
        orderBy: { votedAt: 'asc' },
      },
      pastSchedules: { omit: { id: true, subscriberId: true }, orderBy: { endedAt: 'asc' } },
      addressChanges: { omit: { id: true, subscriberId: true }, orderBy: { requestedAt: 'asc' } },
      signUps: { omit: { id: true, emailKey: true, subscriberId: true }, orderBy: { requestedAt: 'asc' } },
    },
  });
  if (row === null) return null;
  const suppression = await db.suppression.findFirst({
    where: { emailKey: { in: listSuppressionKeys(row.emailKey) } },
  });
  return { ...row, suppression };
}

type StoredDelivery = Awaited<ReturnType<typeof listDeliveries>>[number];

/** Oldest first, in steps of `limit`; `after` is the id of the last one seen. */
function listDeliveries(
  db: Db,
  { subscriberId, after, limit }: { subscriberId: string; after: bigint; limit: number },
) {
  return db.delivery.findMany({
    where: { subscriberId, id: { gt: after } },
    orderBy: { id: 'asc' },
    take: limit,
    // How workers share out the work, and where a row is filed, says nothing about the reader.
    omit: { subscriberId: true, day: true, claimId: true, leaseUntil: true },
  });
}

type StoredBounce = Pick<Prisma.BounceGetPayload<object>, 'kind' | 'status' | 'diagnostic' | 'receivedAt'>;

/** By delivery, the first that came first. */
async function listBounces(
  db: Db,
  { subscriberId, ids }: { subscriberId: string; ids: bigint[] },
): Promise<Map<bigint, StoredBounce[]>> {
  const rows = await db.bounce.findMany({
    where: { subscriberId, deliveryId: { in: ids } },
    orderBy: { receivedAt: 'asc' },
    omit: { subscriberId: true, day: true },
  });
  const byDelivery = new Map<bigint, StoredBounce[]>();
  for (const { deliveryId, ...bounce } of rows)
    byDelivery.set(deliveryId, [...(byDelivery.get(deliveryId) ?? []), bounce]);
  return byDelivery;
}

async function listPaperTitles(db: Db, seqs: number[]): Promise<Map<number, string>> {
  const rows = await db.paper.findMany({
    where: { seq: { in: seqs } },
    select: { seq: true, title: true },
  });
  return new Map(rows.map(({ seq, title }) => [seq, title]));
}

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
//   "suppression":    { reason, createdAt } when the address is barred from all mail, else null,
//   "deliveries":     [{ id, kind, edition, state, reasonCode, replyText, detail, …, picks: [{ seq, title, because }], attempts, createdAt, …,
//                        bounces: [{ kind, status, diagnostic, receivedAt }], what came back, or why it was refused }]
// }
// Instants are ISO 8601 in UTC.

import { listPicks } from '../papers/pick-store.ts';
import type { Db } from '../platform/db.ts';
import { utcDay } from '../text/days.ts';
import { findReaderData, listDeliveries, listPaperTitles, type StoredDelivery } from './data-store.ts';

const format = 'paperround-reader-data/2';
const deliveriesPerStep = 200;

/** Nothing at all when there is no such reader. */
export async function* exportData(
  { db, now }: { db: Db; now: () => Date },
  subscriberId: string,
): AsyncGenerator<string> {
  const data = await findReaderData(db, subscriberId);
  if (data === null) return;
  const { topics, keywords, votes, pastSchedules, addressChanges, suppression, ...subscriber } = data;
  const head = {
    format,
    exportedAt: now(),
    subscriber,
    topics,
    keywords: keywords.map(({ query, ...keyword }) => ({ text: query.text, ...keyword })),
    votes: votes.map(({ paper, ...vote }) => ({ ...vote, title: paper.title })),
    pastSchedules,
    addressChanges,
    suppression,
  };
  yield `${JSON.stringify(head, null, 2).slice(0, -'\n}'.length)},\n  "deliveries": [`;
  for (let after = 0n, comma = ''; ; comma = ',') {
    const rows = await listDeliveries(db, { subscriberId, after, limit: deliveriesPerStep });
    const last = rows.at(-1);
    if (last === undefined) break;
    yield comma + (await writeDeliveries(db, rows));
    after = last.id;
  }
  yield '\n  ]\n}\n';
}

/** Without brackets around them. */
async function writeDeliveries(db: Db, rows: StoredDelivery[]): Promise<string> {
  const held = await listPicks(
    db,
    rows.map(({ picks }) => picks),
  );
  const titles = await listPaperTitles(db, [...new Set(held.flat().map(({ seq }) => seq))]);
  const written = rows.map(({ id, edition, ...row }, index) => ({
    ...row,
    id: String(id),
    edition: edition === null ? null : utcDay(edition),
    picks: held[index]?.map((pick) => ({ ...pick, title: titles.get(pick.seq) ?? null })),
  }));
  return written.map((row) => `\n    ${JSON.stringify(row)}`).join(',');
}

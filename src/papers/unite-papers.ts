// A paper that was known by its title alone turns out to be one with an id: its row gets it, or becomes one with the row that
// has it.
import type { Prisma } from '../platform/postgres/db.ts';
import type { ListedPaper } from './paper.ts';
import { lockImports, storePapers, toPaper } from './store.ts';

/** In a transaction that does little else: imports wait for its end. A paper that has an id by now is left as it is. */
export async function giveIdentity(
  tx: Prisma.TransactionClient,
  { seq, found }: { seq: number; found: ListedPaper },
): Promise<void> {
  await lockImports(tx);
  const row = await tx.paper.findUnique({ where: { seq } });
  if (row === null || row.arxivId !== null || row.doi !== null) return;
  const { arxiv, doi } = found.ids ?? {};
  const other = await tx.paper.findFirst({
    where: { OR: [{ arxivId: { in: listOf(arxiv) } }, { doi: { in: listOf(doi) } }] },
    orderBy: { seq: 'asc' },
  });
  const [kept, removed] = other === null ? [row, null] : choose(row, other);
  const dropped = removed === null ? null : toPaper(removed);
  if (dropped !== null) await moveAway(tx, { from: dropped.seq, to: kept.seq });
  // Under the kept row's title first, by which it is found; then under its own, which is learnt.
  const known = (dropped === null ? [] : [dropped]).map((one) => ({
    ...one,
    ids: { ...one.ids, ...found.ids },
  }));
  const papers = [...known, found].flatMap((one) => [{ ...one, title: kept.title }, one]);
  await storePapers(tx, { papers, date: toPaper(kept).firstListedOn, isNews: false });
}

const listOf = (id: string | undefined) => (id === undefined ? [] : [id]);

/** News stays news. Else the older one is kept: readers who were served it are not served it again. */
function choose<Row extends { seq: number; isNews: boolean }>(
  one: Row,
  other: Row,
): [kept: Row, removed: Row] {
  if (one.isNews !== other.isNews) return one.isNews ? [one, other] : [other, one];
  return one.seq < other.seq ? [one, other] : [other, one];
}

/** Listings and votes go to the other row; where it has its own, that counts. What was mailed is found by the former number. */
async function moveAway(
  tx: Prisma.TransactionClient,
  { from, to }: { from: number; to: number },
): Promise<void> {
  await tx.$executeRaw`
    UPDATE listing_paper SET paper_seq = ${to} WHERE paper_seq = ${from}
      AND NOT EXISTS (SELECT FROM listing_paper AS own WHERE own.listing_id = listing_paper.listing_id AND own.paper_seq = ${to})`;
  await tx.$executeRaw`
    UPDATE vote SET paper_seq = ${to} WHERE paper_seq = ${from}
      AND NOT EXISTS (SELECT FROM vote AS own WHERE own.subscriber_id = vote.subscriber_id AND own.paper_seq = ${to})`;
  await tx.$executeRaw`
    UPDATE paper SET former_seqs = paper.former_seqs || dropped.former_seqs || dropped.seq
    FROM paper AS dropped WHERE paper.seq = ${to} AND dropped.seq = ${from}`;
  await tx.paper.delete({ where: { seq: from } });
}

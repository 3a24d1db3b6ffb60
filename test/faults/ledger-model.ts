// What a model run knows by itself, beside the ledger: who wants mail, what workers are doing, which mails were stored.
// `examine` holds the ledger against it.
import { deepStrictEqual, ok } from 'node:assert/strict';
import type { WrittenMail } from '../../src/delivery/write-mails.ts';
import type { Claim, ClaimedDelivery, Outcome } from '../../src/ledger/delivery.ts';
import type { Db } from '../../src/platform/postgres/db.ts';
import type { World } from '../support/world.ts';

export type Reader = {
  email: string;
  /** Null: never signed up. */
  id: string | null;
  wantsMail: boolean;
  isSuppressed: boolean;
  /** What they were served when they last confirmed: everything after it is owed. */
  since: number;
};

type Mail = Extract<WrittenMail, { type: 'mail' }>;
export type Recorded = Claim & { outcome: Outcome };

/** A worker with a chunk of mails, at the point up to which it came. */
export type Job =
  | { stage: 'claiming'; claimed: Promise<ClaimedDelivery[]>; end(fate: 'commit' | 'die'): void }
  | { stage: 'claimed'; claimed: ClaimedDelivery[] }
  | { stage: 'written'; mails: Mail[]; unsent: Recorded[] }
  | { stage: 'past the gate'; mails: Mail[]; closed: Mail[] }
  | { stage: 'sent'; outcomes: Recorded[]; closed: Mail[] };

export type Model = {
  readers: Reader[];
  jobs: Job[];
  /** Every copy that the mail server stored. */
  stored: { deliveryId: bigint; papers: number[] }[];
  /** Deliveries of which the ledger has said at some time that it does not know. */
  doubtful: Set<bigint>;
  /** Editions that are held: nothing of them may leave. */
  held: Set<string>;
  listed: number;
};

export type Real = { world: World; writeMails(claimed: ClaimedDelivery[]): Promise<WrittenMail[]> };

export function createModel(): Model {
  const readers = ['ada', 'grace', 'alan'].map((name) => ({
    email: `${name}@example.org`,
    id: null,
    wantsMail: false,
    isSuppressed: false,
    since: 0,
  }));
  return { readers, jobs: [], stored: [], doubtful: new Set(), held: new Set(), listed: 0 };
}

type Row = {
  id: bigint;
  kind: string;
  edition: string | null;
  state: string;
  resent: boolean;
  attempts: number;
  /** What each of the earlier tries came to. */
  tries: string[];
  throughSeq: number | null;
  subscriberId: string;
  email: string;
  servedThrough: number;
};

const listRows = (db: Db) => db.$queryRaw<Row[]>`
  SELECT delivery.id, kind::text, edition::text, state::text, resent, attempts, through_seq AS "throughSeq",
    ARRAY(SELECT jsonb_array_elements(earlier_tries)->>'state') AS tries,
    subscriber_id AS "subscriberId", email, served_through AS "servedThrough"
  FROM delivery JOIN subscriber ON subscriber.id = subscriber_id ORDER BY delivery.id`;

/** Throws at the first thing that may never be, at whatever moment. */
export async function examine(model: Model, { db }: World): Promise<void> {
  const rows = await listRows(db);
  for (const { id, state, resent } of rows) if (state === 'unknown' || resent) model.doubtful.add(id);

  for (const row of rows) {
    const copies = model.stored.filter(({ deliveryId }) => deliveryId === row.id).length;
    ok(copies <= (row.resent ? 2 : 1), `${tell(row)} was stored ${copies} times`);
    if (row.state === 'accepted') ok(copies > 0, `${tell(row)} was never stored`);
    const isOver = ['rejected', 'nothing', 'cancelled'].includes(row.state);
    if (isOver && !row.resent) ok(copies === 0, `${tell(row)} was stored`);
    expectTriesKept(row);
  }
  for (const reader of model.readers) {
    const own = rows.filter(({ subscriberId }) => subscriberId === reader.id);
    expectNoPaperTwice(model, own);
    expectServedAsShown(reader, own);
  }
}

/** However often an outcome is told: what put it off is there once, and so is what was sent once more without being known. */
function expectTriesKept(row: Row): void {
  const { state, resent, attempts, tries } = row;
  ok(tries.length <= attempts, `${tell(row)} has ${tries.length} tries of ${attempts}`);
  if (state === 'deferred') ok(tries.at(-1) === 'deferred', `${tell(row)} does not have its last try`);
  ok(tries.includes('unknown') === resent, `${tell(row)} has tries that were ${tries}`);
}

/** But in a mail of which the ledger does not know, or did not: there the next digest carries its papers. */
function expectNoPaperTwice({ stored, doubtful }: Model, rows: Row[]): void {
  const carriers = new Map<number, Set<bigint>>();
  const certain = new Set(rows.map(({ id }) => id).filter((id) => !doubtful.has(id)));
  for (const { deliveryId, papers } of stored.filter(({ deliveryId }) => certain.has(deliveryId))) {
    for (const seq of papers) carriers.set(seq, (carriers.get(seq) ?? new Set()).add(deliveryId));
  }
  for (const [seq, ids] of carriers) {
    ok(
      ids.size === 1,
      `paper ${seq} came twice: ${rows
        .filter(({ id }) => ids.has(id))
        .map(tell)
        .join('; ')}`,
    );
  }
}

/** Whoever has signed up has a row, for the confirmation. */
function expectServedAsShown({ since }: Reader, rows: Row[]): void {
  const [first] = rows;
  if (first === undefined) return;
  const done = rows.filter(({ state }) => state === 'accepted' || state === 'nothing');
  const shown = Math.max(since, ...done.map(({ throughSeq }) => throughSeq ?? 0));
  deepStrictEqual(first.servedThrough, shown, `${first.email}: served through`);
}

/** Once everything has come to rest: whoever wants mail has every paper that they were owed. */
export async function expectNothingLost({ readers, stored }: Model, { db }: World): Promise<void> {
  const rows = await listRows(db);
  const restless = ['planned', 'claimed', 'data_started', 'deferred'];
  for (const row of rows) ok(!restless.includes(row.state), `${tell(row)} has not come to rest`);
  const papers = await db.paper.findMany({ select: { seq: true } });
  for (const { id: reader, email, wantsMail, isSuppressed, since } of readers) {
    if (!wantsMail || isSuppressed) continue;
    const own = new Set(rows.filter(({ subscriberId }) => subscriberId === reader).map(({ id }) => id));
    const got = new Set(
      stored.filter(({ deliveryId }) => own.has(deliveryId)).flatMap((mail) => mail.papers),
    );
    const owed = papers.map(({ seq }) => seq).filter((seq) => seq > since && !got.has(seq));
    deepStrictEqual(owed, [], `never sent to ${email}`);
  }
}

const tell = ({ id, kind, edition, state, email }: Row) =>
  `${kind} ${id} of ${email} for ${edition ?? 'no day'} (${state})`;

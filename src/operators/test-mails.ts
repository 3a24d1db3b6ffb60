// Test mails that operators ask for. Pages only ask: a worker sends them, from where and as it sends digests.
import { setTimeout as sleep } from 'node:timers/promises';
import type { DbOrTransaction } from '../platform/postgres/db.ts';
import { maskAddresses } from '../text/mask-addresses.ts';

const minuteMs = 60_000;
/** Who asked has gone by then: it is not sent any more. */
const waitsMs = 10 * minuteMs;
/** A server that does not answer has been given up by then. */
const sendsMs = 5 * minuteMs;
const keptMs = 30 * 24 * 60 * minuteMs;
const mostWords = 1000;

export const testStates = ['waiting', 'under way', 'over', 'given up'] as const;

export type TestMail = {
  id: bigint;
  /** Whose mailbox it is for is not kept. */
  domain: string;
  askedBy: string;
  askedAt: Date;
  /** `given up`: no worker took it, or the one that did died with it. */
  state: (typeof testStates)[number];
  outcome: string | null;
  words: string | null;
  remedy: string | null;
};

export async function askForTestMail(
  db: DbOrTransaction,
  { email, askedBy, now }: { email: string; askedBy: string; now: Date },
): Promise<bigint> {
  await db.testMail.deleteMany({ where: { askedAt: { lt: before(now, keptMs) } } });
  const domain = email.slice(email.lastIndexOf('@') + 1);
  const { id } = await db.testMail.create({ data: { email, domain, askedBy, askedAt: now } });
  return id;
}

/** The newest first. */
export async function listTestMails(
  db: DbOrTransaction,
  { now, limit, id }: { now: Date; limit: number; id?: bigint },
): Promise<TestMail[]> {
  const rows = await db.testMail.findMany({
    ...(id === undefined ? {} : { where: { id } }),
    orderBy: { id: 'desc' },
    take: limit,
  });
  return rows.map(({ email: _email, takenAt, finishedAt, ...row }) => ({
    ...row,
    state: nameState({ ...row, takenAt, finishedAt }, now),
  }));
}

function nameState(
  { askedAt, takenAt, finishedAt }: { askedAt: Date; takenAt: Date | null; finishedAt: Date | null },
  now: Date,
): TestMail['state'] {
  if (finishedAt !== null) return 'over';
  if (takenAt !== null) return takenAt < before(now, sendsMs) ? 'given up' : 'under way';
  return askedAt < before(now, waitsMs) ? 'given up' : 'waiting';
}

/** Null: there is none of this number. Not over yet where it takes longer than `waitMs`. */
export async function awaitTestMail(
  db: DbOrTransaction,
  { id, waitMs, now }: { id: bigint; waitMs: number; now: () => Date },
): Promise<TestMail | null> {
  const stopAt = performance.now() + waitMs;
  for (;;) {
    const [mail = null] = await listTestMails(db, { now: now(), limit: 1, id });
    if (mail === null || mail.state === 'over' || performance.now() > stopAt) return mail;
    await sleep(250);
  }
}

/** By one worker; null when none waits. Addresses of those that are given up are forgotten. */
export async function takeTestMail(
  db: DbOrTransaction,
  now: Date,
): Promise<{ id: bigint; email: string } | null> {
  const [taken] = await db.$queryRaw<{ id: bigint; email: string }[]>`
    WITH forgotten AS (
      UPDATE test_mail SET email = NULL
      WHERE email IS NOT NULL AND (asked_at < ${before(now, waitsMs)} OR taken_at < ${before(now, sendsMs)})
    )
    UPDATE test_mail SET taken_at = ${now} WHERE id = (
      SELECT id FROM test_mail WHERE taken_at IS NULL AND asked_at >= ${before(now, waitsMs)}
      ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id, email`;
  return taken ?? null;
}

export async function finishTestMail(
  db: DbOrTransaction,
  {
    id,
    now,
    result: { outcome, words, remedy },
  }: { id: bigint; now: Date; result: { outcome: string; words: string; remedy: string | null } },
): Promise<void> {
  const told = maskAddresses(words).slice(0, mostWords);
  await db.testMail.update({
    where: { id },
    data: { finishedAt: now, email: null, outcome, words: told, remedy },
  });
}

function before(now: Date, ms: number): Date {
  return new Date(now.getTime() - ms);
}

// Where it is told: addresses, what each wants to hear, and the secret that its messages are signed with.
import { randomBytes } from 'node:crypto';
import type { Db, DbOrTransaction } from '../platform/postgres/db.ts';
import { hasInsideHost } from '../sources/http/public-only.ts';
import { type EventType, eventTypes } from './events.ts';

/** `public`: https, and never into a private network. `anywhere`: also http, and also there. */
export type Reach = 'public' | 'anywhere';

export type Endpoint = {
  id: string;
  url: string;
  events: EventType[];
  createdBy: string;
  createdAt: Date;
  /** Null: it works. */
  disabledAt: Date | null;
  disabledBecause: string | null;
  lastDeliveredAt: Date | null;
  /** Messages that wait to be sent, and those that were given up. */
  waiting: number;
  failed: number;
};

const longestUrl = 2000;

/** Null: it may be one. A name that leads inside is found out when it is connected to. */
export function findUrlProblem(text: string, reach: Reach): string | null {
  if (text.length > longestUrl || !URL.canParse(text))
    return 'is no address such as https://example.org/hook';
  const { protocol, username, password, hash } = new URL(text);
  if (protocol !== 'https:' && !(protocol === 'http:' && reach === 'anywhere'))
    return 'does not begin with https://';
  if (username !== '' || password !== '' || hash !== '') return 'has a user, a password or a fragment';
  if (reach === 'public' && (hasInsideHost(text) || new URL(text).hostname === 'localhost'))
    return 'is in a private network, which nothing is sent to';
  return null;
}

export type Added = { id: string; secret: string };

/** Null: the address is there already. */
export async function addEndpoint(
  db: DbOrTransaction,
  { url, events, createdBy, now }: { url: string; events: EventType[]; createdBy: string; now: Date },
): Promise<Added | null> {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const [row] = await db.webhookEndpoint.createManyAndReturn({
    data: [{ url: new URL(url).href, events, secret, createdBy, createdAt: now }],
    skipDuplicates: true,
    select: { id: true },
  });
  return row === undefined ? null : { id: row.id, secret };
}

export async function listEndpoints(db: DbOrTransaction): Promise<Endpoint[]> {
  const rows = await db.webhookEndpoint.findMany({ omit: { secret: true }, orderBy: { createdAt: 'asc' } });
  const counts = await db.$queryRaw<{ id: string; waiting: number; failed: number }[]>`
    SELECT endpoint_id::text AS id, count(*) FILTER (WHERE failed_at IS NULL)::int AS waiting, count(failed_at)::int AS failed
    FROM webhook_message WHERE delivered_at IS NULL GROUP BY 1`;
  const countsOf = new Map(counts.map(({ id, ...rest }) => [id, rest]));
  return rows.map((row) => ({
    waiting: 0,
    failed: 0,
    ...row,
    ...countsOf.get(row.id),
    events: eventTypes.filter((type) => row.events.includes(type)),
  }));
}

/** With all that it was told, or waits. False: there is none. */
export async function removeEndpoint(db: DbOrTransaction, id: string): Promise<boolean> {
  return (await db.webhookEndpoint.deleteMany({ where: { id } })).count === 1;
}

/** It works again: what waited, and what was given up, is sent as if it were new. False: there is none. */
export async function enableEndpoint(db: Db, { id, now }: { id: string; now: Date }): Promise<boolean> {
  const [{ count }] = await db.$transaction([
    db.webhookEndpoint.updateMany({ where: { id }, data: { disabledAt: null, disabledBecause: null } }),
    db.webhookMessage.updateMany({
      where: { endpointId: id, deliveredAt: null },
      data: { attempts: 0, nextTryAt: now, leaseUntil: null, failedAt: null },
    }),
  ]);
  return count === 1;
}

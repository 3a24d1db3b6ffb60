// The mail servers as all workers find them, for who looks after them: from PostgreSQL, whichever process asks.
import type { DbOrTransaction } from '../../platform/postgres/db.ts';
import { describeLimit, type WindowLimit } from '../quota.ts';

/** A worker that was quiet for so long has died: a look comes every ten seconds. */
export const quietMs = 35_000;

export const serverConditions = ['well', 'paused', 'trying again', 'not used yet', 'no worker'] as const;

export type ServerState = {
  name: string;
  /** `paused`: left alone until `pausedUntil`; `trying again`: that is over, and nothing was taken since. */
  condition: (typeof serverConditions)[number];
  pausedSince: Date | null;
  pausedUntil: Date | null;
  lastError: string | null;
  lastErrorAt: Date | null;
  remedy: string | null;
  lastAcceptedAt: Date | null;
  latencyMs: number | null;
  workers: { alive: number; paused: number };
  /** Of all workers: may be opened, are open, and what the server was found to take (null: nothing was refused). */
  connections: { configured: number; open: number; learned: number | null };
  mailsPerSession: number | null;
  learnedUntil: Date | null;
  limits: { limit: string; count: number; used: number | null }[];
  seenAt: Date;
};

export async function listServerStates(db: DbOrTransaction, now: Date): Promise<ServerState[]> {
  const [reports, learned, used] = await Promise.all([
    db.serverReport.findMany({ orderBy: [{ server: 'asc' }, { seenAt: 'desc' }] }),
    db.serverLimit.findMany({ where: { expiresAt: { gt: now } } }),
    countUsed(db, now),
  ]);
  const servers = [...new Set(reports.map(({ server }) => server))];
  return servers.flatMap((server) => {
    const all = reports.filter((report) => report.server === server);
    const alive = all.filter(({ seenAt }) => now.getTime() - seenAt.getTime() < quietMs);
    const [newest] = all;
    if (newest === undefined) return [];
    const told = alive.length > 0 ? alive : [newest];
    const paused = told.filter(({ pausedUntil }) => pausedUntil !== null && pausedUntil > now);
    const troubled = told.filter(({ pausedSince }) => pausedSince !== null);
    const failed = latest(told, ({ lastErrorAt }) => lastErrorAt);
    const lastAcceptedAt = latest(told, (report) => report.lastAcceptedAt)?.lastAcceptedAt ?? null;
    const limit = learned.find((each) => each.server === server);
    const latencies = told.flatMap(({ latencyMs }) => latencyMs ?? []);
    const windows = newest.windows as WindowLimit[];
    return {
      name: newest.name,
      condition: judge({ alive, paused, troubled, lastAcceptedAt }),
      pausedSince: earliest(troubled.flatMap(({ pausedSince }) => pausedSince ?? [])),
      pausedUntil: latest(paused, ({ pausedUntil }) => pausedUntil)?.pausedUntil ?? null,
      lastError: failed?.lastError ?? null,
      lastErrorAt: failed?.lastErrorAt ?? null,
      remedy: failed?.remedy ?? null,
      lastAcceptedAt,
      latencyMs:
        latencies.length === 0
          ? null
          : Math.round(latencies.reduce((total, each) => total + each, 0) / latencies.length),
      workers: { alive: alive.length, paused: paused.length },
      connections: {
        configured: alive.reduce((total, { configured }) => total + configured, 0),
        open: alive.reduce((total, { open }) => total + open, 0),
        learned: limit?.connections ?? null,
      },
      mailsPerSession: limit?.mailsPerSession ?? null,
      learnedUntil: limit?.expiresAt ?? null,
      limits: [
        ...(newest.perSecond === null
          ? []
          : [{ limit: `${newest.perSecond} in a second`, count: newest.perSecond, used: null }]),
        ...windows.map((window) => ({
          limit: describeLimit(window),
          count: window.count,
          used: used.get(`${server} ${window.seconds}`) ?? 0,
        })),
      ],
      seenAt: newest.seenAt,
    };
  });
}

function judge({
  alive,
  paused,
  troubled,
  lastAcceptedAt,
}: {
  alive: unknown[];
  paused: unknown[];
  troubled: unknown[];
  lastAcceptedAt: Date | null;
}): ServerState['condition'] {
  if (alive.length === 0) return 'no worker';
  if (paused.length > 0) return 'paused';
  if (troubled.length > 0) return 'trying again';
  return lastAcceptedAt === null ? 'not used yet' : 'well';
}

/** By server and window: what was given to it in the window that ends now. */
async function countUsed(db: DbOrTransaction, now: Date): Promise<Map<string, number>> {
  const rows = await db.$queryRaw<{ server: string; seconds: number; sent: number }[]>`
    SELECT server, window_seconds AS seconds, sum(sent)::int AS sent FROM sent_count
    WHERE slice_at > ${now}::timestamptz - make_interval(secs => window_seconds * 61.0 / 60)
    GROUP BY server, window_seconds`;
  return new Map(rows.map(({ server, seconds, sent }) => [`${server} ${seconds}`, sent]));
}

function latest<Item>(items: Item[], at: (item: Item) => Date | null): Item | undefined {
  const known = items.filter((item) => at(item) !== null);
  return known.sort((one, other) => (at(other)?.getTime() ?? 0) - (at(one)?.getTime() ?? 0))[0];
}

function earliest(dates: Date[]): Date | null {
  return dates.sort((one, other) => one.getTime() - other.getTime())[0] ?? null;
}

// What Prometheus reads: what this process did, and what a look at the database tells. It answers to whoever has the token, and to
// nobody while there is none.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export type Metrics = {
  countSent(mail: SentMail): void;
  observeRequest(request: { method: string; route: string; status: number; seconds: number }): void;
  /** Asked at each reading. */
  watchPool(name: string, count: () => PoolCounts): void;
  /** As Prometheus reads it. */
  write(): Promise<string>;
  contentType: string;
};

export type SentMail = {
  outcome: string;
  /** Why; null for one that was accepted. */
  code: string | null;
  /** Of the receiver. */
  domain: string;
  /** From handing it over to the answer. */
  seconds: number;
};

export type PoolCounts = { total: number; idle: number; waiting: number };

/** What a look at the database gives, by metric and label. */
export type Figures = {
  /** By state, of the mails promised in the last two days. */
  deliveries: Map<string, number>;
  due: number;
  /** How long the one that has waited longest was due; 0: none is. */
  oldestDueSeconds: number;
  /** By source: since the last fetch that went well. */
  sourceAgeSeconds: Map<string, number>;
  subscribers: Map<string, number>;
  editionsHeld: number;
};

/** Domains that refuse or put off are named, up to so many; what would grow without end is `other`. */
const mostDomains = 50;
/** However often it is read, the database is asked once within this time. */
const figuresKeptMs = 15_000;

/** `readFigures` null: nothing is asked of a database. */
export function createMetrics({
  readFigures,
  now = () => performance.now(),
}: {
  readFigures: (() => Promise<Figures>) | null;
  now?: () => number;
}): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const sent = new Counter({
    name: 'paperround_mails_total',
    help: 'Mails that this process sent, by outcome and reason',
    labelNames: ['outcome', 'reason'] as const,
    registers,
  });
  const refused = new Counter({
    name: 'paperround_refused_mails_total',
    help: 'Mails that a receiving domain put off or refused',
    labelNames: ['domain', 'outcome'] as const,
    registers,
  });
  const smtpSeconds = new Histogram({
    name: 'paperround_smtp_seconds',
    help: 'From handing a mail over until the mail server answered',
    labelNames: ['outcome'] as const,
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers,
  });
  const httpSeconds = new Histogram({
    name: 'paperround_http_request_seconds',
    help: 'How long requests took, by the pattern of their address',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  });
  const pools = new Map<string, () => PoolCounts>();
  new Gauge({
    name: 'paperround_pool_connections',
    help: 'Connections to the database that are open, those of them that are idle, and who waits for one',
    labelNames: ['pool', 'state'] as const,
    registers,
    collect() {
      for (const [pool, count] of pools)
        for (const [state, value] of Object.entries(count())) this.set({ pool, state }, value);
    },
  });
  if (readFigures !== null) registerFigures(registry, keepFor(figuresKeptMs, { read: readFigures, now }));
  const domains = new Set<string>();

  return {
    countSent({ outcome, code, domain, seconds }) {
      sent.inc({ outcome, reason: code ?? '' });
      smtpSeconds.observe({ outcome }, seconds);
      if (outcome !== 'deferred' && outcome !== 'rejected') return;
      if (domains.size < mostDomains) domains.add(domain);
      refused.inc({ domain: domains.has(domain) ? domain : 'other', outcome });
    },
    observeRequest({ method, route, status, seconds }) {
      httpSeconds.observe({ method, route, status: `${Math.floor(status / 100)}xx` }, seconds);
    },
    watchPool: (name, count) => void pools.set(name, count),
    write: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

function registerFigures(registry: Registry, read: () => Promise<Figures | null>): void {
  const registers = [registry];
  const byLabel = (
    name: string,
    help: string,
    { label, of }: { label: string; of: (figures: Figures) => Map<string, number> },
  ) =>
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers,
      async collect() {
        const figures = await read();
        this.reset();
        for (const [key, value] of figures === null ? [] : of(figures)) this.set({ [label]: key }, value);
      },
    });
  const single = (name: string, help: string, of: (figures: Figures) => number) =>
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        const figures = await read();
        this.set(figures === null ? Number.NaN : of(figures));
      },
    });
  byLabel('paperround_deliveries', 'Mails promised in the last two days, by state', {
    label: 'state',
    of: ({ deliveries }) => deliveries,
  });
  single('paperround_due_deliveries', 'Mails that wait and may be sent now', ({ due }) => due);
  single(
    'paperround_oldest_due_seconds',
    'How long the mail that has waited longest could have been sent',
    ({ oldestDueSeconds }) => oldestDueSeconds,
  );
  byLabel('paperround_source_age_seconds', 'Since the last fetch of a source that went well', {
    label: 'source',
    of: ({ sourceAgeSeconds }) => sourceAgeSeconds,
  });
  byLabel('paperround_subscribers', 'Readers by status', {
    label: 'status',
    of: ({ subscribers }) => subscribers,
  });
  single(
    'paperround_held_editions',
    'Editions that an operator has paused',
    ({ editionsHeld }) => editionsHeld,
  );
  single('paperround_database_up', 'Whether the database answered the last look', () => 1);
}

/** One look for all who ask at once; null when it fails: what this process knows itself is told all the same. */
function keepFor(
  keptMs: number,
  { read, now }: { read: () => Promise<Figures>; now: () => number },
): () => Promise<Figures | null> {
  let kept: { at: number; figures: Promise<Figures | null> } | null = null;
  return () => {
    if (kept === null || now() - kept.at >= keptMs) kept = { at: now(), figures: read().catch(() => null) };
    return kept.figures;
  };
}

/** GET /metrics for whoever sends `Authorization: Bearer <token>`: 401 for others. */
export async function answerMetrics(
  { metrics, token }: { metrics: Metrics; token: string },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [, given = ''] = /^Bearer +(\S.*)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (!timingSafeEqual(digest(given), digest(token))) {
    response.writeHead(401, { 'WWW-Authenticate': 'Bearer', 'Cache-Control': 'no-store' }).end();
    return;
  }
  const text = await metrics.write();
  response.writeHead(200, { 'Content-Type': metrics.contentType, 'Cache-Control': 'no-store' }).end(text);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

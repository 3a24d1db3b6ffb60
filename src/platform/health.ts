// How a process is, for those who start, stop and choose processes: GET /livez says whether it goes on by itself, else it is
// to be started anew; GET /readyz whether what it needs is there as well.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from './logger.ts';

/** Each names what does not go on; none is well. */
export type Health = { live(): string[]; ready(): Promise<string[]> };

/** Rejects when what it is about does not work. */
export type Check = { name: string; check(): Promise<void> };
/** Of this process itself. */
export type Loop = { name: string; isStalled(): boolean };

const patienceMs = 3000;

/** Any number of probes ask once together. What changes is logged. */
export function createHealth({
  checks,
  loops,
  log,
}: {
  checks: Check[];
  loops: Loop[];
  log: Logger;
}): Health {
  const troubles = new Map<string, string>();
  let underWay: Promise<string[]> | null = null;

  async function look({ name, check }: Check): Promise<string | null> {
    const late = new AbortController();
    const timeout = sleep(patienceMs, 'no answer in time', { signal: late.signal }).catch(() => null);
    const trouble = await Promise.race([check().then(() => null, describe), timeout]);
    late.abort();
    const before = troubles.get(name) ?? null;
    if (trouble === null) troubles.delete(name);
    else troubles.set(name, trouble);
    if (trouble !== null && before === null) log.error({ what: name, reason: trouble }, 'not ready');
    if (trouble === null && before !== null) log.info({ what: name }, 'ready again');
    return trouble === null ? null : name;
  }

  async function lookAtAll(): Promise<string[]> {
    try {
      return (await Promise.all(checks.map(look))).filter((name) => name !== null);
    } finally {
      underWay = null;
    }
  }

  return {
    live: () => loops.filter((loop) => loop.isStalled()).map(({ name }) => name),
    ready() {
      underWay ??= lookAtAll();
      return underWay;
    },
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export const healthPaths = ['/livez', '/readyz'];

/** What is wrong is told by a word for each: the address may be open to everybody, the log is not. */
export async function answerHealth(
  health: Health,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = request.url?.split('?')[0];
  const headers = { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' };
  if (!healthPaths.includes(path ?? '') || !['GET', 'HEAD'].includes(request.method ?? '')) {
    response.writeHead(404, headers).end('{"status":"not found"}');
    return;
  }
  const stalled = path === '/livez' ? health.live() : await health.ready();
  const status = stalled.length === 0 ? 200 : 503;
  const body = status === 200 ? { status: 'ok' } : { status: 'unavailable', stalled };
  response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : JSON.stringify(body));
}

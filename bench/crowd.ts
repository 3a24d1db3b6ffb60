// Visitors, many at once, in a process of their own: each asks for a page, reads a while, and asks for the next. Run as a
// child process; answers one request at a time.
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export type Page = { kind: string; path: string };

export type CrowdRequest = {
  url: string;
  clients: number;
  seconds: number;
  /** Between two pages, on average; 0: none. */
  pauseMs: number;
  /** Asked for in turn, each client from a place of its own on. */
  pages: Page[];
};

/** `status` 0: no answer at all, for this reason. */
export type Answer = { kind: string; status: number; ms: number; reason?: string };

async function visit({ url, clients, seconds, pauseMs, pages }: CrowdRequest): Promise<Answer[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const endsAt = performance.now() + seconds * 1000;
  const answers: Answer[] = [];
  const browse = async (client: number) => {
    const from = `10.${client >> 16}.${(client >> 8) & 255}.${client & 255}`;
    await sleep(Math.random() * pauseMs);
    for (let n = client * 7; performance.now() < endsAt; n += 1) {
      const page = pages[n % pages.length];
      if (page === undefined) return;
      const startedAt = performance.now();
      const { status, reason } = await ask(agent, url + page.path, from);
      const ms = performance.now() - startedAt;
      answers.push({ kind: page.kind, status, ms, ...(reason === undefined ? {} : { reason }) });
      // Who was sent away comes back as told.
      await sleep(status === 503 || status === 0 ? 2000 : pauseMs * (0.5 + Math.random()));
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, client) => browse(client)));
  agent.destroy();
  return answers;
}

/** The status, once the answer is read to its end. */
function ask(agent: Agent, url: string, from: string): Promise<{ status: number; reason?: string }> {
  const headers = { 'X-Forwarded-For': from, 'Accept-Encoding': 'gzip', 'Accept-Language': 'en' };
  return new Promise((resolve) => {
    const asked = request(url, { agent, headers }, (response) => {
      response.on('end', () => resolve({ status: response.statusCode ?? 0 }));
      response.on('error', fail);
      response.resume();
    });
    // As a browser does where a connection that it kept was closed by the server meanwhile (RFC 9112 section 9.3.1).
    const fail = (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET' && asked.reusedSocket) return resolve(ask(agent, url, from));
      resolve({ status: 0, reason: error.code ?? error.message });
    };
    asked.on('error', fail);
    asked.end();
  });
}

process.on('message', async (asked: CrowdRequest) => process.send?.(await visit(asked)));
process.on('disconnect', () => process.exit());

// A local HTTP server that plays the services that papers come from: it answers what it was told, and notes what it was asked.
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Asked = { url: string; headers: IncomingHttpHeaders; at: number };

/** What comes back; a function does with the connection what it likes. */
export type Reply =
  | { status?: number; headers?: Record<string, string>; body?: string | Buffer }
  | ((response: ServerResponse) => void);

export type SourceServer = {
  url: string;
  asked: Asked[];
  /** The most requests that were under way at once. */
  atOnce(): number;
  /** Answers that are given once, in this order; after them `otherwise`. */
  play(...replies: Reply[]): void;
  otherwise(reply: (url: URL, headers: IncomingHttpHeaders) => Reply): void;
  close(): Promise<void>;
};

export async function startSourceServer(): Promise<SourceServer> {
  const asked: Asked[] = [];
  let replies: Reply[] = [];
  let otherwise: (url: URL, headers: IncomingHttpHeaders) => Reply = () => ({ status: 404 });
  let open = 0;
  let atOnce = 0;
  const server = createServer((request, response) => {
    open += 1;
    atOnce = Math.max(atOnce, open);
    response.on('close', () => {
      open -= 1;
    });
    const { url = '/', headers } = request;
    asked.push({ url, headers, at: Date.now() });
    const reply = replies.shift() ?? otherwise(new URL(url, 'http://source.test'), headers);
    if (typeof reply === 'function') return reply(response);
    response.writeHead(reply.status ?? 200, reply.headers);
    response.end(reply.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    atOnce: () => atOnce,
    play(...next) {
      replies = next;
      asked.length = 0;
      atOnce = 0;
    },
    otherwise(reply) {
      otherwise = reply;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export const json = (value: unknown, headers: Record<string, string> = {}): Reply => ({
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: JSON.stringify(value),
});

export const xml = (body: string, headers: Record<string, string> = {}): Reply => ({
  headers: { 'content-type': 'application/xml', ...headers },
  body,
});

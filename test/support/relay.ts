// An address in front of servers, as a proxy or a moving IP address is: leads each new connection to where it is told.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type Relay = {
  port: number;
  /** With its own scheme, login and path. */
  url: string;
  lead(url: string): void;
  /** `silent`: connections stay, and nothing goes through any more. */
  setSilent(isSilent: boolean): void;
  /** For the connections that are there, for good: as when the address moves to another host. */
  cutOff(): void;
  close(): Promise<void>;
};

export async function startRelay(first: string): Promise<Relay> {
  let target = new URL(first);
  let isSilent = false;
  const pairs: { silent: boolean; sockets: Socket[] }[] = [];
  const server = createServer((incoming) => {
    const outgoing = connect(Number(target.port), target.hostname);
    const pair = { silent: isSilent, sockets: [incoming, outgoing] };
    pairs.push(pair);
    for (const [one, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      one.on('error', () => {});
      one.on('data', (bytes) => other.write(bytes));
      if (isSilent) one.pause();
      // Whoever is cut off does not hear of the end either.
      one.once('close', () => {
        if (!pair.silent) other.destroy();
      });
    }
  });
  const setPair = (pair: (typeof pairs)[number], silent: boolean) => {
    pair.silent = silent;
    for (const socket of pair.sockets) {
      if (silent) socket.pause();
      else socket.resume();
    }
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: Object.assign(new URL(first), { hostname: '127.0.0.1', port: String(port) }).href,
    lead(url) {
      target = new URL(url);
    },
    setSilent(silent) {
      isSilent = silent;
      for (const pair of pairs) setPair(pair, silent);
    },
    cutOff() {
      for (const pair of pairs) setPair(pair, true);
    },
    async close() {
      for (const { sockets } of pairs) for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

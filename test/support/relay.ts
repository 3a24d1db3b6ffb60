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
  close(): Promise<void>;
};

export async function startRelay(first: string): Promise<Relay> {
  let target = new URL(first);
  let isSilent = false;
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    if (isSilent) socket.pause();
  };
  const server = createServer((incoming) => {
    const outgoing = connect(Number(target.port), target.hostname);
    for (const [one, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      keep(one);
      one.on('data', (bytes) => {
        if (!isSilent) other.write(bytes);
      });
      one.once('close', () => other.destroy());
    }
  });
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
      for (const socket of sockets)
        if (silent) socket.pause();
        else socket.resume();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

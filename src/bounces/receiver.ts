// A small SMTP server for what comes back. Lets in nothing but mail to an address that we signed, keeps no mail, passes
// none on, answers none; 250 is said once PostgreSQL has what follows from it, so that the sender tries again after
// whatever happens before.
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';
import type { BounceAddresses } from '../platform/bounce-address.ts';
import type { Logger } from '../platform/logger.ts';

export type BounceReceiver = { port: number; stop(): Promise<void> };

export type BounceReceiverOptions = {
  host: string;
  port: number;
  addresses: BounceAddresses;
  /** Resolves once the outcome is committed. */
  record(bounce: { raw: Buffer; deliveryId: bigint }): Promise<unknown>;
  now: () => Date;
  log: Logger;
  limits?: ReceiverLimits;
};

export type ReceiverLimits = { clients: number; bytes: number; idleMs: number; sessionMs: number };

/** A digest that comes back whole fits; servers try for days, so that who is turned away comes again. */
const defaultLimits: ReceiverLimits = {
  clients: 20,
  bytes: 512 * 1024,
  idleMs: 30_000,
  sessionMs: 5 * 60_000,
};
const stopPatienceMs = 5000;

/** Rejects when it cannot listen. */
export async function startBounceReceiver(options: BounceReceiverOptions): Promise<BounceReceiver> {
  const { host, port, addresses, record, now, log, limits = defaultLimits } = options;
  const server = new SMTPServer({
    name: addresses.base.slice(addresses.base.lastIndexOf('@') + 1),
    banner: 'returned mail only',
    // Without a certificate of its own, TLS would promise what it does not keep.
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    maxClients: limits.clients,
    // A report is about one mail of ours, each of which went to one address.
    maxRecipients: 1,
    size: limits.bytes,
    rejectOversized: true,
    socketTimeout: limits.idleMs,
    closeTimeout: stopPatienceMs,
    onRcptTo({ address }, _session, done) {
      const { type } = addresses.read(address, now());
      done(type === 'valid' ? null : reply(550, 'There is no such address here'));
    },
    onData(stream, { envelope }, done) {
      const verified = addresses.read(envelope.rcptTo[0]?.address ?? '', now());
      const receive = async () => {
        const raw = await readToEnd(stream);
        // Too large: said by `rejectOversized`.
        if (raw === null || verified.type === 'invalid') return;
        await record({ raw, deliveryId: verified.deliveryId });
      };
      receive().then(
        () => done(null, 'recorded'),
        (error: Error) => {
          log.warn({ err: error }, 'mail that came back not recorded: its sender tries again');
          done(reply(451, 'It could not be recorded: try later'));
        },
      );
    },
  });
  // A client that hangs up is no reason to end.
  server.on('error', (error) => log.debug({ err: error }, 'connection to the bounce receiver in trouble'));
  // Beyond those who are told that it is busy, nobody is let in at all.
  server.server.maxConnections = 2 * limits.clients;
  server.server.on('connection', (socket: Socket) => endInTime(socket, limits.sessionMs));

  const listening = once(server.server, 'listening');
  server.listen(port, host);
  await listening;
  return {
    port: (server.server.address() as AddressInfo).port,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** Whoever sends a byte now and then is never idle. */
function endInTime(socket: Socket, sessionMs: number): void {
  const timer = setTimeout(() => socket.destroy(), sessionMs).unref();
  socket.once('close', () => clearTimeout(timer));
}

/** Null: larger than is taken. Read to its end all the same, so that the client hears the answer. */
async function readToEnd(stream: SMTPServerDataStream): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    if (stream.sizeExceeded) chunks.length = 0;
    else chunks.push(chunk);
  }
  return stream.sizeExceeded ? null : Buffer.concat(chunks);
}

function reply(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}

// A small SMTP server for what comes back. Lets in nothing but mail to an address that we signed, keeps no mail, passes
// none on, answers none; 250 is said once PostgreSQL has what follows from it, so that the sender tries again after
// whatever happens before.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';
import type { BounceAddresses } from '../platform/bounce-address.ts';
import type { Certificate } from '../platform/keys/certificate.ts';
import type { Logger } from '../platform/logger.ts';
import { createSessions, type Session, type SessionLimits } from './sessions.ts';

export type BounceReceiver = {
  port: number;
  /** For those who come from now on. */
  useCertificate(certificate: Certificate): void;
  stop(): Promise<void>;
};

export type BounceReceiverOptions = {
  host: string;
  port: number;
  addresses: BounceAddresses;
  /** For whoever asks for TLS. */
  certificate: Certificate;
  /** Resolves once the outcome is committed. */
  record(bounce: { raw: Buffer; deliveryId: bigint }): Promise<unknown>;
  now: () => Date;
  log: Logger;
  limits?: ReceiverLimits;
};

export type ReceiverLimits = SessionLimits & { bytes: number; idleMs: number };

/**
 * A digest that comes back whole fits. Shorter waits than RFC 5321 section 4.5.3.2 has for mail of all kinds: who brings a
 * bounce is a server that has it ready, and that comes again, for days, when it is turned away.
 */
export const usualLimits: ReceiverLimits = {
  sessions: 100,
  perSource: 5,
  perNetwork: 10,
  strangerMs: 20_000,
  sessionMs: 60_000,
  bytes: 512 * 1024,
  idleMs: 15_000,
};
const stopPatienceMs = 5000;
/** Nobody who knows one of our addresses gets so many wrong. */
const mostMisses = 10;

/** Rejects when it cannot listen. */
export async function startBounceReceiver(options: BounceReceiverOptions): Promise<BounceReceiver> {
  const { host, port, addresses, certificate, record, now, log, limits = usualLimits } = options;
  const sessions = createSessions(limits);
  /** By the id of the SMTP session. */
  const admitted = new Map<string, Session>();
  const server = new SMTPServer({
    name: addresses.base.slice(addresses.base.lastIndexOf('@') + 1),
    banner: 'returned mail only',
    ...certificate,
    disabledCommands: ['AUTH'],
    disableReverseLookup: true,
    // A report is about one mail of ours, each of which went to one address.
    maxRecipients: 1,
    size: limits.bytes,
    rejectOversized: true,
    socketTimeout: limits.idleMs,
    onRcptTo({ address }, { id }, done) {
      const session = admitted.get(id);
      if (addresses.read(address, now()).type === 'valid') {
        session?.recognize();
        return done(null);
      }
      const isEnough = (session?.countMiss() ?? 0) > mostMisses;
      done(
        isEnough
          ? reply(421, 'Too many addresses that are none')
          : reply(550, 'There is no such address here'),
      );
    },
    onData(stream, { id, envelope }, done) {
      const session = admitted.get(id);
      if (session !== undefined) session.isReceiving = true;
      const verified = addresses.read(envelope.rcptTo[0]?.address ?? '', now());
      const receive = async () => {
        const raw = await readToEnd(stream);
        // Too large: said by `rejectOversized`.
        if (raw === null || verified.type === 'invalid') return;
        await record({ raw, deliveryId: verified.deliveryId });
      };
      receive()
        .then(
          () => done(null, 'recorded'),
          (error: Error) => {
            log.warn({ err: error }, 'mail that came back not recorded: its sender tries again');
            done(reply(451, 'It could not be recorded: try later'));
          },
        )
        .finally(() => {
          if (session !== undefined) session.isReceiving = false;
        });
    },
    onClose: ({ id }) => admitted.delete(id),
  });
  // A client that hangs up is no reason to end.
  server.on('error', (error) => log.debug({ err: error }, 'connection to the bounce receiver in trouble'));

  let visits = 0;
  const door = createServer((socket) => {
    const session = sessions.admit(socket);
    if (session === null) return turnAway(socket);
    visits += 1;
    const id = String(visits);
    admitted.set(id, session);
    server.connect(socket, { id });
  });
  const listening = once(door, 'listening');
  door.listen(port, host);
  await listening;
  return {
    port: (door.address() as AddressInfo).port,
    useCertificate: (renewed) => server.updateSecureContext(renewed),
    async stop() {
      const closed = once(door, 'close');
      door.close();
      sessions.close(stopPatienceMs);
      await closed;
    },
  };
}

/** Costs a line, and no patience: one that is turned away waits for nothing here. */
function turnAway(socket: Socket): void {
  socket.on('error', () => {});
  socket.end('421 4.3.2 Too many connections from here: try later\r\n', () => socket.destroy());
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

// Who may hold a session with the bounce receiver, and for how long. A source has few, so that nobody takes them all; when
// all are taken all the same, whoever has been here for longest without a word of use makes room for who comes.
import type { Socket } from 'node:net';
import { type NetworkSource, sourceOf } from '../platform/network-source.ts';

export type SessionLimits = {
  /** At the same time: of all, of one source (an IPv4 address, an IPv6 /64), of one IPv6 /48. */
  sessions: number;
  perSource: number;
  perNetwork: number;
  /** How long it may last before it has named an address of ours, and in all. */
  strangerMs: number;
  sessionMs: number;
};

export type Session = {
  /** It has named an address of ours. */
  recognize(): void;
  /** A mail is under way, until it is answered. */
  isReceiving: boolean;
  /** How many addresses it named that are none of ours, this one included. */
  countMiss(): number;
};

export type Sessions = {
  /** Null: there is no room for it. */
  admit(socket: Socket): Session | null;
  /** Ends those without a mail under way at once, the others at their end or when `patienceMs` are over. */
  close(patienceMs: number): void;
};

/** Before that nobody makes room: who has business here says so in less. A mail of some size takes longer. */
const strangerStaysMs = 2000;
const knownStaysMs = 15_000;

type Admitted = Session & { socket: Socket; source: NetworkSource; since: number; isKnown: boolean };

export function createSessions(limits: SessionLimits): Sessions {
  let admitted: Admitted[] = [];

  function isTaken(counts: (source: NetworkSource) => boolean, most: number): boolean {
    return admitted.filter(({ source }) => counts(source)).length >= most;
  }

  /** False: all have come only now. */
  function makeRoom(): boolean {
    const now = performance.now();
    const overdue = admitted
      .map((session) => ({
        session,
        byMs: now - session.since - (session.isKnown ? knownStaysMs : strangerStaysMs),
      }))
      .filter(({ byMs }) => byMs > 0)
      .sort((one, other) => other.byMs - one.byMs);
    overdue[0]?.session.socket.destroy();
    return overdue.length > 0;
  }

  return {
    admit(socket) {
      // Asked, not told: a session that goes over to TLS takes the listeners off its socket.
      admitted = admitted.filter((session) => !session.socket.destroyed);
      const source = sourceOf(socket.remoteAddress);
      const { address, network } = source;
      if (isTaken((other) => other.address === address, limits.perSource)) return null;
      if (network !== null && isTaken((other) => other.network === network, limits.perNetwork)) return null;
      if (admitted.length >= limits.sessions && !makeRoom()) return null;

      let misses = 0;
      const session: Admitted = {
        socket,
        source,
        since: performance.now(),
        isKnown: false,
        isReceiving: false,
        recognize() {
          session.isKnown = true;
        },
        countMiss() {
          misses += 1;
          return misses;
        },
      };
      admitted.push(session);
      // Whoever sends a byte now and then is never idle.
      setTimeout(() => session.isKnown || socket.destroy(), limits.strangerMs).unref();
      setTimeout(() => socket.destroy(), limits.sessionMs).unref();
      return session;
    },

    close(patienceMs) {
      const endOf = (some: Admitted[]) => {
        for (const { socket } of some) socket.destroy();
      };
      endOf(admitted.filter(({ isReceiving }) => !isReceiving));
      setTimeout(() => endOf(admitted), patienceMs).unref();
    },
  };
}

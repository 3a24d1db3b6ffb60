// Who may hold a session, by where it comes from.
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { createSessions } from '../../src/bounces/sessions.ts';

const limits = { sessions: 8, perSource: 2, perNetwork: 3, strangerMs: 60_000, sessionMs: 60_000 };

type Visitor = { remoteAddress: string; destroyed: boolean; destroy(): void };

function visit(remoteAddress: string): Visitor & Socket {
  const visitor: Visitor = {
    remoteAddress,
    destroyed: false,
    destroy() {
      this.destroyed = true;
    },
  };
  return visitor as Visitor & Socket;
}

test('an IPv6 /64 is one source, a /48 has some more, and IPv4 in IPv6 is IPv4', () => {
  const sessions = createSessions(limits);
  const isAdmitted = (address: string) => sessions.admit(visit(address)) !== null;
  expect(['2001:db8::1', '2001:db8::2', '2001:db8::3'].map(isAdmitted)).toEqual([true, true, false]);
  expect(['2001:db8:0:1::1', '2001:db8:0:2::1'].map(isAdmitted)).toEqual([true, false]);
  expect(isAdmitted('2001:db8:1::1')).toBe(true);
  expect(['192.0.2.1', '::ffff:192.0.2.1', '192.0.2.1'].map(isAdmitted)).toEqual([true, true, false]);
});

test('whoever has just come makes no room for the next', () => {
  const sessions = createSessions({ ...limits, sessions: 1 });
  const first = visit('192.0.2.1');
  expect(sessions.admit(first)).not.toBeNull();
  expect(sessions.admit(visit('192.0.2.2'))).toBeNull();
  first.destroy();
  expect(sessions.admit(visit('192.0.2.2'))).not.toBeNull();
});

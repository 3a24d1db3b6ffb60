// Signed moments: when a form was opened, told by the form itself. No cookie, nothing stored, and any process can read it.
import { timingSafeEqual } from 'node:crypto';
import { createKeyedHash } from './keyed-hash.ts';

export type Stamps = {
  issue(now: Date): string;
  /** Null for what was not issued with this key. */
  read(stamp: string): Date | null;
};

export function createStamps(secret: string): Stamps {
  const sign = createKeyedHash(secret, 'stamps of forms');
  return {
    issue(now) {
      const time = now.getTime().toString(36);
      return `${time}.${sign(time)}`;
    },
    read(stamp) {
      const [, time = '', given = ''] = /^([0-9a-z]{1,11})\.([\w-]{22})$/.exec(stamp) ?? [];
      const isSigned = time !== '' && timingSafeEqual(Buffer.from(given), Buffer.from(sign(time)));
      return isSigned ? new Date(Number.parseInt(time, 36)) : null;
    },
  };
}

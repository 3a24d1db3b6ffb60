// Lets each receiving domain set its pace: its 421 and 45x halve what it is sent, and what is put off waits in the
// ledger, out of everyone else's way.

import type { Db } from '../platform/postgres/db.ts';
import type { Judgement } from './outcome.ts';
import { halveRates, listLimitedKeys, reserveSlots } from './sending-rate.ts';

type Addressed = { mail: { envelope: { to: string } } };

export type DomainThrottle = {
  /** Which may leave now, and when the others may. */
  admit<Mail extends Addressed>(
    mails: Mail[],
  ): Promise<{ go: Mail[]; putOff: { mail: Mail; until: Date }[] }>;
  learn(answers: { to: string; judgement: Judgement }[]): Promise<void>;
};

/** Another worker's complaint is heard of within this time. */
const freshMs = 1000;

export function createDomainThrottle({ db, now }: { db: Db; now: () => Date }): DomainThrottle {
  let limited: { keys: Set<string>; readAt: number } | null = null;

  async function getLimitedKeys(): Promise<Set<string>> {
    if (limited === null || now().getTime() - limited.readAt >= freshMs) {
      limited = { keys: new Set(await listLimitedKeys(db)), readAt: now().getTime() };
    }
    return limited.keys;
  }

  return {
    async admit<Mail extends Addressed>(mails: Mail[]) {
      const keys = await getLimitedKeys();
      const waiting = new Map<string, Mail[]>();
      for (const mail of mails) {
        const key = keyOf(mail.mail.envelope.to);
        if (keys.has(key)) waiting.set(key, [...(waiting.get(key) ?? []), mail]);
      }
      if (waiting.size === 0) return { go: mails, putOff: [] };

      const wanted = [...waiting].map(([key, { length: count }]) => ({ key, count }));
      const grants = await reserveSlots(db, { wanted, now: now() });
      const putOff = grants.flatMap(({ key, granted, queueFrom, perSecond }) =>
        (waiting.get(key) ?? []).slice(granted).map((mail, index) => ({
          mail,
          until: new Date(queueFrom.getTime() + (index * 1000) / perSecond),
        })),
      );
      const held = new Set(putOff.map(({ mail }) => mail));
      return { go: mails.filter((mail) => !held.has(mail)), putOff };
    },

    async learn(answers) {
      const complaints = answers.filter(({ judgement }) => judgement.asksForLess).map(({ to }) => keyOf(to));
      if (complaints.length === 0) return;
      await halveRates(db, { keys: [...new Set(complaints)], now: now() });
      limited = null;
    },
  };
}

function keyOf(address: string): string {
  return `domain:${address.slice(address.lastIndexOf('@') + 1).toLowerCase()}`;
}

// Mails that are ready to be sent: claimed and written while others are under way.
import { randomUUID } from 'node:crypto';
import type { DeliverDeps, Recorded } from './deliver.ts';
import { claimDeliveries } from './store.ts';
import type { WrittenMail } from './write-mails.ts';

export type MailToSend = Extract<WrittenMail, { type: 'mail' }>;

export type MailSupply = {
  /** At most `count`; none when nothing is due any more. */
  take(count: number): Promise<MailToSend[]>;
  /** Claims no more, and returns what was not taken. */
  close(): Promise<MailToSend[]>;
};

type Needs = Pick<DeliverDeps, 'db' | 'writeMails' | 'now'> & {
  leaseMs: number;
  record: (outcomes: Recorded[]) => Promise<void>;
};

export function createMailSupply({ db, writeMails, now, leaseMs, record }: Needs): MailSupply {
  const ready: MailToSend[] = [];
  let filling: Promise<void> | null = null;
  let isOver = false;

  async function claimAndWrite(count: number): Promise<void> {
    const claimed = await claimDeliveries(db, { claimId: randomUUID(), now: now(), leaseMs, limit: count });
    if (claimed.length === 0) {
      isOver = true;
      return;
    }
    const written = await writeMails(claimed);
    ready.push(...written.filter((item) => item.type === 'mail'));
    await record(
      written
        .filter((item) => item.type === 'unsent')
        .map(({ delivery: { id, claimId }, outcome }) => ({ id, claimId, outcome })),
    );
  }

  /** One at a time. An error comes out of whichever `take` waits for it. */
  function fill(count: number): Promise<void> {
    filling ??= claimAndWrite(count).finally(() => {
      filling = null;
    });
    return filling;
  }

  return {
    async take(count) {
      while (ready.length === 0 && !isOver) await fill(count * 2);
      const mails = ready.splice(0, count);
      // The next ones are made ready meanwhile; what goes wrong with it comes up again when they are asked for.
      if (ready.length < count && !isOver) fill(count * 2).catch(() => {});
      return mails;
    },
    async close() {
      isOver = true;
      await filling?.catch(() => {});
      return ready.splice(0);
    },
  };
}

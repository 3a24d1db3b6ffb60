import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { holdEdition } from '../../src/ledger/hold-edition.ts';
import { planDigests } from '../../src/ledger/plan.ts';
import { recoverRates, reserveSlots, setRate } from '../../src/smtp/sending-rate.ts';
import { subscribeAll } from '../support/crowd.ts';
import { openPostOffice, type PostOffice } from '../support/post-office.ts';
import { expertPaper } from '../support/world.ts';

let post: PostOffice;
beforeEach(async () => {
  post = await openPostOffice();
  await post.list('2026-03-02', [expertPaper('translation')]);
});
afterEach(() => post.close());

const minute = 60_000;

async function subscribeMany(emails: string[]) {
  await subscribeAll(post.databaseUrl, emails);
  await planDigests({ db: post.db, now: post.now() });
}

const readers = (domain: string, count: number) =>
  Array.from({ length: count }, (_, n) => `reader${n}@${domain}`);
const sentTo = (domain: string) => post.smtp.mails.filter(({ to }) => to.endsWith(domain)).length;
const rateOf = async (key: string) =>
  (await post.db.sendingRate.findUnique({ where: { key } }))?.perSecond ?? null;

describe('a receiving domain', () => {
  test('that asks for less gets less, and holds up nobody else', async () => {
    await subscribeMany([...readers('slow.example', 40), ...readers('quick.example', 40)]);
    post.smtp.behave((stage, { to }) =>
      stage === 'RCPT' && to.endsWith('slow.example') ? { type: 'reply', line: '450 4.7.0 too fast' } : null,
    );
    await post.deliver();
    expect(sentTo('quick.example')).toBe(40);
    expect(await rateOf('domain:slow.example')).toBe(5);
    expect(await rateOf('domain:quick.example')).toBeNull();
    // Those that were not in hand by then were never tried: they wait for their turn in the ledger.
    expect(await post.db.delivery.count({ where: { state: 'planned', attempts: 0 } })).toBeGreaterThan(0);
  });

  test('is sent again what was put off, at its pace, until all is there', async () => {
    await subscribeMany(readers('slow.example', 12));
    await setRate(post.db, { key: 'domain:slow.example', perSecond: 2, now: post.now() });
    await post.deliver();
    expect(sentTo('slow.example')).toBe(2);
    for (let second = 1; second <= 8; second += 1) {
      post.pass(1000);
      await post.deliver();
      expect(sentTo('slow.example')).toBeLessThanOrEqual(2 + 2 * second);
    }
    expect(sentTo('slow.example')).toBe(12);
  });

  test('that complains once for a burst is halved once, and recovers while it is content', async () => {
    await subscribeMany(readers('slow.example', 30));
    post.smtp.behave((stage) => (stage === 'RCPT' ? { type: 'reply', line: '451 4.7.0 slow down' } : null));
    await post.deliver();
    const key = 'domain:slow.example';
    expect(await rateOf(key)).toBe(5);
    post.pass(2 * minute);
    await post.deliver();
    expect(await rateOf(key)).toBe(2.5);
    post.smtp.behave(() => null);
    for (let n = 0; n < 20; n += 1) {
      post.pass(minute);
      await recoverRates(post.db, post.now());
    }
    expect(await rateOf(key)).toBeNull();
  });
});

describe('a rate', () => {
  const take = async (count: number) => {
    const [grant] = await reserveSlots(post.db, { wanted: [{ key: 'server:one', count }], now: post.now() });
    return grant?.granted ?? null;
  };

  test('is shared by all who ask at once', async () => {
    await setRate(post.db, { key: 'server:one', perSecond: 10, now: post.now() });
    const granted = await Promise.all([take(8), take(8), take(8)]);
    expect(granted.reduce<number>((sum, count) => sum + (count ?? 0), 0)).toBe(10);
    post.pass(500);
    expect(await take(100)).toBe(5);
    post.pass(10_000);
    expect(await take(100)).toBe(10);
  });

  test('below one in a second still lets one through in its time', async () => {
    await setRate(post.db, { key: 'server:one', perSecond: 0.1, now: post.now() });
    expect(await take(5)).toBe(1);
    post.pass(5000);
    expect(await take(5)).toBe(0);
    post.pass(5000);
    expect(await take(5)).toBe(1);
  });

  test('that was never set limits nothing', async () => {
    expect(await take(5)).toBeNull();
  });
});

describe('an edition', () => {
  const hold = (state: 'paused' | 'cancelled' | null) =>
    holdEdition(post.db, { edition: '2026-03-02', state, now: post.now() });

  test('that is paused waits, and goes on when it is let go', async () => {
    await subscribeMany(readers('example.org', 3));
    await hold('paused');
    expect(await post.deliver()).toMatchObject({ accepted: 0, cancelled: 0 });
    await hold(null);
    expect(await post.deliver()).toMatchObject({ accepted: 3 });
  });

  test('that is paused while it is sent stops at the next batch', async () => {
    await subscribeMany(readers('example.org', 40));
    let stored = 0;
    post.smtp.behave((stage) => {
      if (stage === 'stored') stored += 1;
      if (stored === 1 && stage === 'stored') void hold('paused');
      return null;
    });
    await post.deliver();
    expect(post.smtp.mails.length).toBeLessThan(40);
    const left = 40 - post.smtp.mails.length;
    await hold(null);
    expect(await post.deliver()).toMatchObject({ accepted: left });
  });

  test('that is cancelled is never sent, and its papers come with the next', async () => {
    await subscribeMany(['ada@example.org']);
    await hold('cancelled');
    expect(await post.deliver()).toMatchObject({ accepted: 0, cancelled: 1 });
    post.pass(24 * 60 * minute);
    expect(await post.sweep()).toMatchObject({ accepted: 1 });
    expect((await post.smtp.parse(post.smtp.mails[0])).text).toContain('translation');
  });
});

// What readers do with their subscription: ask for its link, leave, come back.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { signUndo } from '../../src/subscribers/account/mail-links.ts';
import { sayGoodbye, undoUnsubscribe, unsubscribe } from '../../src/subscribers/account/unsubscribe.ts';
import { confirm } from '../../src/subscribers/sign-up/confirm.ts';
import {
  answerLinkRequests,
  requestPreferencesLink,
} from '../../src/subscribers/sign-up/request-preferences-link.ts';
import { ada, alan, createWorld, grace, type World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const hour = 60 * 60 * 1000;
const pass = (ms: number) => {
  world.clock.now = new Date(world.clock.now.getTime() + ms);
};
const countMails = (kind: 'preferences_link' | 'confirmation' | 'goodbye') =>
  world.db.delivery.count({ where: { kind } });
/** By the form, and what comes of it. */
const askForLink = async (email: string) => {
  await requestPreferencesLink(world, email);
  expect(await answerLinkRequests(world)).toBe(1);
};
const suppress = (emailKey: string) =>
  world.db.suppression.create({ data: { emailKey, reason: 'complaint' } });
const leave = async (email: string) => {
  const { id } = await world.find(email);
  await sayGoodbye(world, id);
  return signUndo(world.tokens, await world.find(email)) ?? '';
};

describe('asking for the preferences link', () => {
  test('promises it to a reader, however the address is typed, twice a day at most', async () => {
    await world.subscribe(ada);
    for (const email of [ada, 'ADA@example.org', ada, ada]) await askForLink(email);
    expect(await countMails('preferences_link')).toBe(2);
    pass(25 * hour);
    await askForLink(ada);
    expect(await countMails('preferences_link')).toBe(3);
  });

  test('asks who never confirmed to do so, within what sign-up allows', async () => {
    await world.signUp(alan);
    for (let n = 0; n < 3; n += 1) await askForLink(alan);
    expect(await countMails('confirmation')).toBe(2);
    expect(await countMails('preferences_link')).toBe(0);
  });

  test('promises nothing to an address that is unknown, left or suppressed, and stores nothing of it', async () => {
    await world.subscribe(grace);
    await leave(grace);
    await world.subscribe(ada);
    await suppress(ada);
    const before = await world.db.delivery.count();
    for (const email of ['nobody@example.org', grace, ada]) await askForLink(email);
    expect(await world.db.delivery.count()).toBe(before);
    expect(await world.db.subscriber.count()).toBe(2);
    expect(await world.db.linkRequest.count()).toBe(0);
  });

  test('that was stored by a process that was killed is answered by the next, once, whoever is at it', async () => {
    await world.subscribe(ada);
    await requestPreferencesLink(world, ada);
    const promiseAccountMail: World['promises']['promiseAccountMail'] = async (tx, mail) => {
      await world.promises.promiseAccountMail(tx, mail);
      throw new Error('killed');
    };
    const killed = answerLinkRequests({ ...world, promises: { ...world.promises, promiseAccountMail } });
    await expect(killed).rejects.toThrow('killed');
    expect(await countMails('preferences_link')).toBe(0);
    const answered = await Promise.all([answerLinkRequests(world), answerLinkRequests(world)]);
    expect(answered.toSorted()).toEqual([0, 1]);
    expect(await countMails('preferences_link')).toBe(1);
  });
});

describe('a goodbye', () => {
  test('is promised once to a reader who pressed the button, and not to one-click', async () => {
    const { id } = await world.subscribe(ada);
    await sayGoodbye(world, id);
    await sayGoodbye(world, id);
    await unsubscribe(world, (await world.subscribe(grace)).id);
    expect(await countMails('goodbye')).toBe(1);
    expect(await world.find(ada)).toMatchObject({ status: 'unsubscribed', nextDigestAt: null });
  });

  test('is promised neither to who never confirmed nor to a suppressed address', async () => {
    await sayGoodbye(world, (await world.signUp(alan)).id);
    const { id } = await world.subscribe(ada);
    await suppress(ada);
    await sayGoodbye(world, id);
    expect(await countMails('goodbye')).toBe(0);
    expect((await world.find(alan)).status).toBe('unsubscribed');
    expect((await world.find(ada)).status).toBe('unsubscribed');
  });
});

describe('undoing it', () => {
  test('restores the subscription exactly, and no day gets a second digest', async () => {
    const before = await world.subscribe(ada, {
      topics: ['llm-training'],
      keywords: ['zeta', '"a phrase"'],
      excludedTopics: ['llm-inference'],
      organizations: ['Example Lab'],
      hour: 22,
      timeZone: 'Asia/Tokyo',
      maxPapers: 3,
    });
    pass(hour);
    const token = await leave(ada);
    pass(hour);
    expect(await undoUnsubscribe(world, token)).toMatchObject({ type: 'active' });
    expect(await world.find(ada)).toEqual(before);
    expect(await undoUnsubscribe(world, token)).toMatchObject({ type: 'active' });
  });

  test('after days goes on from the next hour that is theirs', async () => {
    await world.subscribe(ada, { hour: 7, timeZone: 'UTC' });
    const token = await leave(ada);
    pass(5 * 24 * hour);
    await undoUnsubscribe(world, token);
    expect((await world.find(ada)).nextDigestAt).toEqual(new Date('2026-03-08T07:00:00Z'));
  });

  test('is possible for 30 days', async () => {
    await world.subscribe(ada);
    const token = await leave(ada);
    pass(31 * 24 * hour);
    expect(await undoUnsubscribe(world, token)).toEqual({ type: 'expired' });
    expect((await world.find(ada)).status).toBe('unsubscribed');
  });

  test('never brings back a suppressed or erased address', async () => {
    await world.subscribe(ada);
    const token = await leave(ada);
    await suppress(ada);
    expect(await undoUnsubscribe(world, token)).toEqual({ type: 'expired' });
    expect((await world.find(ada)).status).toBe('unsubscribed');
    await world.db.subscriber.deleteMany();
    expect(await undoUnsubscribe(world, token)).toEqual({ type: 'gone' });
  });

  test('makes no reader of somebody who never confirmed, and is not undone by a stranger’s sign-up', async () => {
    expect(await leave((await world.signUp(alan)).email)).toBe('');
    await world.subscribe(ada);
    const token = await leave(ada);
    const left = await world.signUp(ada, { topics: ['graph-learning'] });
    expect(await undoUnsubscribe(world, token)).toMatchObject({
      type: 'active',
      subscriber: { id: left.id, preferences: left.preferences },
    });
    // The sign-up's own link comes too late: who reads already changes what they get by their own links.
    await confirm(world, await world.confirmToken(ada));
    expect((await world.find(ada)).preferences).toEqual(left.preferences);
  });

  test('whatever came before: only the token of the last leaving works, and only while its reader is out', async () => {
    await world.subscribe(ada);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('leave', 'one-click', 'undo', 'old-undo'), { minLength: 1, maxLength: 6 }),
        async (steps) => {
          const tokens: string[] = [];
          for (const step of steps) {
            pass(2000);
            const { id, status } = await world.find(ada);
            const last = tokens.at(-1);
            if (step === 'leave' || step === 'one-click') {
              await (step === 'leave' ? sayGoodbye(world, id) : unsubscribe(world, id));
              if (status === 'active') tokens.push(signUndo(world.tokens, await world.find(ada)) ?? '');
            } else if (step === 'undo' && last !== undefined) {
              expect((await undoUnsubscribe(world, last)).type).toBe('active');
            } else if (step === 'old-undo' && tokens.length > 1) {
              const { type } = await undoUnsubscribe(world, tokens[0] ?? '');
              expect(type).toBe(status === 'active' ? 'active' : 'expired');
            }
          }
          const token = signUndo(world.tokens, await world.find(ada));
          if (token !== null) await undoUnsubscribe(world, token);
          expect((await world.find(ada)).status).toBe('active');
        },
      ),
      { numRuns: 15 },
    );
  });
});

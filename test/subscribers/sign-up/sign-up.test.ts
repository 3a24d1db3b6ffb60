import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { plan } from '../../../src/service/jobs.ts';
import { signUndo } from '../../../src/subscribers/account/mail-links.ts';
import { findUndo, unsubscribe } from '../../../src/subscribers/account/unsubscribe.ts';
import { changePreferences } from '../../../src/subscribers/preferences/change-preferences.ts';
import {
  defaultPreferences,
  type Preferences,
  readChoices,
} from '../../../src/subscribers/preferences/preferences.ts';
import { confirm, findConfirmable } from '../../../src/subscribers/sign-up/confirm.ts';
import { answerSignUps, requestSignUp } from '../../../src/subscribers/sign-up/sign-up.ts';
import {
  ada,
  alan,
  consent,
  createWorld,
  expertPaper,
  grace,
  paper,
  type World,
} from '../../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const hour = 60 * 60 * 1000;
const pass = (ms: number) => {
  world.clock.now = new Date(world.clock.now.getTime() + ms);
};
const ledger = () =>
  world.db.delivery.findMany({ orderBy: { id: 'asc' }, select: { kind: true, state: true } });
const askFor = (email: string, preferences: Partial<Preferences> = {}) =>
  requestSignUp(world, {
    email,
    preferences: { ...defaultPreferences, topics: ['mixture-of-experts'], ...preferences },
    consent,
  });
const sign = (subscriberId: string) =>
  world.tokens.sign({ purpose: 'confirm', subscriberId, issuedAt: world.clock.now });

describe('signing up', () => {
  test('promises one confirmation, keeps the choices apart, and promises no digest before it is pressed', async () => {
    const subscriber = await world.signUp(alan, { topics: ['mixture-of-experts'], keywords: ['kv cache'] });
    expect(subscriber).toMatchObject({
      status: 'pending',
      nextDigestAt: null,
      preferences: defaultPreferences,
    });
    expect(await ledger()).toEqual([{ kind: 'confirmation', state: 'planned' }]);
    expect(world.wakeups()).toBe(1);
    expect(await findConfirmable(world, await world.confirmToken(alan))).toMatchObject({
      type: 'open',
      wanted: { email: alan, preferences: { topics: ['mixture-of-experts'], keywords: ['kv cache'] } },
    });
  });

  test('again before confirming sends at most one more mail a day', async () => {
    for (let attempt = 0; attempt < 5; attempt += 1) await world.signUp(alan, { topics: ['llm-training'] });
    expect(await ledger()).toHaveLength(2);
    pass(25 * hour);
    await world.signUp(alan);
    expect(await ledger()).toHaveLength(3);
  });

  test('with other capitals is the same subscriber, and the mail goes to the address as it was typed', async () => {
    await world.signUp('Alan@Example.org');
    pass(1);
    await world.signUp(alan);
    expect(await world.db.subscriber.count()).toBe(1);
    await confirm(world, await world.confirmToken(alan));
    expect(await world.find(alan)).toMatchObject({ email: alan });
  });

  test('by many requests and answerers at once makes one subscriber, and no request is answered twice', async () => {
    await Promise.all([askFor(alan), askFor(alan), askFor(alan), askFor(grace)]);
    const answered = await Promise.all([1, 2, 3].map(() => answerSignUps(world)));
    expect(answered.reduce((sum, count) => sum + count)).toBe(4);
    expect(await world.db.subscriber.count()).toBe(2);
    expect(await ledger()).toHaveLength(3);
    expect(await answerSignUps(world)).toBe(0);
  });

  test('an active address changes nothing but a mail that leads to its preferences', async () => {
    const before = await world.subscribe(ada, { topics: ['mixture-of-experts'] });
    await world.signUp(ada, { topics: ['llm-training'], language: 'de' });
    const late = await world.confirmToken(ada);
    await world.signUp(ada, { topics: ['llm-training'] });
    expect((await ledger()).map(({ kind }) => kind)).toEqual([
      'confirmation',
      'digest',
      'already_subscribed',
    ]);
    expect(await confirm(world, late)).toMatchObject({ type: 'already-confirmed' });
    expect(await world.find(ada)).toEqual(before);
  });

  test('a suppressed address promises nothing', async () => {
    await world.db.suppression.create({ data: { emailKey: alan, reason: 'complaint' } });
    await askFor('Alan@example.org');
    expect(await answerSignUps(world)).toBe(1);
    expect(await world.db.subscriber.count()).toBe(0);
    expect(await ledger()).toEqual([]);
  });
});

describe('a request that was stored', () => {
  test('by a process that was killed is answered by the next, once', async () => {
    await askFor(alan);
    // What a kill leaves at any moment of its one transaction.
    const killed = answerSignUps({
      ...world,
      promises: {
        ...world.promises,
        promiseAccountMail: async (tx, mail) => {
          await world.promises.promiseAccountMail(tx, mail);
          throw new Error('killed');
        },
      },
    });
    await expect(killed).rejects.toThrow('killed');
    expect(await ledger()).toEqual([]);
    const log = pino({ level: 'silent' });
    for (let sweep = 0; sweep < 2; sweep += 1)
      await plan({
        ...world,
        askImported: async () => 0,
        unknownPolicy: 'leave',
        departedDays: 365,
        months: { ledgerDays: 400, fetchDays: 90 },
        log,
      });
    expect(await ledger()).toEqual([{ kind: 'confirmation', state: 'planned' }]);
  });

  test('and cannot be answered keeps no other one waiting', async () => {
    await askFor(alan);
    await askFor(grace);
    const promiseAccountMail: World['promises']['promiseAccountMail'] = async (tx, mail) => {
      const { email } = await tx.subscriber.findUniqueOrThrow({ where: { id: mail.subscriberId } });
      if (email === alan) throw new Error('broken');
      return world.promises.promiseAccountMail(tx, mail);
    };
    const broken = { ...world, promises: { ...world.promises, promiseAccountMail } };
    await expect(answerSignUps(broken)).rejects.toThrow('broken');
    expect(await ledger()).toHaveLength(1);
    expect(await answerSignUps(world)).toBe(1);
  });

  test('changes nothing of what is stored about a reader who left, and their way back works', async () => {
    const { id } = await world.subscribe(ada, { topics: ['mixture-of-experts'], language: 'fr' });
    pass(hour);
    await unsubscribe(world, id);
    const left = await world.find(ada);
    const undo = signUndo(world.tokens, left) ?? '';
    pass(hour);
    await world.signUp(ada, { topics: ['llm-training'], language: 'de' });
    expect(await world.find(ada)).toEqual(left);
    expect(left.confirmedAt).not.toBeNull();
    expect(await findUndo(world, undo)).toMatchObject({ type: 'can-undo' });
    // They confirm the new one after all.
    await confirm(world, await world.confirmToken(ada));
    expect(await world.find(ada)).toMatchObject({
      id,
      status: 'active',
      unsubscribedAt: null,
      preferences: { topics: ['llm-training'], language: 'de' },
    });
  });

  test('is read by a later version: what it did not know is as for who never said', () => {
    const { whenEmpty: _, ...choices } = defaultPreferences;
    expect(readChoices({ ...choices, topics: ['graph-learning'], old: 1 })).toEqual({
      ...defaultPreferences,
      topics: ['graph-learning'],
    });
    expect(readChoices(null)).toEqual(defaultPreferences);
  });
});

describe('confirming', () => {
  test('activates once, promises the first digest at once and the next for tomorrow at the reader’s hour', async () => {
    await world.list('2026-03-02', [expertPaper('translation')]);
    await world.signUp(ada, { hour: 8, timeZone: 'Europe/Berlin' });
    const token = await world.confirmToken(ada);
    expect(await confirm(world, token)).toMatchObject({
      type: 'confirmed',
      subscriber: { status: 'active' },
    });
    expect(await confirm(world, token)).toMatchObject({ type: 'already-confirmed' });

    expect((await world.find(ada)).nextDigestAt).toEqual(new Date('2026-03-03T07:00:00Z'));
    expect(await ledger()).toEqual([
      { kind: 'confirmation', state: 'planned' },
      { kind: 'digest', state: 'planned' },
    ]);
  });

  test.each([0, 1])('of several sign-ups brings the choices of its own link (%i)', async (which) => {
    const ids = [
      await askFor(alan, { topics: ['llm-training'], keywords: ['first'], hour: 5 }),
      await askFor(alan, { topics: ['graph-learning'], excludedKeywords: ['second'], days: ['mon'] }),
    ];
    await answerSignUps(world);
    const token = sign(ids[which] ?? '');
    const found = await findConfirmable(world, token);
    if (found.type !== 'open') throw new Error(found.type);
    await confirm(world, token);
    const { preferences } = await world.find(alan);
    expect(preferences).toEqual(found.wanted.preferences);
    expect(preferences.topics).toEqual([['llm-training'], ['graph-learning']][which]);
    // The other one would change a reader, who has links of their own for that.
    expect(await confirm(world, sign(ids[1 - which] ?? ''))).toMatchObject({ type: 'already-confirmed' });
    expect((await world.find(alan)).preferences).toEqual(preferences);
  });

  test('by a link that was mailed before sign-ups had rows of their own brings what is stored', async () => {
    const { id } = await world.db.subscriber.create({
      data: { email: alan, emailKey: alan, hour: 5, topics: { create: { topicId: 'llm-training' } } },
    });
    expect(await findConfirmable(world, sign(id))).toMatchObject({
      type: 'open',
      wanted: { email: alan, preferences: { topics: ['llm-training'], hour: 5 } },
    });
    // Whatever a stranger asks for in between.
    await world.signUp(alan, { topics: ['graph-learning'], hour: 9 });
    expect(await confirm(world, sign(id))).toMatchObject({
      type: 'confirmed',
      subscriber: { preferences: { topics: ['llm-training'], hour: 5 } },
    });
  });

  test('of who chose nothing themselves needs a sign-up', async () => {
    const { id } = await world.signUp(alan);
    expect(await confirm(world, sign(id))).toEqual({ type: 'expired' });
    expect(await world.find(alan)).toMatchObject({ status: 'pending' });
  });

  test('begins with the latest day’s papers, not with the archive', async () => {
    await world.list('2026-03-01', [expertPaper('yesterday')]);
    await world.list('2026-03-02', [expertPaper('today'), paper({ title: 'Something else' })]);
    expect(await world.subscribe(ada)).toMatchObject({ servedThrough: 1 });
  });

  test('by a link from before an unsubscribe does nothing', async () => {
    const { id } = await world.subscribe(ada);
    const token = await world.confirmToken(ada);
    await unsubscribe(world, id);
    expect(await confirm(world, token)).toEqual({ type: 'expired' });
    expect(await world.find(ada)).toMatchObject({ status: 'unsubscribed', nextDigestAt: null });

    const unconfirmed = (await world.signUp(alan)).id;
    const before = await world.confirmToken(alan);
    pass(hour);
    await unsubscribe(world, unconfirmed);
    expect(await confirm(world, before)).toEqual({ type: 'expired' });
    pass(hour);
    await world.signUp(alan);
    expect(await confirm(world, await world.confirmToken(alan))).toMatchObject({ type: 'confirmed' });
  });

  test('by a link that is too old does nothing', async () => {
    await world.signUp(alan);
    const token = await world.confirmToken(alan);
    pass(8 * 24 * hour);
    expect(await confirm(world, token)).toEqual({ type: 'expired' });
    expect(await world.find(alan)).toMatchObject({ status: 'pending' });
  });

  test('by two requests at once promises one digest', async () => {
    await world.signUp(ada);
    const token = await world.confirmToken(ada);
    const results = await Promise.all([confirm(world, token), confirm(world, token)]);
    expect(results.map(({ type }) => type).sort()).toEqual(['already-confirmed', 'confirmed']);
    expect(await world.db.delivery.count({ where: { kind: 'digest' } })).toBe(1);
  });
});

describe('coming back after an unsubscribe', () => {
  test('on the same day asks for confirmation anew, and brings no second digest for that day', async () => {
    const { id } = await world.subscribe(ada);
    await unsubscribe(world, id);
    pass(hour);
    await world.subscribe(ada);
    expect(await world.find(ada)).toMatchObject({ status: 'active', unsubscribedAt: null });
    expect(await world.db.delivery.count({ where: { kind: 'digest' } })).toBe(1);
    expect(await world.db.delivery.count({ where: { kind: 'confirmation' } })).toBe(2);
  });
});

describe('changing preferences', () => {
  const change = async (email: string, preferences: object) => {
    const { id, preferences: before } = await world.find(email);
    return changePreferences(world, { subscriberId: id, preferences: { ...before, ...preferences } });
  };

  test('keeps topics and keywords as chosen, in their order', async () => {
    await world.subscribe(grace, { topics: ['llm-training', 'llm-inference'] });
    const changed = await change(grace, {
      topics: ['graph-learning'],
      keywords: ['zeta', 'alpha "beta gamma"'],
      maxPapers: 3,
    });
    expect(changed?.preferences).toMatchObject({
      topics: ['graph-learning'],
      keywords: ['zeta', 'alpha "beta gamma"'],
      maxPapers: 3,
    });
  });

  test('to another hour or zone moves the next digest to the next day that has had none', async () => {
    await world.subscribe(ada, { hour: 7, timeZone: 'UTC' });
    const moved = await change(ada, { hour: 22, timeZone: 'UTC' });
    // Today, at 09:00, the first digest was promised already.
    expect(moved?.nextDigestAt).toEqual(new Date('2026-03-03T22:00:00Z'));
    const far = await change(ada, { hour: 6, timeZone: 'Pacific/Auckland' });
    expect(far?.nextDigestAt).toEqual(new Date('2026-03-02T17:00:00Z'));
  });

  test('leaves a digest due that is due', async () => {
    await world.subscribe(ada, { hour: 7, timeZone: 'UTC' });
    world.clock.now = new Date('2026-03-03T07:00:30Z');
    expect((await change(ada, { hour: 12 }))?.nextDigestAt).toEqual(new Date('2026-03-03T07:00:00Z'));
  });

  test('of topics alone does not touch the time', async () => {
    const { nextDigestAt } = await world.subscribe(ada);
    pass(hour);
    expect((await change(ada, { topics: ['llm-training'] }))?.nextDigestAt).toEqual(nextDigestAt);
  });

  test('of somebody who is not there is null', async () => {
    const preferences = { ...defaultPreferences, topics: ['llm-training'] };
    const subscriberId = '00000000-0000-4000-8000-000000000000';
    expect(await changePreferences(world, { subscriberId, preferences })).toBeNull();
  });
});

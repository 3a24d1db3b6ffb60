import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { changePreferences } from '../../src/subscribers/change-preferences.ts';
import { confirm } from '../../src/subscribers/confirm.ts';
import { defaultPreferences } from '../../src/subscribers/preferences.ts';
import { unsubscribe } from '../../src/subscribers/unsubscribe.ts';
import { ada, alan, createWorld, expertPaper, grace, paper, type World } from '../support/world.ts';

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
const tokenFor = (subscriberId: string) =>
  world.tokens.sign({ purpose: 'confirm', subscriberId, issuedAt: world.clock.now });

describe('signing up', () => {
  test('promises one confirmation, and no digest before it is pressed', async () => {
    const subscriber = await world.signUp(alan, { topics: ['mixture-of-experts'], keywords: ['kv cache'] });
    expect(subscriber).toMatchObject({ status: 'pending', nextDigestAt: null });
    expect(subscriber.preferences).toMatchObject({ topics: ['mixture-of-experts'], keywords: ['kv cache'] });
    expect(await ledger()).toEqual([{ kind: 'confirmation', state: 'planned' }]);
    expect(world.wakeups()).toBe(1);
  });

  test('again before confirming keeps the latest choice, and sends at most one more mail a day', async () => {
    for (let attempt = 0; attempt < 5; attempt += 1) await world.signUp(alan, { topics: ['llm-training'] });
    expect((await world.find(alan)).preferences.topics).toEqual(['llm-training']);
    expect(await ledger()).toHaveLength(2);
    pass(25 * hour);
    await world.signUp(alan);
    expect(await ledger()).toHaveLength(3);
  });

  test('with other capitals is the same subscriber', async () => {
    await world.signUp('Alan@Example.org');
    await world.signUp(alan);
    expect(await world.db.subscriber.count()).toBe(1);
  });

  test('by two requests at once makes one subscriber', async () => {
    await Promise.all([world.signUp(alan), world.signUp(alan), world.signUp(alan)]);
    expect(await world.db.subscriber.count()).toBe(1);
    expect(await ledger()).toHaveLength(2);
  });

  test('an active address changes nothing but a mail that leads to its preferences', async () => {
    await world.subscribe(ada, { topics: ['mixture-of-experts'] });
    await world.signUp(ada, { topics: ['llm-training'] });
    await world.signUp(ada, { topics: ['llm-training'] });
    expect(await world.find(ada)).toMatchObject({
      status: 'active',
      preferences: { topics: ['mixture-of-experts'] },
    });
    expect((await ledger()).map(({ kind }) => kind)).toEqual([
      'confirmation',
      'digest',
      'already_subscribed',
    ]);
  });

  test('a suppressed address stores nothing', async () => {
    await world.db.suppression.create({ data: { emailKey: alan, reason: 'complaint' } });
    const { signUp } = await import('../../src/subscribers/sign-up.ts');
    const preferences = { ...defaultPreferences, topics: ['llm-training'] };
    await signUp(world, { email: 'Alan@example.org', preferences });
    expect(await world.db.subscriber.count()).toBe(0);
    expect(await ledger()).toEqual([]);
  });
});

describe('confirming', () => {
  test('activates once, promises the first digest at once and the next for tomorrow at the reader’s hour', async () => {
    await world.list('2026-03-02', [expertPaper('translation')]);
    const { id } = await world.signUp(ada, { hour: 8, timeZone: 'Europe/Berlin' });
    const token = tokenFor(id);
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

  test('begins with the latest day’s papers, not with the archive', async () => {
    await world.list('2026-03-01', [expertPaper('yesterday')]);
    await world.list('2026-03-02', [expertPaper('today'), paper({ title: 'Something else' })]);
    expect(await world.subscribe(ada)).toMatchObject({ servedThrough: 1 });
  });

  test('by a link from before an unsubscribe does nothing', async () => {
    const { id } = await world.subscribe(ada);
    const token = tokenFor(id);
    await unsubscribe(world, id);
    expect(await confirm(world, token)).toEqual({ type: 'expired' });
    expect(await world.find(ada)).toMatchObject({ status: 'unsubscribed', nextDigestAt: null });
  });

  test('by a link that is too old does nothing', async () => {
    const { id } = await world.signUp(alan);
    const token = tokenFor(id);
    pass(8 * 24 * hour);
    expect(await confirm(world, token)).toEqual({ type: 'expired' });
    expect(await world.find(alan)).toMatchObject({ status: 'pending' });
  });

  test('by two requests at once promises one digest', async () => {
    const { id } = await world.signUp(ada);
    const token = tokenFor(id);
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

// Another address by double opt-in: what changes when, for whom, and who can stop it.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  confirmAddress,
  findChange,
  keepAddress,
  requestAddressChange,
} from '../../../src/subscribers/account/change-address.ts';
import { findByToken } from '../../../src/subscribers/find-by-token.ts';
import { ada, alan, createWorld, grace, type World } from '../../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const newAda = 'Ada.Lovelace@example.net';
const day = 24 * 60 * 60 * 1000;
const pass = (ms: number) => {
  world.clock.now = new Date(world.clock.now.getTime() + ms);
};

/** Returns the tokens of the two mails. */
async function ask(from: string, to: string) {
  const { id: subscriberId } = await world.find(from);
  expect(await requestAddressChange(world, { subscriberId, email: to })).toBe('requested');
  const { id, requestedAt: issuedAt } = await world.db.addressChange.findFirstOrThrow({
    where: { subscriberId, confirmedAt: null },
  });
  const sign = (purpose: 'confirm-address' | 'keep-address') =>
    world.tokens.sign({ purpose, subscriberId: id, issuedAt });
  return { confirm: sign('confirm-address'), keep: sign('keep-address') };
}

describe('a change of address', () => {
  test('changes nothing until it is confirmed, and then nothing but the address', async () => {
    const before = await world.subscribe(ada);
    await world.db.subscriber.updateMany({ data: { servedThrough: 7 } });
    const { confirm } = await ask(ada, newAda);
    expect(await world.find(ada)).toEqual({ ...before, servedThrough: 7 });
    expect(await findChange(world, { purpose: 'confirm-address', token: confirm })).toMatchObject({
      type: 'open',
    });
    expect(await confirmAddress(world, confirm)).toEqual({ type: 'done', email: newAda });
    expect(await confirmAddress(world, confirm)).toEqual({ type: 'done', email: newAda });
    expect(await world.find(newAda)).toEqual({
      ...before,
      email: newAda,
      servedThrough: 7,
      linksSince: world.clock.now,
    });
    expect(await world.db.subscriber.count()).toBe(1);
    expect(await world.db.delivery.count({ where: { kind: 'digest', subscriberId: before.id } })).toBe(1);
  });

  test('is stopped from the old mailbox, and taken back there once it is done', async () => {
    await world.subscribe(ada);
    const first = await ask(ada, newAda);
    expect(await keepAddress(world, first.keep)).toEqual({ type: 'kept', email: ada });
    expect(await confirmAddress(world, first.confirm)).toEqual({ type: 'gone' });
    const second = await ask(ada, newAda);
    await confirmAddress(world, second.confirm);
    pass(3 * day);
    expect(await keepAddress(world, second.keep)).toEqual({ type: 'kept', email: ada });
    expect(await world.find(ada)).toMatchObject({ status: 'active' });
    expect(await keepAddress(world, second.keep)).toEqual({ type: 'gone' });
  });

  test('ends the links to the preferences that are in the old mailbox; those to leave work on', async () => {
    const { id: subscriberId, createdAt } = await world.subscribe(ada);
    const open = async (purpose: 'preferences' | 'unsubscribe' | 'feed', issuedAt: Date) =>
      (await findByToken(world, { purpose, token: world.tokens.sign({ purpose, subscriberId, issuedAt }) }))
        .type;
    const mailedAt = world.clock.now;
    pass(day);
    const { confirm, keep } = await ask(ada, newAda);
    expect(await open('preferences', mailedAt)).toBe('found');
    await confirmAddress(world, confirm);
    expect(await open('preferences', mailedAt)).toBe('expired');
    expect(await open('preferences', world.clock.now)).toBe('found');
    expect(await open('unsubscribe', mailedAt)).toBe('found');
    expect(await open('feed', createdAt)).toBe('found');

    // And the other way round: whoever had it moved keeps no way in.
    const movedAt = world.clock.now;
    pass(day);
    await keepAddress(world, keep);
    expect(await open('preferences', movedAt)).toBe('expired');
    expect(await open('preferences', world.clock.now)).toBe('found');
  });

  test('is confirmed within two days', async () => {
    await world.subscribe(ada);
    const { confirm } = await ask(ada, newAda);
    pass(3 * day);
    expect(await confirmAddress(world, confirm)).toEqual({ type: 'expired' });
    await world.find(ada);
  });

  test('takes the place of the one before, even within the same second', async () => {
    await world.subscribe(ada);
    const first = await ask(ada, 'mine@example.net');
    const second = await ask(ada, 'somebody-else@example.net');
    expect(await confirmAddress(world, first.confirm)).toEqual({ type: 'gone' });
    expect(await world.db.addressChange.count()).toBe(1);
    expect(await confirmAddress(world, second.confirm)).toMatchObject({ type: 'done' });
  });

  test('is asked for three times a day at most, not to the address one has, and by readers only', async () => {
    const { id: subscriberId } = await world.subscribe(ada);
    for (const email of ['a@example.net', 'b@example.net', 'c@example.net']) await ask(ada, email);
    const request = (email: string, id = subscriberId) =>
      requestAddressChange(world, { subscriberId: id, email });
    expect(await request('d@example.net')).toBe('too-many');
    expect(await world.db.addressChange.findMany()).toMatchObject([{ newEmail: 'c@example.net' }]);
    expect(await request('ADA@example.org')).toBe('same-address');
    expect(await request('e@example.net', (await world.signUp(alan)).id)).toBe('not-active');
  });
});

describe('an address that somebody has', () => {
  test('is told to its owner only, and nothing is changed', async () => {
    const before = [await world.subscribe(ada), await world.subscribe(grace)];
    const { confirm } = await ask(ada, grace);
    expect(await confirmAddress(world, confirm)).toEqual({ type: 'taken' });
    expect([await world.find(ada), await world.find(grace)]).toEqual(before);
  });

  test('but who never confirmed or has left gives way: its owner just confirmed to want these digests', async () => {
    const { id } = await world.subscribe(ada);
    await world.signUp(alan);
    const { confirm } = await ask(ada, alan);
    expect(await confirmAddress(world, confirm)).toMatchObject({ type: 'done' });
    expect(await world.find(alan)).toMatchObject({ id, status: 'active' });
    expect(await world.db.subscriber.count()).toBe(1);
  });

  test('and is suppressed gets nothing, without a word to whoever asks', async () => {
    await world.subscribe(ada);
    await world.db.suppression.create({ data: { emailKey: newAda.toLowerCase(), reason: 'complaint' } });
    const { confirm } = await ask(ada, newAda);
    expect(await confirmAddress(world, confirm)).toEqual({ type: 'gone' });
    await world.find(ada);
  });

  test('by a sign-up at the same moment: there is one subscriber, and nobody gets an error', async () => {
    for (let round = 0; round < 5; round += 1) {
      const email = `round-${round}@example.net`;
      const from = `from-${round}@example.org`;
      await world.subscribe(from);
      const { confirm } = await ask(from, email);
      const [result] = await Promise.all([confirmAddress(world, confirm), world.signUp(email)]);
      expect(result).toEqual({ type: 'done', email });
      expect(await world.find(email)).toMatchObject({ status: 'active' });
    }
  });

  test('two readers who confirm one address at the same moment: one has it, the other is told that it is taken', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [one, other] = [`one-${round}@example.org`, `other-${round}@example.org`];
      const email = `both-${round}@example.net`;
      const before = [await world.subscribe(one), await world.subscribe(other)];
      const wishes = [await ask(one, email), await ask(other, email.toUpperCase())];
      const results = await Promise.all(wishes.map(({ confirm }) => confirmAddress(world, confirm)));
      expect(results.map(({ type }) => type).toSorted()).toEqual(['done', 'taken']);
      const loser = results[0]?.type === 'taken' ? 0 : 1;
      expect(await world.find([one, other][loser] ?? '')).toEqual(before[loser]);
      expect((await world.find(email)).id).toBe(before[1 - loser]?.id);
    }
  });

  test('two readers who trade their addresses at once are both told that they are taken', async () => {
    await world.subscribe(ada);
    await world.subscribe(grace);
    const [first, second] = [await ask(ada, grace), await ask(grace, ada)];
    const results = await Promise.all([
      confirmAddress(world, first.confirm),
      confirmAddress(world, second.confirm),
    ]);
    expect(results).toEqual([{ type: 'taken' }, { type: 'taken' }]);
  });
});

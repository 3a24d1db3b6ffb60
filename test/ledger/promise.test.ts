// What one mailbox gets of mails about subscriptions, whoever asks for them, and for whichever of its addresses.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { forgetPromisedMails, promises } from '../../src/ledger/promise.ts';
import { createDb } from '../../src/platform/postgres/db.ts';
import { requestAddressChange } from '../../src/subscribers/account/change-address.ts';
import { sayGoodbye } from '../../src/subscribers/account/unsubscribe.ts';
import {
  answerLinkRequests,
  requestPreferencesLink,
} from '../../src/subscribers/sign-up/request-preferences-link.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
beforeEach(async () => {
  await world.db.subscriber.deleteMany();
  await world.db.promisedMail.deleteMany();
});
afterAll(() => world.close());

const minute = 60_000;
const pass = (ms: number) => {
  world.clock.now = new Date(world.clock.now.getTime() + ms);
};
const countMails = (where = {}) => world.db.delivery.count({ where: { kind: { not: 'digest' }, ...where } });
const victims = ['ada.l@gmail.com', 'a.dal+1@gmail.com', 'adal+2@googlemail.com', 'AD.AL@gmail.com'];

describe('a mailbox', () => {
  test('gets two mails an hour and three a day that anybody could ask for, under all of its addresses', async () => {
    for (const email of victims) await world.signUp(email).catch(() => null);
    expect(await countMails()).toBe(2);
    pass(61 * minute);
    for (const email of victims) await world.signUp(email).catch(() => null);
    expect(await countMails()).toBe(3);
    pass(23 * 60 * minute);
    for (const email of victims) await world.signUp(email).catch(() => null);
    expect(await countMails()).toBe(5);

    await forgetPromisedMails(world.db, world.clock.now);
    expect(await world.db.promisedMail.count()).toBe(3);
    pass(24 * 60 * minute);
    await forgetPromisedMails(world.db, world.clock.now);
    expect(await world.db.promisedMail.count()).toBe(0);
  });

  test('gets no more from six readers who each want to move there', async () => {
    const readers = [];
    for (let index = 0; index < 6; index += 1) readers.push(await world.subscribe(`r${index}@example.org`));
    const answers = [];
    for (const { id: subscriberId } of readers) {
      for (const email of victims.slice(0, 3))
        answers.push(await requestAddressChange(world, { subscriberId, email }));
    }
    expect(new Set(answers)).toEqual(new Set(['requested']));
    expect(await countMails({ kind: 'address_change' })).toBe(2);
    const [first] = readers;
    expect(await requestAddressChange(world, { subscriberId: first?.id ?? '', email: 'x@y.org' })).toBe(
      'too-many',
    );
  });

  test('that others fill up still gets what its reader asks for, five mails a day in all', async () => {
    const { id } = await world.subscribe('ada.l@gmail.com');
    for (const email of victims) await world.signUp(email).catch(() => null);
    pass(61 * minute);
    for (const email of victims) await world.signUp(email).catch(() => null);
    expect(await countMails()).toBe(3);
    await requestPreferencesLink(world, 'ada.l@gmail.com');
    await answerLinkRequests(world);
    await sayGoodbye(world, id);
    expect(await countMails()).toBe(5);
    pass(61 * minute);
    await world.signUp('ada.l@gmail.com');
    expect(await countMails()).toBe(5);
  });

  test('that others fill up is still warned when its subscription is to go elsewhere', async () => {
    const { id: subscriberId } = await world.subscribe('ada.l@gmail.com');
    for (const email of victims) await world.signUp(email).catch(() => null);
    await requestAddressChange(world, { subscriberId, email: 'thief@example.org' });
    expect(await countMails({ kind: 'address_notice', subscriberId })).toBe(1);
  });

  test('has no new budget once an account is erased', async () => {
    for (const email of victims.slice(0, 2)) await world.signUp(email);
    await world.db.subscriber.deleteMany();
    for (const email of victims) await world.signUp(email).catch(() => null);
    expect(await countMails()).toBe(0);
  });

  test('has one budget in all processes, also when they ask at the same moment', async () => {
    const other = createDb(world.databaseUrl, 5);
    const asked = Array.from({ length: 20 }, async (_, index) => {
      const db = index % 2 === 0 ? world.db : other;
      const email = `ada+${index}@example.org`;
      const { id: subscriberId } = await db.subscriber.create({ data: { email, emailKey: email } });
      return db.$transaction((tx) =>
        promises.promiseAccountMail(tx, { subscriberId, kind: 'confirmation', now: world.clock.now }),
      );
    });
    expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(2);
    await other.$disconnect();
  });
});

// "Never mail me again": by a link in every account mail, for whoever has the mailbox.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requestAddressChange } from '../../../src/subscribers/account/change-address.ts';
import { eraseReader } from '../../../src/subscribers/account/erase-reader.ts';
import { signNoMail } from '../../../src/subscribers/account/mail-links.ts';
import { listSuppressed } from '../../../src/subscribers/store.ts';
import { barMailbox, barredByOwner } from '../../../src/subscribers/suppressions/bar-mailbox.ts';
import {
  importSuppressions,
  writeHead,
  writeSuppression,
} from '../../../src/subscribers/suppressions/suppression-file.ts';
import {
  liftSuppressions,
  listSuppressions,
} from '../../../src/subscribers/suppressions/suppression-store.ts';
import { openPostOffice, type PostOffice } from '../../support/post-office.ts';
import { readMail } from '../../support/read-mail.ts';
import { ada, expertPaper } from '../../support/world.ts';

let post: PostOffice;
beforeAll(async () => {
  post = await openPostOffice();
  await post.list('2026-03-02', [expertPaper('translation')]);
});
afterAll(() => post?.close());

const victim = 'victim@gmail.com';
const day = 24 * 60 * 60 * 1000;

/** Of the last mail to them: what leaves together may arrive in any order. */
async function takeLink(address: string): Promise<string> {
  const { text } = await readMail(
    post.smtp.mails.findLast(({ to }) => to === address)?.raw ?? Buffer.alloc(0),
  );
  const [, token] = /\/no-mail\/([\w-]+)/.exec(text) ?? [];
  if (token === undefined) throw new Error('no link');
  return token;
}

test('the link in a mail that nobody asked for bars the whole mailbox from all mail, and an operator can lift that', async () => {
  const { id: subscriberId } = await post.subscribe(ada);
  await post.deliver();
  await requestAddressChange(post, { subscriberId, email: 'Vic.Tim+x@googlemail.com' });
  await post.deliver();
  const token = await takeLink('Vic.Tim+x@googlemail.com');

  // What is promised already, and what is asked for later.
  await requestAddressChange(post, { subscriberId, email: victim });
  expect(await barMailbox(post, token)).toBe('barred');
  expect(await barMailbox(post, token)).toBe('barred');
  const before = post.smtp.mails.filter(({ to }) => !to.includes(ada)).length;
  await post.deliver();
  post.pass(2 * day);
  await post.signUp('victim+again@gmail.com').catch(() => null);
  await requestAddressChange(post, { subscriberId, email: 'v.ictim@gmail.com' });
  await post.deliver();
  expect(post.smtp.mails.filter(({ to }) => !to.includes(ada))).toHaveLength(before);

  const [entry] = await listSuppressions(post.db, { after: '', limit: 10 });
  expect(entry).toMatchObject({ cause: 'owner', reason: barredByOwner });
  expect(entry?.email).toMatch(/^mailbox:[0-9a-f]{32}$/);
  // The list as a file takes it along.
  const line = entry === undefined ? '' : writeSuppression(entry, 'csv');
  const chunks = (async function* () {
    yield writeHead('csv') + line;
  })();
  const deps = { db: post.db, now: post.now(), onRefused: () => {} };
  expect(await importSuppressions(deps, { chunks, format: 'csv' })).toEqual({
    added: 0,
    known: 1,
    refused: 0,
  });
  expect(await liftSuppressions(post.db, { filter: { email: victim }, now: post.now() })).toBe(1);
  expect(await listSuppressed(post.db, [victim])).toEqual(new Set());
});

test('who is subscribed gets nothing any more either, not even what a worker has in hand', async () => {
  const { id } = await post.subscribe('grace@example.org');
  const token = signNoMail(post.tokens, { to: 'Grace@example.org', createdAt: post.now() });
  await barMailbox(post, token);
  const count = post.smtp.mails.length;
  await post.deliver();
  expect(post.smtp.mails).toHaveLength(count);
  expect(
    await post.db.delivery.findMany({ where: { subscriberId: id }, orderBy: { id: 'asc' } }),
  ).toMatchObject([
    { kind: 'confirmation', state: 'cancelled' },
    { state: 'cancelled', reasonCode: 'suppressed' },
  ]);
});

test('who was forgotten while barred gets nothing when they come back, not even what a worker has in hand', async () => {
  const alan = 'alan@example.org';
  const { id } = await post.subscribe(alan);
  await post.db.suppression.create({ data: { emailKey: alan, cause: 'hard', reason: 'no such user' } });
  await eraseReader(post, id);
  expect(await post.db.suppression.count({ where: { emailKey: alan } })).toBe(0);
  // As if it were barred only once it is back.
  const kept = await post.db.suppression.findFirstOrThrow({ where: { cause: 'hard' } });
  await post.db.suppression.delete({ where: { emailKey: kept.emailKey } });
  const back = await post.subscribe(alan);
  await post.db.suppression.create({ data: kept });
  const count = post.smtp.mails.length;
  await post.deliver();
  expect(post.smtp.mails).toHaveLength(count);
  expect(
    await post.db.delivery.findMany({ where: { subscriberId: back.id }, orderBy: { id: 'asc' } }),
  ).toMatchObject([
    { kind: 'confirmation', state: 'cancelled' },
    { state: 'cancelled', reasonCode: 'suppressed' },
  ]);
});

test('no other link does it, and this one nothing else', async () => {
  const { id: subscriberId } = await post.find(ada);
  const count = await post.db.suppression.count();
  const other = post.tokens.sign({ purpose: 'unsubscribe', subscriberId, issuedAt: post.now() });
  expect(await barMailbox(post, other)).toBe('invalid');
  expect(await barMailbox(post, 'forged')).toBe('invalid');
  expect(await post.db.suppression.count()).toBe(count);
});

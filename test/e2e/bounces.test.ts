// A digest that cannot be delivered, from its mail to the one that comes after: sent over SMTP, sent back over SMTP to the
// real receiver, told by the history page, lifted by the operator.
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type BounceReceiver, startBounceReceiver } from '../../src/bounces/receiver.ts';
import { recordBounce } from '../../src/bounces/record-bounce.ts';
import { createBounceAddresses, createBounceTokens } from '../../src/platform/bounce-address.ts';
import { makeCertificate } from '../../src/platform/keys/certificate.ts';
import { plan } from '../../src/service/jobs.ts';
import { liftSuppressions } from '../../src/subscribers/suppressions/suppression-store.ts';
import { writeBounceMail } from '../support/bounce-mails.ts';
import { sendBack } from '../support/bounce-sender.ts';
import { openPostOffice, type PostOffice } from '../support/post-office.ts';
import { readMail } from '../support/read-mail.ts';
import { openSite, type Site } from '../support/site.ts';
import type { CaughtMail } from '../support/smtp-catcher.ts';
import { ada, expertPaper } from '../support/world.ts';

const day = 24 * 60 * 60 * 1000;
const log = pino({ level: 'silent' });
const bounceTokens = createBounceTokens('a secret for tests that is long enough', null);
const addresses = createBounceAddresses('bounces@papers.example.org', bounceTokens);

let post: PostOffice;
let receiver: BounceReceiver;
let site: Site;
beforeEach(async () => {
  post = await openPostOffice({ bounceAddresses: addresses });
  await post.list('2026-03-02', [expertPaper('translation')]);
  receiver = await startBounceReceiver({
    host: '127.0.0.1',
    port: 0,
    addresses,
    certificate: makeCertificate('mail.example.org', new Date()),
    record: (bounce) => recordBounce({ ...post, bounceTokens, log }, bounce),
    now: post.now,
    log,
  });
  site = await openSite(post);
});
afterEach(async () => {
  site.close();
  await receiver.stop();
  await post.close();
});

async function subscribeAda(): Promise<CaughtMail> {
  await post.subscribe(ada);
  await post.db.delivery.deleteMany({ where: { kind: 'confirmation' } });
  await post.deliver();
  return lastMail();
}

function lastMail(): CaughtMail {
  const mail = post.smtp.mails.at(-1);
  if (mail === undefined) throw new Error('no mail was sent');
  return mail;
}

/** What Ada's server sends back for a mail: to where the mail came from, with its header in it. */
async function refuseLater({ from, raw }: CaughtMail, shape: string) {
  const { headers, oneClickUrl } = await readMail(raw);
  const messageId = headers.get('message-id')?.[0]?.slice(1, -1) ?? '';
  const names = { bounceAddress: from, messageId, unsubscribeUrl: oneClickUrl ?? '' };
  return sendBack(receiver.port, { to: from, raw: writeBounceMail(shape, names) });
}

/** As Ada reads it, by the link in her mail. */
async function readHistory({ raw }: CaughtMail, language = 'en'): Promise<string> {
  const url = (await readMail(raw)).urls.find((each) => each.includes('/preferences/')) ?? '';
  const page = await fetch(`${site.url}${new URL(url).pathname}/history?lang=${language}`);
  return (await page.text()).replaceAll('&lt;', '<').replaceAll('&gt;', '>');
}

async function nextDay(): Promise<number> {
  const before = post.smtp.mails.length;
  post.pass(day);
  await post.list(post.now().toISOString().slice(0, 10), [expertPaper(`day ${post.now().toISOString()}`)]);
  await plan({
    ...post,
    askImported: async () => 0,
    unknownPolicy: 'leave',
    departedDays: 365,
    months: { ledgerDays: 400, fetchDays: 90 },
    log,
  });
  await post.deliver();
  return post.smtp.mails.length - before;
}

test('a digest that comes back is the last, until the operator lifts the address', async () => {
  const digest = await subscribeAda();
  expect(digest.from).toMatch(/^bounces\+[0-9a-f]{40}@papers\.example\.org$/);
  expect(digest.raw.toString('latin1')).toMatch(/^From: .*<digest@papers\.example\.org>/m);
  expect(await readHistory(digest)).toContain('Sent, with 1 paper.');

  expect(await refuseLater(digest, 'postfix-unknown-user')).toMatchObject({ type: 'accepted' });
  const told = 'Sent, and came back later. Your mail system said: “550 5.1.1 <…>';
  expect(await readHistory(digest)).toContain(told);
  expect(await nextDay()).toBe(0);
  expect(await nextDay()).toBe(0);
  expect(await readHistory(digest)).toContain('mail to your address is stopped');

  await liftSuppressions(post.db, { filter: { email: ada }, now: post.now() });
  expect(await nextDay()).toBe(1);
  const again = await post.smtp.parse(lastMail());
  // The papers of the days between are not lost.
  expect(again.text?.match(/Mixture-of-Experts for/g)?.length).toBeGreaterThanOrEqual(3);
});

test('a complaint sent back to the same address ends the subscription', async () => {
  const digest = await subscribeAda();
  expect(await refuseLater(digest, 'arf-abuse')).toMatchObject({ type: 'accepted' });
  expect((await post.find(ada)).status).toBe('unsubscribed');
  expect(await nextDay()).toBe(0);
});

test('a refusal while sending bars the address as well, a minute later', async () => {
  post.smtp.behave((stage) =>
    stage === 'RCPT' ? { type: 'reply', line: '550 5.1.1 <ada@example.org>: no such user' } : null,
  );
  await post.subscribe(ada);
  await post.db.delivery.deleteMany({ where: { kind: 'confirmation' } });
  await post.deliver();
  expect(await post.ledger()).toMatchObject([{ state: 'rejected' }]);
  post.smtp.behave(() => null);
  expect(await nextDay()).toBe(0);
  expect(await post.db.suppression.findMany({ select: { reason: true } })).toEqual([
    { reason: 'hard bounce: 550 5.1.1 <…>: no such user' },
  ]);
});

test('a full mailbox is told in the reader’s language, and costs nothing else', async () => {
  const digest = await subscribeAda();
  await refuseLater(digest, 'postfix-mailbox-full');
  const words = {
    de: 'Verschickt und später zurückgekommen',
    fr: 'puis revenue plus tard',
    ja: '送信後に返送されました',
  };
  for (const [language, text] of Object.entries(words))
    expect(await readHistory(digest, language)).toContain(text);
  expect(await nextDay()).toBe(1);
});

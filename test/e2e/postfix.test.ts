// A Postfix between us and the readers, as Debian sets it up, on this machine: what it takes, refuses, puts off, and what it
// sends back when the server behind it refuses, all the way to the ledger.
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BounceReceiver, startBounceReceiver } from '../../src/bounces/receiver.ts';
import { recordBounce } from '../../src/bounces/record-bounce.ts';
import { createBounceAddresses, createBounceTokens } from '../../src/platform/bounce-address.ts';
import { makeCertificate } from '../../src/platform/keys/certificate.ts';
import { describeWith } from '../support/needs.ts';
import { openPostOffice, type PostOffice } from '../support/post-office.ts';
import { type Postfix, startPostfix } from '../support/start-postfix.ts';
import { waitFor } from '../support/wait-for.ts';
import { expertPaper } from '../support/world.ts';

const log = pino({ level: 'silent' });
const bounceTokens = createBounceTokens('a secret for tests that is long enough', null);
const addresses = createBounceAddresses('bounces@papers.example.org', bounceTokens);

describeWith('postfix', 'through a Postfix', () => {
  let post: PostOffice;
  let receiver: BounceReceiver;
  let postfix: Postfix;
  const readers = ['ada', 'grace', 'alan', 'edsger'].map((name) => `${name}@example.org`);
  const [ada = '', grace = '', alan = '', edsger = ''] = readers;

  beforeAll(async () => {
    receiver = await startBounceReceiver({
      host: '127.0.0.1',
      port: 0,
      addresses,
      certificate: makeCertificate('papers.example.org', new Date()),
      record: (bounce) => recordBounce({ ...post, bounceTokens, log }, bounce),
      now: () => post.now(),
      log,
    });
    const putPostfixInFront = async (smtpUrl: string) => {
      postfix = await startPostfix({
        nextHops: { 'example.org': Number(new URL(smtpUrl).port), 'papers.example.org': receiver.port },
        answers: {
          [grace]: '550 5.1.1 no such user',
          [alan]: '450 4.2.1 the mailbox is busy, try again later',
        },
      });
      return postfix.smtpUrl;
    };
    post = await openPostOffice({ bounceAddresses: addresses, changeUrl: putPostfixInFront });
    // The server behind it learns only when it is given the mail that there is no such mailbox.
    post.smtp.behave((stage, { to }) =>
      stage === 'RCPT' && to === edsger
        ? { type: 'reply', line: '550 5.1.1 <edsger@example.org>: no such user here' }
        : null,
    );
    await post.list('2026-03-02', [expertPaper('translation')]);
    for (const reader of readers) await post.subscribe(reader);
    await post.db.delivery.deleteMany({ where: { kind: 'confirmation' } });
    await post.deliver();
  });
  afterAll(async () => {
    await post.close();
    await receiver.stop();
    await postfix.stop();
  });

  const findDelivery = (email: string) =>
    post.db.delivery.findFirstOrThrow({ where: { subscriber: { email } } });

  test('a digest is delivered, over TLS with a certificate that nobody signed', async () => {
    await waitFor('the mail', () => post.smtp.mails.some(({ to }) => to === ada));
    expect(await findDelivery(ada)).toMatchObject({
      state: 'accepted',
      replyCode: 250,
    });
    const mail = post.smtp.mails.find(({ to }) => to === ada);
    expect(mail?.raw.toString('latin1')).toMatch(/^\s+\(using TLSv1\.[23] /m);
    expect((await post.smtp.parse(mail)).text).toContain('translation');
  });

  test('a reader whom it does not know is refused, with its words', async () => {
    expect(await findDelivery(grace)).toMatchObject({
      state: 'rejected',
      smtpStage: 'recipient',
      replyCode: 550,
      replyStatus: '5.1.1',
    });
  });

  test('a reader who is to wait is put off, with its words', async () => {
    expect(await findDelivery(alan)).toMatchObject({
      state: 'deferred',
      smtpStage: 'recipient',
      replyCode: 450,
    });
  });

  test('what the server behind it refuses comes back by its own report, and is recorded', async () => {
    const { id, state } = await findDelivery(edsger);
    expect(state).toBe('accepted');
    const bounces = await waitFor('the report', async () => {
      const found = await post.db.bounce.findMany({ where: { deliveryId: id } });
      return found.length > 0 ? found : null;
    });
    expect(bounces).toMatchObject([{ kind: 'hard', status: '5.1.1' }]);
    const suppressed = await post.db.suppression.findMany({ select: { emailKey: true } });
    expect(suppressed).toEqual([{ emailKey: edsger }]);
    expect(await postfix.readLog()).toContain('sender non-delivery notification');
  });
});

// The log follows a mail by the id of its delivery: when it was planned, what became of it, and what came back.
import { pino } from 'pino';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { recordBounce } from '../../src/bounces/record-bounce.ts';
import { deliverDue } from '../../src/delivery/deliver.ts';
import { createBounceTokens } from '../../src/platform/bounce-address.ts';
import { writeBounceMail } from '../support/bounce-mails.ts';
import { type SmtpCatcher, startSmtpCatcher } from '../support/smtp-catcher.ts';
import { wireDelivery } from '../support/wire-delivery.ts';
import { ada, createWorld, expertPaper, type World } from '../support/world.ts';

const bounceTokens = createBounceTokens('a secret for tests that is long enough', null);

let world: World;
let smtp: SmtpCatcher;
beforeAll(async () => {
  world = await createWorld();
  smtp = await startSmtpCatcher();
});
afterAll(async () => {
  await smtp?.close();
  await world?.close();
});

test('from the plan to what came back', async () => {
  const said: Record<string, unknown>[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void said.push(JSON.parse(line)) });
  const { db, now } = world;
  await world.list('2026-03-02', [expertPaper('translation')]);
  await world.subscribe(ada);
  const { smtpUrl } = smtp;
  const { deps } = await wireDelivery({ db, mailSources: inject('mailSources'), smtpUrl, now, log });
  await deliverDue(deps).finally(() => deps.mailer.close());
  const { id } = await db.delivery.findFirstOrThrow({ where: { kind: 'digest' } });
  const raw = Buffer.from(writeBounceMail('postfix-unknown-user'));
  await recordBounce({ ...world, bounceTokens, log }, { raw, deliveryId: id });

  const ofDigest = said.filter(({ deliveryId }) => deliveryId === String(id));
  expect(ofDigest).toMatchObject([
    { msg: 'mail taken in hand', kind: 'digest', plannedAt: expect.stringMatching(/^\d{4}-/) },
    { msg: 'mail sent', kind: 'digest', outcome: 'accepted' },
    { msg: 'mail came back' },
  ]);
});

// The doors for what comes back, of a service as its operator starts it: a mailbox, and a mail provider's events.
import { createHmac } from 'node:crypto';
import { ImapFlow } from 'imapflow';
import { expect, test } from 'vitest';
import { createBounceAddresses, createBounceTokens } from '../../src/platform/bounce-address.ts';
import { someNames, writeBounceMail } from '../support/bounce-mails.ts';
import { describeWith } from '../support/needs.ts';
import { makeInstallation } from '../support/service.ts';
import { startDovecot } from '../support/start-dovecot.ts';
import { waitFor } from '../support/wait-for.ts';
import { ada, createWorld, grace } from '../support/world.ts';

const secret = 'a secret for tests that is long enough';
const webhookSecret = 'a secret of the generic hook';

describeWith('dovecot', 'a service that is told where bounces are', () => {
  test('reads its mailbox, and takes the events of a mail provider', async () => {
    const [world, dovecot] = await Promise.all([createWorld(), startDovecot()]);
    const addresses = createBounceAddresses('bounces@papers.example.org', createBounceTokens(secret, null));
    const subscribe = async (email: string) => {
      const { id: subscriberId } = await world.subscribe(email);
      return world.db.delivery.findFirstOrThrow({ where: { subscriberId, kind: 'digest' } });
    };
    const [toAda, toGrace] = [await subscribe(ada), await subscribe(grace)];
    const bounceAddress = addresses.write({ deliveryId: toAda.id, signedAt: new Date() });
    const client = new ImapFlow({
      host: dovecot.host,
      port: dovecot.port,
      secure: false,
      tls: { rejectUnauthorized: false },
      auth: { user: 'bounces', pass: dovecot.password },
      logger: false,
    });
    await client.connect();
    await client.append('INBOX', writeBounceMail('postfix-unknown-user', { ...someNames, bounceAddress }));
    await client.logout();

    const login = `bounces:${encodeURIComponent(dovecot.password)}`;
    const installation = await makeInstallation({
      DATABASE_URL: world.databaseUrl,
      SMTP_URL: 'smtp://127.0.0.1:1',
      BASE_URL: 'https://papers.example.org',
      SECRET_KEY: secret,
      HOST: '127.0.0.1',
      BOUNCE_MAILBOX_URL: `imap://${login}@127.0.0.1:${dovecot.port}/INBOX`,
      WEBHOOK_GENERIC: webhookSecret,
    });
    try {
      await installation.start();
      const time = String(Math.floor(Date.now() / 1000));
      const messageId = `digest.${toGrace.id}.${toGrace.subscriberId}@papers.example.org`;
      const body = JSON.stringify({
        events: [{ type: 'complaint', at: new Date().toISOString(), messageId }],
      });
      const hmac = createHmac('sha256', webhookSecret).update(`${time}.${body}`).digest('hex');
      const response = await fetch(`http://127.0.0.1:${installation.env.PORT}/hooks/generic`, {
        method: 'POST',
        headers: { 'x-webhook-timestamp': time, 'x-webhook-signature': `sha256=${hmac}` },
        body,
      });
      expect(response.status).toBe(200);
      const kinds = async () => {
        const rows = await world.db.bounce.findMany({ select: { deliveryId: true, kind: true } });
        return new Map(rows.map(({ deliveryId, kind }) => [deliveryId, kind]));
      };
      await waitFor('the mailbox to be read', async () => (await kinds()).size === 2);
      expect(await kinds()).toEqual(
        new Map([
          [toAda.id, 'hard'],
          [toGrace.id, 'complaint'],
        ]),
      );
    } finally {
      await installation.remove();
      await dovecot.stop();
      await world.close();
    }
  }, 240_000);
});

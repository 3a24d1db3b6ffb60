// How mails are handed to a server that is not on this machine: encrypted, to the one that is meant, under our name.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';
import { afterEach, describe, expect, test } from 'vitest';
import { makeCertificate } from '../../src/platform/keys/certificate.ts';
import { createMailer, type MailerOptions } from '../../src/smtp/mailer.ts';
import { startSmtpCatcher } from '../support/smtp-catcher.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const { cert, key } = makeCertificate('mail.example.org', new Date());

/** What came, over which session. */
async function startServer(options: SMTPServerOptions = {}) {
  const came: SMTPServerSession[] = [];
  const logins: { method: string; accessToken?: string | undefined; secure: boolean }[] = [];
  const server = new SMTPServer({
    cert,
    key,
    authOptional: true,
    disableReverseLookup: true,
    onAuth({ method, accessToken, username }, { secure }, callback) {
      logins.push({ method, accessToken, secure });
      callback(null, { user: username ?? 'user' });
    },
    onData(stream, session, callback) {
      stream.resume();
      stream.on('end', () => {
        came.push(session);
        callback();
      });
    },
    ...options,
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  open.push(() => new Promise<void>((resolve) => server.close(resolve)));
  return { came, logins, port: (server.server.address() as AddressInfo).port };
}

/** No loopback to who reads the URL, and yet this machine. */
const away = (port: number, login = '') => `smtp://${login}0.0.0.0:${port}`;

async function sendTo(options: Omit<MailerOptions, 'connections'>) {
  const mailer = createMailer({ connections: 1, ...options });
  open.push(() => mailer.close());
  const envelope = { from: 'digest@papers.example.org', to: 'ada@example.org', id: '7' };
  return mailer.send({ envelope, raw: Buffer.from('Subject: hello\r\n\r\nhello\r\n') });
}

describe('a server off this machine', () => {
  test('that offers no TLS is given neither password nor mail, and the remedy is told', async () => {
    const { came, logins, port } = await startServer({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });
    const result = await sendTo({ smtpUrl: away(port, 'user:word@') });
    expect(result).toMatchObject({
      type: 'failed',
      bodyStarted: false,
      reason: expect.stringMatching(/tls=optional/),
    });
    expect([came, logins]).toEqual([[], []]);
    const ignoring = await sendTo({ smtpUrl: `${away(port, 'user:word@')}?ignoreTLS=true` });
    expect(ignoring).toMatchObject({ type: 'failed', bodyStarted: false });
    expect([came, logins]).toEqual([[], []]);
  });

  test('is given both where that was allowed', async () => {
    const { came, port } = await startServer({ hideSTARTTLS: true, disabledCommands: ['STARTTLS', 'AUTH'] });
    expect(await sendTo({ smtpUrl: away(port), tls: 'optional' })).toMatchObject({ type: 'accepted' });
    expect(came).toMatchObject([{ secure: false }]);
  });

  test('with a certificate that nobody vouches for gets nothing, and the remedy is told', async () => {
    const { came, port } = await startServer();
    expect(await sendTo({ smtpUrl: away(port) })).toMatchObject({
      type: 'failed',
      bodyStarted: false,
      reason: expect.stringMatching(/certificate of 0\.0\.0\.0 .*NODE_EXTRA_CA_CERTS.*tls=unverified/),
    });
    expect(came).toEqual([]);
    expect(await sendTo({ smtpUrl: away(port), tls: 'unverified' })).toMatchObject({ type: 'accepted' });
    expect(came).toMatchObject([{ secure: true }]);
  });
});

test('a server on this machine is taken with the certificate that it made itself, as Debian’s Postfix has', async () => {
  const { came, port } = await startServer();
  for (const host of ['127.0.0.1', 'localhost'])
    expect(await sendTo({ smtpUrl: `smtp://${host}:${port}` })).toMatchObject({ type: 'accepted' });
  expect(came).toMatchObject([{ secure: true }, { secure: true }]);
});

test('we are called by our name', async () => {
  const { came, port } = await startServer();
  await sendTo({ smtpUrl: `smtp://127.0.0.1:${port}`, ehloName: 'mail.example.org' });
  expect(came).toMatchObject([{ hostNameAppearsAs: 'mail.example.org' }]);
});

test('a server that has DSN is asked to tell failures only, with the headers and whose mail it was', async () => {
  const catcher = await startSmtpCatcher({ extensions: ['DSN'] });
  open.push(() => catcher.close());
  await sendTo({ smtpUrl: catcher.smtpUrl });
  expect(catcher.heard).toEqual(
    expect.arrayContaining([
      'MAIL FROM:<digest@papers.example.org> RET=HDRS ENVID=7',
      'RCPT TO:<ada@example.org> NOTIFY=FAILURE ORCPT=rfc822;ada@example.org',
    ]),
  );
  const other = await startSmtpCatcher();
  open.push(() => other.close());
  await sendTo({ smtpUrl: other.smtpUrl });
  expect(other.heard).toContain('RCPT TO:<ada@example.org>');
});

test('XOAUTH2 logs in with a token that was had for the lasting one, and has it anew once it is refused', async () => {
  let given = 0;
  const asked: URLSearchParams[] = [];
  const tokens = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      given += 1;
      asked.push(new URLSearchParams(body));
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ access_token: `token${given}`, expires_in: 3600, token_type: 'Bearer' }));
    });
  });
  await new Promise<void>((resolve) => tokens.listen(0, '127.0.0.1', resolve));
  open.push(() => new Promise((resolve) => tokens.close(resolve)));
  const tried: (string | undefined)[] = [];
  const { came, port } = await startServer({
    authMethods: ['XOAUTH2'],
    onAuth({ accessToken }, _session, callback) {
      tried.push(accessToken);
      if (accessToken === 'token2') callback(null, { user: 'digest@example.org' });
      else callback(null, { data: { status: '401', schemes: 'bearer', scope: 'mail' } });
    },
  });
  const oauth = {
    tokenUrl: `http://127.0.0.1:${(tokens.address() as AddressInfo).port}/token`,
    clientId: 'client',
    clientSecret: 'secret',
    refreshToken: 'lasting',
  };
  const smtpUrl = `smtp://digest%40example.org@127.0.0.1:${port}`;
  expect(await sendTo({ smtpUrl, oauth })).toMatchObject({ type: 'accepted' });
  expect(tried).toEqual(['token1', 'token2']);
  expect(Object.fromEntries(asked[0] ?? [])).toEqual({
    client_id: 'client',
    client_secret: 'secret',
    refresh_token: 'lasting',
    grant_type: 'refresh_token',
  });
  expect(came).toHaveLength(1);
});

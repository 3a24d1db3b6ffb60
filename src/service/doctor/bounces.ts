// Does what comes back arrive: the port, the mailbox.
import { connect } from 'node:net';
import { pino } from 'pino';
import { countMessages } from '../../bounces/mailbox.ts';
import type { Config } from '../../config/config.ts';
import { readCertificate } from '../../platform/keys/certificate.ts';
import type { MailboxSettings } from '../../platform/mailbox-url.ts';
import { describeError, fail, ok, type Told, warn } from './finding.ts';

type Input = { config: Config; patienceMs: number };

export async function examineBounces({ config, patienceMs }: Input): Promise<Told[]> {
  const { bounceAddress, bouncePort, bounceTls, bounceMailbox, webhooks, smtpServers, host } = config;
  const isTaken =
    bouncePort !== null ||
    bounceMailbox !== null ||
    Object.keys(webhooks).length > 0 ||
    bounceAddress !== null;
  if (!isTaken)
    return smtpServers.length === 0
      ? [ok('nothing comes back: mails do not leave this machine')]
      : [
          warn(
            'mails that come back go to their sender, where nobody counts them',
            'Set BOUNCE_ADDRESS with BOUNCE_PORT or BOUNCE_MAILBOX_URL, or one of the WEBHOOK_ variables',
          ),
        ];
  const told = await Promise.all([
    bouncePort === null ? [] : examinePort({ host, port: bouncePort, patienceMs }),
    bounceTls === null ? [] : examineCertificate(bounceTls),
    bounceMailbox === null ? [] : examineMailbox(bounceMailbox),
  ]);
  const found = told.flat();
  return found.length > 0 ? found : [ok('taken in by a command or by a mail provider’s events')];
}

async function examinePort({
  host,
  port,
  patienceMs,
}: {
  host: string;
  port: number;
  patienceMs: number;
}): Promise<Told[]> {
  const address = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  try {
    const greeting = await readGreeting({ address, port, patienceMs });
    if (/^(?:220|421|450)/.test(greeting)) return [ok(`BOUNCE_PORT ${port} answers (${greeting})`)];
    return [fail(`BOUNCE_PORT ${port} is answered by something else (${greeting})`, 'Take another port')];
  } catch (error) {
    return [
      warn(
        `nothing answers at ${address}:${port}, the BOUNCE_PORT (${describeError(error)})`,
        'A worker opens it (start --role worker or all), maybe on another machine; port 25 of the domain’s MX has to lead there',
      ),
    ];
  }
}

function readGreeting({
  address,
  port,
  patienceMs,
}: {
  address: string;
  port: number;
  patienceMs: number;
}): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port });
    socket.setTimeout(patienceMs, () => socket.destroy(new Error('no greeting')));
    socket.once('data', (chunk) => {
      resolve(chunk.toString('latin1').trim());
      socket.end('QUIT\r\n');
    });
    socket.on('error', reject);
    socket.once('close', () => reject(new Error('closed without a greeting')));
  });
}

const soonMs = 14 * 24 * 60 * 60 * 1000;

async function examineCertificate(files: { certFile: string; keyFile: string }): Promise<Told[]> {
  try {
    const { X509Certificate } = await import('node:crypto');
    const { validTo } = new X509Certificate((await readCertificate(files)).cert);
    const leftMs = Date.parse(validTo) - Date.now();
    if (leftMs > soonMs) return [ok(`the certificate of the bounce port is good until ${validTo}`)];
    return [
      warn(
        `the certificate of the bounce port ${leftMs < 0 ? 'ended' : 'ends'} on ${validTo}`,
        `Renew ${files.certFile}`,
      ),
    ];
  } catch (error) {
    return [
      fail(
        `BOUNCE_TLS_CERT and BOUNCE_TLS_KEY are no certificate and its key: ${describeError(error)}`,
        'Name two files in PEM that belong together, which the user that runs Paperround may read',
      ),
    ];
  }
}

async function examineMailbox(settings: MailboxSettings): Promise<Told[]> {
  const name = `the mailbox ${settings.mailbox} on ${settings.host}`;
  try {
    const count = await countMessages({ settings, log: pino({ level: 'silent' }) });
    return [ok(`${name} can be read, and has ${count} messages`)];
  } catch (error) {
    const { authenticationFailed, responseText } = error as {
      authenticationFailed?: boolean;
      responseText?: string;
    };
    return [
      fail(
        `${name} cannot be read: ${responseText ?? describeError(error)}`,
        authenticationFailed === true
          ? 'Check user and password in BOUNCE_MAILBOX_URL; some providers want a password made for apps'
          : 'Check BOUNCE_MAILBOX_URL: host, port, the folder’s name, and that the server’s certificate is for that host',
      ),
    ];
  }
}

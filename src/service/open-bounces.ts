// Wiring of what comes back: the key of the bounce addresses, the addresses, and the server that takes in what is sent
// to them.

import type { Hooks } from '../bounces/hooks.ts';
import { readMailbox } from '../bounces/mailbox.ts';
import { createFetchText } from '../bounces/providers/fetch-text.ts';
import { type BounceReceiver, startBounceReceiver } from '../bounces/receiver.ts';
import { recordBounce } from '../bounces/record-bounce.ts';
import { recordEvent } from '../bounces/record-event.ts';
import { type Config, domainOf } from '../config/config.ts';
import { readSecretKey } from '../local/secret-key.ts';
import {
  type BounceAddresses,
  type BounceTokens,
  createBounceAddresses,
  createBounceTokens,
} from '../platform/bounce-address.ts';
import { ConfigError } from '../platform/errors.ts';
import {
  type Certificate,
  type CertificateFiles,
  makeCertificate,
  readCertificate,
  watchCertificate,
} from '../platform/keys/certificate.ts';
import type { TokenSigner } from '../platform/keys/tokens.ts';
import type { Logger } from '../platform/logger.ts';
import type { Db } from '../platform/postgres/db.ts';
import type { Closer } from './closer.ts';

export async function openBounceTokens(config: Config): Promise<BounceTokens> {
  const secret = config.secretKey ?? (await readSecretKey(config.dataFolder));
  return createBounceTokens(secret, config.secretKeyPrevious);
}

/** Null: none is configured. */
export async function openBounceAddresses(config: Config): Promise<BounceAddresses | null> {
  if (config.bounceAddress === null) return null;
  return createBounceAddresses(config.bounceAddress, await openBounceTokens(config));
}

/** What it takes to judge what comes back. */
type Judging = { config: Config; db: Db; tokens: TokenSigner; now: () => Date; log: Logger };

/** Null: no mail provider's events are taken. */
export async function openHooks({ config, ...deps }: Judging): Promise<Hooks | null> {
  if (Object.keys(config.webhooks).length === 0) return null;
  const bounceTokens = await openBounceTokens(config);
  return {
    settings: config.webhooks,
    record: (event) => recordEvent({ ...deps, bounceTokens }, event),
    fetchText: createFetchText(),
  };
}

/** Null: no mailbox is configured. */
export async function openMailboxReader({
  config,
  ...deps
}: Judging): Promise<((signal: AbortSignal) => Promise<void>) | null> {
  const { bounceMailbox: settings } = config;
  if (settings === null) return null;
  const { log } = deps;
  const bounceTokens = await openBounceTokens(config);
  const record = (bounce: { raw: Buffer; deliveryId: null }) =>
    recordBounce({ ...deps, bounceTokens }, bounce);
  return async (signal) => {
    const counts = await readMailbox({ settings, record, log }, signal);
    if (counts.judged + counts.failed > 0) log.info(counts, 'mailbox of bounces read');
  };
}

/** Does nothing unless a port is configured. */
export async function receiveBounces(
  {
    config,
    db,
    tokens,
    now,
    log,
  }: { config: Config; db: Db; tokens: TokenSigner; now: () => Date; log: Logger },
  closer: Closer,
): Promise<void> {
  const addresses = await openBounceAddresses(config);
  const { bouncePort: port, bounceTls: files, host } = config;
  if (addresses === null || port === null) return;
  const certificate =
    files === null ? makeCertificate(domainOf(addresses.base), now()) : await readFiles(files);
  const deps = { db, bounceTokens: await openBounceTokens(config), tokens, now, log };
  const record = (bounce: { raw: Buffer; deliveryId: bigint }) => recordBounce(deps, bounce);
  try {
    const receiver = await startBounceReceiver({ host, port, addresses, certificate, record, now, log });
    closer.add(() => receiver.stop());
    if (files !== null) closer.add(keepCertificate(receiver, { files, log }));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    throw new ConfigError(
      code === 'EACCES'
        ? `BOUNCE_PORT=${port} needs rights that this user has not. Take another, and forward port 25 to it`
        : `BOUNCE_PORT=${port} is in use. Take another, and forward port 25 to it; of several workers on one machine, set it for one alone`,
    );
  }
}

async function readFiles(files: CertificateFiles): Promise<Certificate> {
  try {
    return await readCertificate(files);
  } catch (error) {
    throw new ConfigError(
      `BOUNCE_TLS_CERT and BOUNCE_TLS_KEY are no certificate and its key, as PEM: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

const certificateCheckMs = 60_000;

function keepCertificate(
  receiver: BounceReceiver,
  { files, log }: { files: CertificateFiles; log: Logger },
): () => void {
  return watchCertificate(files, {
    everyMs: certificateCheckMs,
    onChange(certificate) {
      receiver.useCertificate(certificate);
      log.info({ file: files.certFile }, 'certificate of the bounce port renewed');
    },
    onProblem: (error) =>
      log.warn({ err: error }, 'certificate of the bounce port not renewed: the one before stays in use'),
  });
}

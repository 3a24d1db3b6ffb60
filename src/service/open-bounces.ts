// Wiring of what comes back: the key of the bounce addresses, the addresses, and the server that takes in what is sent
// to them.

import { startBounceReceiver } from '../bounces/receiver.ts';
import { recordBounce } from '../bounces/record-bounce.ts';
import type { Config } from '../config/config.ts';
import { readSecretKey } from '../local/secret-key.ts';
import {
  type BounceAddresses,
  type BounceTokens,
  createBounceAddresses,
  createBounceTokens,
} from '../platform/bounce-address.ts';
import type { Db } from '../platform/db.ts';
import { ConfigError } from '../platform/errors.ts';
import type { Logger } from '../platform/logger.ts';
import type { TokenSigner } from '../platform/tokens.ts';
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
  const { bouncePort: port, host } = config;
  if (addresses === null || port === null) return;
  const deps = { db, bounceTokens: await openBounceTokens(config), tokens, now, log };
  const record = (bounce: { raw: Buffer; deliveryId: bigint }) => recordBounce(deps, bounce);
  try {
    const receiver = await startBounceReceiver({ host, port, addresses, record, now, log });
    closer.add(() => receiver.stop());
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    const why = code === 'EACCES' ? 'needs rights that this user has not' : 'is in use';
    throw new ConfigError(`BOUNCE_PORT=${port} ${why}. Take another, and forward port 25 to it`);
  }
}

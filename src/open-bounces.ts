// Wiring of what comes back: the key of the bounce addresses, the addresses.
import type { Config } from './config.ts';
import { type BounceAddresses, createBounceAddresses } from './delivery/bounces/bounce-address.ts';
import { type BounceTokens, createBounceTokens } from './delivery/bounces/bounce-token.ts';
import { readSecretKey } from './embedded/secret-key.ts';

export async function openBounceTokens(config: Config): Promise<BounceTokens> {
  const secret = config.secretKey ?? (await readSecretKey(config.dataFolder));
  return createBounceTokens(secret, config.secretKeyPrevious);
}

/** Null: none is configured. */
export async function openBounceAddresses(config: Config): Promise<BounceAddresses | null> {
  if (config.bounceAddress === null) return null;
  return createBounceAddresses(config.bounceAddress, await openBounceTokens(config));
}

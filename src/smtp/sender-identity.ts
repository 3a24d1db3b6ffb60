// What every mail of this service is written on.

import type { BounceAddresses } from '../bounces/bounce-address.ts';
import type { Config } from '../config/config.ts';
import { createDkimSigner, type DkimSigner } from './dkim.ts';
import type { Letterhead } from './message-headers.ts';

export type Stationery = {
  letterhead: Letterhead;
  /** Null: mails leave unsigned. */
  signer: DkimSigner | null;
  /** Null: what comes back goes to the sender. */
  bounceAddresses: BounceAddresses | null;
};

export function openStationery(
  { siteName, mailFrom, mailFromTransactional, dkim }: Config,
  bounceAddresses: BounceAddresses | null,
): Stationery {
  return {
    letterhead: { siteName, digestFrom: mailFrom, accountFrom: mailFromTransactional },
    signer: dkim === null ? null : createDkimSigner(dkim),
    bounceAddresses,
  };
}

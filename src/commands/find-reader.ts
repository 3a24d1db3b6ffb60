// A reader that a command was given by address or id.

import { ConfigError } from '../platform/errors.ts';
import type { Db } from '../platform/postgres/db.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';

/** Throws ConfigError when nobody is. */
export async function getReader(db: Db, addressOrId: string): Promise<Subscriber> {
  const { findReader } = await import('../subscribers/by-hand.ts');
  const reader = await findReader(db, addressOrId);
  if (reader === null)
    throw new ConfigError(`Nobody reads as ${addressOrId}: \`subscribers list\` has everyone`);
  return reader;
}

/** Throws ConfigError for what is no address. */
export async function readAddress(text: string): Promise<string> {
  const { parseEmail } = await import('../subscribers/preferences/parse-preferences.ts');
  const parsed = parseEmail(text);
  if (parsed.type === 'invalid')
    throw new ConfigError(`“${text}” is not a mail address such as ada@example.org`);
  return parsed.email;
}

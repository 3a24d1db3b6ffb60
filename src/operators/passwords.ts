// Passwords: Argon2id, off the event loop, with what OWASP asks for at least (19 MiB, two passes, one lane).
import { hash, verify } from '@node-rs/argon2';

const cost = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 };

export function hashPassword(password: string): Promise<string> {
  return hash(password, cost);
}

let nobodys: Promise<string> | null = null;

/** Takes as long for a name that nobody has (null): the time it takes tells nothing. */
export async function isPassword(password: string, passwordHash: string | null): Promise<boolean> {
  if (passwordHash !== null) return verify(passwordHash, password);
  nobodys ??= hashPassword('the password of nobody');
  await verify(await nobodys, password);
  return false;
}

// The keys that mails are signed with.
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Complain, Variables } from './read-env.ts';

export type DkimKey = { domainName: string; keySelector: string; privateKey: string };

/** A key that cannot sign would hold up every mail: it is refused here. */
export function readDkimKeys(values: Variables, complain: Complain): DkimKey[] {
  const names = ['DKIM_DOMAIN', 'DKIM_SELECTOR', 'DKIM_PRIVATE_KEY'] as const;
  const more = ['DKIM_ED25519_SELECTOR', 'DKIM_ED25519_PRIVATE_KEY'] as const;
  const isMore = more.some((name) => values[name] !== undefined);
  if (!isMore && names.every((name) => values[name] === undefined)) return [];
  // Many receivers know RSA only (RFC 8463 section 5).
  for (const name of isMore ? [...names, ...more] : names) {
    if (values[name] === undefined) complain(name, 'is missing: the DKIM variables of a key belong together');
  }
  const { DKIM_DOMAIN, DKIM_SELECTOR, DKIM_PRIVATE_KEY } = values;
  if (DKIM_DOMAIN === undefined || DKIM_SELECTOR === undefined || DKIM_PRIVATE_KEY === undefined) return [];
  const { DKIM_ED25519_SELECTOR = '', DKIM_ED25519_PRIVATE_KEY = '' } = values;
  if (DKIM_ED25519_SELECTOR === DKIM_SELECTOR)
    complain('DKIM_ED25519_SELECTOR', 'is that of the RSA key: each key has its own');
  const rsa = readPrivateKey('DKIM_PRIVATE_KEY', DKIM_PRIVATE_KEY, complain);
  const ed25519 = isMore
    ? readPrivateKey('DKIM_ED25519_PRIVATE_KEY', DKIM_ED25519_PRIVATE_KEY, complain)
    : null;
  return [
    ...(rsa === null ? [] : [{ keySelector: DKIM_SELECTOR, privateKey: rsa }]),
    ...(ed25519 === null ? [] : [{ keySelector: DKIM_ED25519_SELECTOR, privateKey: ed25519 }]),
  ].map((key) => ({ domainName: DKIM_DOMAIN, ...key }));
}

/** As PEM, of the kind that its variable is for. */
function readPrivateKey(
  name: 'DKIM_PRIVATE_KEY' | 'DKIM_ED25519_PRIVATE_KEY',
  keyOrPath: string,
  complain: Complain,
): string | null {
  try {
    const privateKey = keyOrPath.startsWith('-----BEGIN') ? keyOrPath : readFileSync(keyOrPath, 'utf8');
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(privateKey);
    if (name === 'DKIM_ED25519_PRIVATE_KEY') {
      if (asymmetricKeyType !== 'ed25519') complain(name, 'is not an Ed25519 key');
    } else if (asymmetricKeyType !== 'rsa' || (asymmetricKeyDetails?.modulusLength ?? 0) < 2048) {
      complain(name, 'is not an RSA key of at least 2048 bits');
    }
    return privateKey;
  } catch (error) {
    complain(name, `is neither a readable file nor a PEM key (${(error as Error).message})`);
    return null;
  }
}

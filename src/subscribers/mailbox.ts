// One mailbox has many addresses: with tags, with dots, in capitals, under a second domain. What is counted for whoever
// reads it is counted for all of them together.
import { hash } from 'node:crypto';
import { domainToASCII } from 'node:url';
import { LRUCache } from 'lru-cache';

type Provider = {
  domains: RegExp;
  /** Of several domains that lead to one mailbox, the one that stands for all. */
  domain?: string;
  /** What makes no difference before the `@`. */
  ignores?: RegExp;
  /** What a tag begins with, besides the plus sign. */
  tag?: string;
};

/** As each provider's help pages have it. Who is not here may have tags behind a plus sign, and nothing else. */
const providers: Provider[] = [
  { domains: /^(?:gmail|googlemail)\.com$/, domain: 'gmail.com', ignores: /\./g },
  { domains: /^(?:icloud|me|mac)\.com$/, domain: 'icloud.com' },
  { domains: /^(?:proton\.me|protonmail\.(?:com|ch)|pm\.me)$/, domain: 'proton.me', ignores: /[._-]/g },
  { domains: /^(?:yandex\.[a-z]{2,3}(?:\.[a-z]{2})?|ya\.ru)$/, domain: 'yandex.ru', ignores: /[.-]/g },
  { domains: /^(?:yahoo\.[a-z]{2,3}(?:\.[a-z]{2})?|ymail\.com|rocketmail\.com)$/, tag: '-' },
];

/** Readers are many, and their domains few. */
const knownProviders = new LRUCache<string, Omit<Provider, 'domains'>>({
  max: 1000,
  memoMethod: (host) => providers.find(({ domains }) => domains.test(host)) ?? {},
});

/** `Ada.L+papers@googlemail.com` is `adal@gmail.com`. Not to be mailed to. */
export function toMailbox(email: string): string {
  const at = email.lastIndexOf('@');
  const typed = email
    .slice(at + 1)
    .trim()
    .replace(/\.$/, '');
  const host = domainToASCII(typed) || typed.toLowerCase();
  const name = email
    .slice(0, at)
    .trim()
    .normalize('NFKC')
    .toLowerCase()
    .replace(/^"(.*)"$/, '$1');
  // Fastmail: whatever@ada.fastmail.com is ada@fastmail.com.
  const [, user, fastmail] = /^([^.]+)\.(fastmail\.(?:com|fm))$/.exec(host) ?? [];
  if (user !== undefined && fastmail !== undefined) return `${user}@${fastmail}`;

  const { domain = host, ignores, tag } = knownProviders.memo(host);
  const untagged = ['+', ...(tag === undefined ? [] : [tag])].reduce(cutTag, name);
  const bare = ignores === undefined ? untagged : untagged.replace(ignores, '');
  return `${bare || name}@${domain}`;
}

/** A name that begins with a sign has no tag. */
function cutTag(name: string, sign: string): string {
  const start = name.indexOf(sign);
  return start > 0 ? name.slice(0, start) : name;
}

/** The mailbox, fit to be kept where nobody is to read whose it is: 32 hex digits, as a UUID has. */
export function hashMailbox(email: string): string {
  return hash('sha256', `mailbox ${toMailbox(email)}`, 'hex').slice(0, 32);
}

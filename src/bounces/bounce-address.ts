// The envelope sender of each mail, `bounces+<token>@mail.example.org`: where receivers send what they could not deliver
// (variable envelope return paths). Whoever has no token of ours gets nothing in.
import { type BounceTokens, bounceTokenLength, type VerifiedBounceToken } from './bounce-token.ts';

export type BounceAddresses = {
  /** The address that the tokens are written into. */
  base: string;
  write(mail: { deliveryId: bigint; signedAt: Date }): string;
  read(address: string, now: Date): VerifiedBounceToken;
};

/** What RFC 5321 section 4.5.3.1.1 leaves of a local part when a plus and a token are written behind it. */
export const longestBounceName = 64 - 1 - bounceTokenLength;

export function createBounceAddresses(base: string, tokens: BounceTokens): BounceAddresses {
  const at = base.lastIndexOf('@');
  const [name, domain] = [base.slice(0, at), base.slice(at + 1)];
  const start = `${name}+`.toLowerCase();
  const end = `@${domain}`.toLowerCase();
  return {
    base,
    write: (mail) => `${name}+${tokens.sign(mail)}@${domain}`,
    read(address, now) {
      const given = address.toLowerCase();
      if (!given.startsWith(start) || !given.endsWith(end)) return { type: 'invalid' };
      return tokens.verify(given.slice(start.length, -end.length), now);
    },
  };
}

// What in a mail that came back names one of ours: tokens of bounce addresses, our Message-IDs, tokens of unsubscribe links.
// Looked for everywhere, since servers quote what they send back in many ways, and who reports a complaint blackens parts
// of it. All of them are known only to those who had the mail; that they are genuine is checked elsewhere.

import { bounceTokenLength } from '../platform/bounce-address.ts';
import { tokenLength } from '../platform/keys/tokens.ts';
import type { OpenedMessage } from './open-message.ts';

export type Clues = {
  bounceTokens: string[];
  messageIds: { deliveryId: bigint; subscriberId: string }[];
  unsubscribeTokens: string[];
};

/** Of each kind, the first: a mail is about one of ours, and it costs a look-up to try each. */
const mostOfAKind = 5;

export function findClues({ head, text, parts }: OpenedMessage): Clues {
  const all = unfold([head, text, ...parts.map((part) => part.text)].join('\n'));
  return {
    bounceTokens: findAll(all, bounceToken).map(([, token = '']) => token.toLowerCase()),
    messageIds: findAll(all, messageId).map(([, id = '0', subscriberId = '']) => ({
      deliveryId: BigInt(id),
      subscriberId: subscriberId.toLowerCase(),
    })),
    unsubscribeTokens: findAll(all, unsubscribeToken).map(([, token = '']) => token),
  };
}

const bounceToken = new RegExp(`\\+([0-9a-f]{${bounceTokenLength}})(?![0-9a-f])`, 'gi');
/** As smtp/message.ts writes it. */
const messageId = /\.(\d{1,18})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@/gi;
const unsubscribeToken = new RegExp(`/unsubscribe/([\\w-]{${tokenLength}})(?![\\w-])`, 'g');

function findAll(text: string, pattern: RegExp): RegExpExecArray[] {
  const found = new Map<string, RegExpExecArray>();
  for (const match of text.matchAll(pattern)) {
    found.set(match[0].toLowerCase(), match);
    if (found.size === mostOfAKind) break;
  }
  return [...found.values()];
}

/** A header that was folded within a token is whole again. */
function unfold(text: string): string {
  return text.replace(/\r?\n[ \t]+/g, '');
}

// Postmark's webhooks: not signed, but called with a password that stands in the address given to Postmark.
// https://postmarkapp.com/developer/webhooks/bounce-webhook
import { z } from 'zod';
import type { MailEvent } from '../record-event.ts';
import { instant, isEqual, type Provider, parseJson, retryAgeMs, someText } from './provider.ts';

const shape = z.looseObject({
  RecordType: z.string(),
  Type: someText,
  Email: someText,
  Details: someText,
  Description: someText,
  Content: z
    .string()
    .nullish()
    .transform((text) => text ?? ''),
  BouncedAt: instant.nullish(),
});

/** What their types mean; all others are no failures. */
const claims: Readonly<Record<string, MailEvent['claim']>> = {
  HardBounce: 'hard',
  BadEmailAddress: 'hard',
  SoftBounce: 'soft',
  Transient: 'soft',
  DnsError: 'soft',
  Unknown: 'soft',
  ManuallyDeactivated: 'soft',
  Blocked: 'policy',
  SpamNotification: 'policy',
  VirusNotification: 'policy',
  DMARCPolicy: 'policy',
};

export const postmark: Provider = {
  maxAgeMs: retryAgeMs,
  maxBytes: 256 * 1024,
  async verify(_deps, { body, header }, setting) {
    const [, encoded = ''] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header('authorization') ?? '') ?? [];
    const password = Buffer.from(encoded, 'base64')
      .toString('utf8')
      .replace(/^[^:]*:/, '');
    if (!isEqual(password, setting)) return null;
    const content = parseJson(body);
    return { content, signedAt: shape.safeParse(content).data?.BouncedAt ?? null };
  },
  parse(content, now) {
    const {
      RecordType,
      Type,
      Email: recipient,
      Details,
      Description,
      Content,
      BouncedAt,
    } = shape.parse(content);
    const rest = { status: null, recipient, clues: Content.slice(0, 100_000), at: BouncedAt ?? now };
    if (RecordType === 'SpamComplaint' || (RecordType === 'Bounce' && Type === 'SpamComplaint'))
      return [{ type: 'complaint', claim: null, words: 'abuse', ...rest }];
    const claim = RecordType === 'Bounce' ? claims[Type ?? ''] : undefined;
    return claim === undefined ? [] : [{ type: 'bounce', claim, words: Details || Description, ...rest }];
  },
};

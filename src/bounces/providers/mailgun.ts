// Mailgun's webhooks: an HMAC over a time and a token, both in the body. It does not cover the event, so that a token counts
// for the body that it first came with.
// https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks
import { createHash, createHmac } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { MailEvent } from '../record-event.ts';
import { instant, isEqual, type Provider, parseJson, readSeconds, retryAgeMs, someText } from './provider.ts';

const signatureShape = z.object({
  signature: z.object({ timestamp: z.string(), token: z.string().max(200), signature: z.string() }),
});

const code = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => (value === null || value === undefined ? null : String(value)));

const shape = z.object({
  'event-data': z.looseObject({
    event: z.string(),
    severity: someText,
    reason: someText,
    recipient: someText,
    timestamp: instant,
    envelope: z.looseObject({ sender: someText }).nullish(),
    message: z.looseObject({ headers: z.looseObject({ 'message-id': someText }).nullish() }).nullish(),
    'delivery-status': z
      .looseObject({ code, message: someText, description: someText, 'enhanced-code': someText })
      .nullish(),
  }),
});

/** By token, the hash of the body that it came with. */
const seen = new LRUCache<string, string>({ max: 20_000 });

export const mailgun: Provider = {
  maxAgeMs: retryAgeMs,
  maxBytes: 256 * 1024,
  async verify(_deps, { body }, setting) {
    const content = parseJson(body);
    const given = signatureShape.safeParse(content);
    if (!given.success) return null;
    const { timestamp, token, signature } = given.data.signature;
    const signedAt = readSeconds(timestamp);
    const expected = createHmac('sha256', setting).update(timestamp).update(token).digest('hex');
    if (signedAt === null || !isEqual(signature, expected)) return null;
    const hash = createHash('sha256').update(body).digest('hex');
    const before = seen.get(token) ?? hash;
    seen.set(token, before);
    return before === hash ? { content, signedAt } : null;
  },
  parse(content) {
    const event = shape.parse(content)['event-data'];
    const outcome = event['delivery-status'];
    const reply = outcome?.message || outcome?.description || event.reason;
    const rest = {
      recipient: event.recipient,
      clues: `<${event.message?.headers?.['message-id'] ?? ''}> ${event.envelope?.sender ?? ''}`,
      at: event.timestamp,
    };
    const told: MailEvent[] = [];
    if (event.event === 'complained')
      told.push({ type: 'complaint', claim: null, status: null, words: 'abuse', ...rest });
    // A failure that is not permanent is tried again by them.
    if (event.event === 'failed' && event.severity === 'permanent') {
      const isOfTheirList = event.reason?.startsWith('suppress-') ?? false;
      const isReplyCode = /^[45]\d\d$/.test(outcome?.code ?? '');
      told.push({
        type: 'bounce',
        claim: isOfTheirList ? 'soft' : 'hard',
        status: outcome?.['enhanced-code'] ?? null,
        words: isReplyCode && !isOfTheirList ? `${outcome?.code} ${reply ?? ''}` : (reply ?? null),
        ...rest,
      });
    }
    return told;
  },
};

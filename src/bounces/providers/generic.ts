// Anybody's events, in a form of our own: docs/operate.md has it. HMAC-SHA256 over the time, a dot and the body.
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { MailEvent } from '../record-event.ts';
import { instant, isEqual, type Provider, parseJson, readSeconds, someText } from './provider.ts';

const shape = z.object({
  events: z
    .array(
      z.looseObject({
        type: z.string(),
        at: instant,
        recipient: someText,
        messageId: someText,
        envelopeFrom: someText,
        claim: z.enum(['hard', 'soft', 'policy']).nullish(),
        status: someText,
        reply: someText,
      }),
    )
    .max(1000),
});

export const generic: Provider = {
  maxAgeMs: 5 * 60 * 1000,
  maxBytes: 1024 * 1024,
  async verify(_deps, { body, header }, setting) {
    const time = header('x-webhook-timestamp');
    const signedAt = readSeconds(time);
    if (time === null || signedAt === null) return null;
    const expected = createHmac('sha256', setting).update(`${time}.`).update(body).digest('hex');
    if (!isEqual(header('x-webhook-signature') ?? '', `sha256=${expected}`)) return null;
    return { content: parseJson(body), signedAt };
  },
  parse: (content) =>
    shape.parse(content).events.flatMap((event): MailEvent[] => {
      const { type, at, recipient, status, reply: words, claim = null } = event;
      if (type !== 'bounce' && type !== 'complaint') return [];
      const clues = `<${event.messageId ?? ''}> ${event.envelopeFrom ?? ''}`;
      return [{ type, claim, status, words, recipient, clues, at }];
    }),
};

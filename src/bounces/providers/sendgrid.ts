// SendGrid's signed event webhook: ECDSA (P-256) over the time and the body.
// https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
import { createPublicKey, verify } from 'node:crypto';
import { z } from 'zod';
import type { MailEvent } from '../record-event.ts';
import { instant, type Provider, parseJson, readSeconds, retryAgeMs, someText } from './provider.ts';

const shape = z.array(
  z.looseObject({
    event: z.string(),
    email: someText,
    timestamp: instant,
    type: someText,
    status: someText,
    reason: someText,
    response: someText,
    'smtp-id': someText,
  }),
);

export const sendgrid: Provider = {
  maxAgeMs: retryAgeMs,
  maxBytes: 1024 * 1024,
  async verify(_deps, { body, header }, setting) {
    const time = header('x-twilio-email-event-webhook-timestamp');
    const signature = header('x-twilio-email-event-webhook-signature');
    const signedAt = readSeconds(time);
    if (time === null || signature === null || signedAt === null) return null;
    const signed = Buffer.concat([Buffer.from(time), body]);
    const key = createPublicKey({ key: Buffer.from(setting, 'base64'), format: 'der', type: 'spki' });
    if (!verify('sha256', signed, key, Buffer.from(signature, 'base64'))) return null;
    return { content: parseJson(body), signedAt };
  },
  parse: (content) =>
    shape.parse(content).flatMap((event): MailEvent[] => {
      const { email: recipient, timestamp: at, status, reason, response } = event;
      const rest = { status, words: reason ?? response, recipient, clues: event['smtp-id'] ?? '', at };
      switch (event.event) {
        case 'bounce':
          return [{ type: 'bounce', claim: event.type === 'blocked' ? 'policy' : 'hard', ...rest }];
        case 'dropped':
          // Not sent: their own list has it, for whatever came before.
          return [{ type: 'bounce', claim: 'soft', ...rest, words: `not sent: ${rest.words ?? 'dropped'}` }];
        case 'spamreport':
          return [{ type: 'complaint', claim: null, ...rest, words: 'abuse' }];
        default:
          return [];
      }
    }),
};

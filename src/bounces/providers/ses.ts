// Amazon SES through SNS: signed with a certificate that is fetched from Amazon, and from nobody else.
// https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
import { createVerify, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import type { MailEvent } from '../record-event.ts';
import { type HookDeps, instant, type Provider, parseJson, retryAgeMs, someText } from './provider.ts';

const envelopeShape = z.looseObject({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: z.string(),
  TopicArn: z.string(),
  Timestamp: z.string(),
  Message: z.string(),
  Subject: z.string().optional(),
  Token: z.string().optional(),
  SubscribeURL: z.string().optional(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.string(),
  SigningCertURL: z.string(),
});

type Envelope = z.output<typeof envelopeShape>;

const hashes = { '1': 'sha1', '2': 'sha256' } as const;

/** What is signed of each type, in this order; what is missing is left out. */
const signedFields = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: [
    'Message',
    'MessageId',
    'SubscribeURL',
    'Timestamp',
    'Token',
    'TopicArn',
    'Type',
  ],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
} as const;

export const ses: Provider = {
  maxAgeMs: retryAgeMs,
  maxBytes: 300 * 1024,
  async verify(deps, { body }, setting) {
    const given = envelopeShape.safeParse(parseJson(body));
    if (!given.success) return null;
    const envelope = given.data;
    const signedAt = new Date(envelope.Timestamp);
    const isOurs = setting.split(/[\s,]+/).includes(envelope.TopicArn);
    const region = envelope.TopicArn.split(':')[3] ?? '';
    if (!isOurs || Number.isNaN(signedAt.getTime()) || !isSnsUrl(envelope.SigningCertURL, region))
      return null;
    return (await isSigned(deps, envelope)) ? { content: envelope, signedAt } : null;
  },
  parse(content) {
    const { Type, Message } = envelopeShape.parse(content);
    return Type === 'Notification' ? readMessage(parseJson(Buffer.from(Message))) : [];
  },
  /** The topic is one that the operator has named: its events are wanted. */
  async answer(deps, content) {
    const { Type, TopicArn, SubscribeURL = '' } = envelopeShape.parse(content);
    if (Type === 'SubscriptionConfirmation' && isSnsUrl(SubscribeURL, TopicArn.split(':')[3] ?? ''))
      await deps.fetchText(SubscribeURL);
  },
};

/** Only SNS itself, in the region of the topic: what is fetched is chosen by whoever writes to us. */
export function isSnsUrl(text: string, region: string): boolean {
  if (!/^[a-z0-9-]{3,30}$/.test(region) || !URL.canParse(text)) return false;
  const { protocol, host, username, password } = new URL(text);
  const isTheirs = [`sns.${region}.amazonaws.com`, `sns.${region}.amazonaws.com.cn`].includes(host);
  return protocol === 'https:' && isTheirs && username === '' && password === '';
}

async function isSigned(deps: HookDeps, envelope: Envelope): Promise<boolean> {
  try {
    if (!new URL(envelope.SigningCertURL).pathname.endsWith('.pem')) return false;
    const certificate = new X509Certificate(await deps.fetchText(envelope.SigningCertURL));
    const text = signedFields[envelope.Type].flatMap((name) => {
      const value = envelope[name];
      return value === undefined ? [] : [`${name}\n${value}\n`];
    });
    return createVerify(hashes[envelope.SignatureVersion])
      .update(text.join(''), 'utf8')
      .verify(certificate.publicKey, envelope.Signature, 'base64');
  } catch {
    return false;
  }
}

const recipient = z.looseObject({ emailAddress: z.string(), status: someText, diagnosticCode: someText });

const messageShape = z.looseObject({
  /** Of notifications, and of events of a configuration set. */
  notificationType: z.string().optional(),
  eventType: z.string().optional(),
  mail: z.looseObject({
    source: someText,
    headers: z.array(z.looseObject({ name: z.string(), value: z.string() })).nullish(),
    timestamp: instant,
  }),
  bounce: z
    .looseObject({
      bounceType: z.string(),
      bounceSubType: z.string(),
      bouncedRecipients: z.array(recipient),
      timestamp: instant,
    })
    .optional(),
  complaint: z
    .looseObject({
      complainedRecipients: z.array(recipient),
      complaintFeedbackType: someText,
      timestamp: instant,
    })
    .optional(),
});

/** https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html */
function readMessage(content: unknown): MailEvent[] {
  const { notificationType, eventType, mail, bounce, complaint } = messageShape.parse(content);
  const ids = (mail.headers ?? []).filter(({ name }) => name.toLowerCase() === 'message-id');
  const clues = [mail.source, ...ids.map(({ value }) => value)].join(' ');
  const type = notificationType ?? eventType;
  if (type === 'Bounce' && bounce !== undefined)
    return bounce.bouncedRecipients.map(({ emailAddress, status, diagnosticCode }) => ({
      type: 'bounce',
      claim: claimOf(bounce),
      status,
      words: diagnosticCode,
      recipient: emailAddress,
      clues,
      at: bounce.timestamp,
    }));
  // 'not-spam' takes one back.
  if (type === 'Complaint' && complaint !== undefined && complaint.complaintFeedbackType !== 'not-spam')
    return complaint.complainedRecipients.map(({ emailAddress }) => ({
      type: 'complaint',
      claim: null,
      status: null,
      words: complaint.complaintFeedbackType ?? 'abuse',
      recipient: emailAddress,
      clues,
      at: complaint.timestamp,
    }));
  return [];
}

function claimOf({
  bounceType,
  bounceSubType,
}: {
  bounceType: string;
  bounceSubType: string;
}): MailEvent['claim'] {
  if (/Rejected|TooLarge/.test(bounceSubType)) return 'policy';
  // Not sent: a list of Amazon's has the address.
  const isOfTheirList = /Suppress/.test(bounceSubType);
  return bounceType === 'Permanent' && !isOfTheirList ? 'hard' : 'soft';
}

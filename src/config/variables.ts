// The variables that can be set: how each is checked, and an example of it.
import { createPublicKey } from 'node:crypto';
import { z } from 'zod';
import { longestBounceName } from '../platform/bounce-address.ts';
import { readMailboxUrl } from '../platform/mailbox-url.ts';
import { readRedisUrl } from '../platform/redis/redis-url.ts';
import { type ChosenSource, readChosenSources, sourceVariables } from '../sources/registry.ts';
import { combineLimits, readSmtpLimits, type SmtpLimits } from './smtp-limits.ts';

export type Mailbox = { name: string; address: string };

export type SmtpServer = {
  url: string;
  /** Its share of the mails, against the other servers' weights. */
  weight: number;
  /** None: as fast as it takes them. */
  limits: SmtpLimits;
  tls: SmtpTls;
};

/**
 * Off this machine: encrypted, to a server whose certificate is verified; encrypted, to whoever answers; or in clear where
 * the server knows no better.
 */
export type SmtpTls = (typeof smtpTls)[number];
const smtpTls = ['required', 'unverified', 'optional'] as const;

/** XOAUTH2, as Gmail and Microsoft want it: a token that lasts, for tokens that do not. */
export type SmtpOAuth = { tokenUrl: string; clientId: string; clientSecret: string; refreshToken: string };

const url = (protocols: string[]) =>
  z.url({
    protocol: new RegExp(`^(${protocols.join('|')})$`),
    error: `is not an address that begins with ${protocols.map((each) => `${each}://`).join(' or ')}`,
  });
const wholeNumber = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

/** `weight`, `rate`, `limits` and `tls` are ours, the others nodemailer's. */
const ownOptions = ['weight', 'rate', 'limits', 'tls'];
const nodemailerOptions = ['name', 'localAddress', 'ignoreTLS', 'opportunisticTLS'];
export const smtpOptions = [
  ...ownOptions,
  ...nodemailerOptions,
  ...['servername', 'rejectUnauthorized', 'minVersion', 'maxVersion', 'ciphers'].map((name) => `tls.${name}`),
];

const smtpServer = url(['smtp', 'smtps']).transform((text, context): SmtpServer => {
  const server = new URL(text);
  const [weight, rate] = ['weight', 'rate'].map((name) => server.searchParams.get(name));
  for (const value of [weight, rate]) {
    if (value === null || Number(value) > 0) continue;
    context.addIssue({ code: 'custom', message: 'has a weight or rate that is not a positive number' });
    return z.NEVER;
  }
  const tls = smtpTls.find((each) => each === (server.searchParams.get('tls') ?? 'required'));
  if (tls === undefined) {
    context.addIssue({ code: 'custom', message: `has a tls that is none of ${smtpTls.join(', ')}` });
    return z.NEVER;
  }
  const unknown = [...server.searchParams.keys()].find((name) => !smtpOptions.includes(name));
  if (unknown !== undefined) {
    context.addIssue({
      code: 'custom',
      message: `has the option “${unknown}”, which is none of ${smtpOptions.join(', ')}`,
    });
    return z.NEVER;
  }
  const limits = readSmtpLimits(server.searchParams.get('limits') ?? '');
  if (limits === null) {
    context.addIssue({
      code: 'custom',
      message: 'has limits that are not like 10/s,500/min,5000/h,20000/day',
    });
    return z.NEVER;
  }
  for (const name of ownOptions) server.searchParams.delete(name);
  const perSecond = rate === null ? null : Number(rate);
  return {
    url: server.href,
    weight: Number(weight ?? 1),
    limits: combineLimits(limits, { perSecond, windows: [] }),
    tls,
  };
});
const smtpServers = z
  .string()
  .transform((text) => text.trim().split(/\s+/))
  .pipe(z.array(smtpServer));

const redisUrl = z.string().transform((text, context) => {
  const place = readRedisUrl(text.trim());
  if (typeof place !== 'string') return text.trim();
  context.addIssue({ code: 'custom', message: place });
  return z.NEVER;
});

const smtpLimits = z.string().transform((text, context) => {
  const limits = readSmtpLimits(text);
  if (limits !== null) return limits;
  context.addIssue({ code: 'custom', message: 'is not like its example' });
  return z.NEVER;
});

const secret = z.string().min(32, 'is too short: at least 32 characters');

const mailbox = z.string().transform((text, context): Mailbox => {
  const [, name = '', address = ''] = /^(?:"?([^"<>\p{Cc}]*?)"?\s*<)?([^<>\s]+)>?$/u.exec(text.trim()) ?? [];
  if (z.email().safeParse(address).success) return { name, address };
  context.addIssue({ code: 'custom', message: 'is not a mail address' });
  return z.NEVER;
});

/** A plus and a token are written behind its name. */
const bounceAddress = z.string().transform((text, context) => {
  const address = text.trim();
  const name = address.slice(0, address.lastIndexOf('@'));
  const refuse = (message: string) => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  if (!z.email().safeParse(address).success || name.includes('+'))
    return refuse('is not a mail address without “+”');
  return name.length <= longestBounceName
    ? address
    : refuse(`has more than ${longestBounceName} characters before the “@”, where a token is added`);
});

/** `hf,arxiv:cs.LG+cs.DC` */
const sources = z.string().transform((text, context): ChosenSource[] => {
  const chosen = readChosenSources(text);
  if (typeof chosen !== 'string') return chosen;
  context.addIssue({ code: 'custom', message: chosen });
  return z.NEVER;
});

const mailboxUrl = z.string().transform((text, context) => {
  const settings = readMailboxUrl(text.trim());
  if (settings !== null) return settings;
  context.addIssue({ code: 'custom', message: 'is no address of a mailbox with user and password' });
  return z.NEVER;
});

const webhookSecret = z.string().min(20, 'is too short: at least 20 characters');

/** SPKI in base64. */
function isEcKey(text: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ec';
  } catch {
    return false;
  }
}

/** How each variable is checked, but for those of the sources. */
export const ownVariables = {
  DATABASE_URL: {
    schema: url(['postgres', 'postgresql']),
    example: 'postgresql://user:password@db:5432/paperround',
  },
  QUEUE_DATABASE_URL: {
    schema: url(['postgres', 'postgresql']),
    example: 'postgresql://user:password@db:5432/paperround',
  },
  MIGRATE: { schema: z.enum(['on', 'off']), example: 'off' },
  REDIS_URL: { schema: redisUrl, example: 'redis://redis:6379' },
  SMTP_URL: { schema: smtpServers, example: 'smtps://user:password@smtp.example.org:465' },
  SECRET_KEY: { schema: secret, example: '64 random hex digits, as `openssl rand -hex 32` prints them' },
  SECRET_KEY_PREVIOUS: { schema: secret, example: 'the value that SECRET_KEY had before' },
  BASE_URL: { schema: url(['http', 'https']), example: 'https://papers.example.org' },
  HOST: { schema: z.string().min(1), example: '0.0.0.0' },
  PORT: { schema: wholeNumber(1, 65_535), example: '3000' },
  HEALTH_PORT: { schema: wholeNumber(1, 65_535), example: '3001' },
  INBOX_PORT: { schema: wholeNumber(1, 65_535), example: '8025' },
  TRUST_PROXY: { schema: wholeNumber(0, 10), example: '1' },
  HSTS_SUBDOMAINS: { schema: z.enum(['yes', 'no']), example: 'yes' },
  ACCOUNT_MAILS_PER_HOUR: { schema: wholeNumber(1, 1_000_000), example: '1000' },
  ACCOUNT_MAILS_PER_DOMAIN: { schema: wholeNumber(1, 1_000_000), example: '100' },
  SITE_NAME: { schema: z.string().min(1).max(60), example: 'Paperround' },
  BRAND_DIR: { schema: z.string().min(1), example: './brand' },
  POSTAL_ADDRESS: { schema: z.string().min(1).max(200), example: 'Example Lab, 1 Main Street, Springfield' },
  MAIL_FROM: { schema: mailbox, example: 'Paperround <digest@papers.example.org>' },
  MAIL_FROM_TRANSACTIONAL: { schema: mailbox, example: 'Paperround <account@papers.example.org>' },
  BOUNCE_ADDRESS: { schema: bounceAddress, example: 'bounces@papers.example.org' },
  BOUNCE_PORT: { schema: wholeNumber(1, 65_535), example: '25' },
  BOUNCE_MAILBOX_URL: {
    schema: mailboxUrl,
    example: 'imaps://bounces%40example.org:password@imap.example.org/INBOX',
  },
  BOUNCE_MAILBOX_FOLDER: { schema: z.string().min(1).max(200), example: 'Processed' },
  BOUNCE_TLS_CERT: {
    schema: z.string().min(1),
    example: '/etc/letsencrypt/live/mx.example.org/fullchain.pem',
  },
  BOUNCE_TLS_KEY: { schema: z.string().min(1), example: '/etc/letsencrypt/live/mx.example.org/privkey.pem' },
  WEBHOOK_SES: {
    schema: z
      .string()
      .regex(/^(?:arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w.-]+(?:[\s,]+|$))+$/, 'is no ARN of an SNS topic'),
    example: 'arn:aws:sns:eu-west-1:123456789012:bounces',
  },
  WEBHOOK_POSTMARK: { schema: webhookSecret, example: 'a password of 20 characters or more' },
  WEBHOOK_SENDGRID: {
    schema: z.string().refine(isEcKey, 'is no verification key, as SendGrid shows it'),
    example:
      'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAErLi8g+y0z8u++6OHWHDXLW57Ctq8W0yMn/aoO1j1WfzMFf/NdubEoUiO4xr5DFkxkzTEIcLoxAZl6eMpqycqKg==',
  },
  WEBHOOK_MAILGUN: { schema: webhookSecret, example: 'the HTTP webhook signing key' },
  WEBHOOK_GENERIC: { schema: webhookSecret, example: '64 random hex digits' },
  DKIM_DOMAIN: { schema: z.hostname(), example: 'papers.example.org' },
  DKIM_SELECTOR: { schema: z.string().regex(/^[a-z0-9-]+$/i, 'is not a DNS label'), example: 'digest2026' },
  DKIM_PRIVATE_KEY: { schema: z.string().min(1), example: '/run/secrets/dkim.pem' },
  DKIM_ED25519_SELECTOR: {
    schema: z.string().regex(/^[a-z0-9-]+$/i, 'is not a DNS label'),
    example: 'digest2026e',
  },
  DKIM_ED25519_PRIVATE_KEY: { schema: z.string().min(1), example: '/run/secrets/dkim-ed25519.pem' },
  SOURCES: { schema: sources, example: 'hf,arxiv:cs.LG+cs.DC' },
  SMTP_EHLO_NAME: { schema: z.hostname(), example: 'mail.example.org' },
  SMTP_OAUTH_CLIENT_ID: { schema: z.string().min(1), example: '1234-abcd.apps.googleusercontent.com' },
  SMTP_OAUTH_CLIENT_SECRET: { schema: z.string().min(1), example: 'the secret of that client' },
  SMTP_OAUTH_REFRESH_TOKEN: { schema: z.string().min(1), example: 'the token that was granted to it' },
  SMTP_OAUTH_TOKEN_URL: {
    schema: url(['http', 'https']),
    example: 'https://login.microsoftonline.com/common/oauth2/v2.0/token',
  },
  SMTP_LIMITS: { schema: smtpLimits, example: '10/s, 500/min, 5000/h, 20000/day' },
  SMTP_CONNECTIONS: { schema: wholeNumber(1, 100), example: '5' },
  UNKNOWN_POLICY: { schema: z.enum(['leave', 'resend-once']), example: 'leave' },
  HOOK_TARGETS: { schema: z.enum(['public', 'anywhere']), example: 'public' },
  SIGN_UP_PROOF: { schema: z.enum(['off', 'on']), example: 'on' },
  TOPICS_FILE: { schema: z.string().min(1), example: 'seeds/topics-biology-medicine.yaml' },
  DISPOSABLE_DOMAINS_FILE: { schema: z.string().min(1), example: '/etc/paperround/disposable-domains.txt' },
  // Not before an undo is over.
  DEPARTED_DAYS: { schema: wholeNumber(31, 36_500), example: '365' },
  ZOTERO_URL: {
    schema: url(['http', 'https']).transform((text) => text.replace(/\/+$/, '')),
    example: 'https://api.zotero.org',
  },
  SUMMARIES_URL: { schema: url(['http', 'https']), example: 'http://localhost:11434/v1' },
  SUMMARIES_KEY: { schema: z.string().min(1), example: 'the key that the server wants' },
  SUMMARIES_MODEL: { schema: z.string().min(1).max(200), example: 'llama3.1:8b' },
  SUMMARIES_PER_DAY: { schema: wholeNumber(1, 100_000), example: '300' },
  METRICS_TOKEN: { schema: secret, example: '64 random hex digits, as `openssl rand -hex 32` prints them' },
  // Bounces are heard of for 60 days; a reader's history goes back a month.
  LEDGER_DAYS: { schema: wholeNumber(100, 36_500), example: '400' },
  // Days are caught up on for a month.
  FETCH_DAYS: { schema: wholeNumber(35, 36_500), example: '90' },
  LOG_LEVEL: {
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    example: 'info',
  },
  DATA_DIR: { schema: z.string().min(1), example: '.data' },
} as const;

/** What each variable means, for the documented table and for the error messages; a test holds the three together. */
export const variables: Record<string, { schema: z.ZodType; example: string }> = {
  ...ownVariables,
  ...sourceVariables,
};

/** What counts where none is set. */
export const localPostalAddress = 'A local trial of Paperround, on its operator’s own machine';

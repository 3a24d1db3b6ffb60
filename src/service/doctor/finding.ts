// What an examination says of one thing, and what to do about it.
import type { Config } from '../../config/config.ts';

export const areas = [
  'configuration',
  'database',
  'queue',
  'clock',
  'disk',
  'smtp',
  'dns',
  'site',
  'keys',
  'bounces',
  'topics',
] as const;

export type Finding = {
  area: (typeof areas)[number];
  /** `warn`: it works, or cannot be told from here. */
  state: 'ok' | 'warn' | 'fail';
  what: string;
  /** Null: there is nothing to be done. */
  remedy: string | null;
};

/** A finding whose area is that of the examination. */
export type Told = Omit<Finding, 'area'>;

export const ok = (what: string): Told => ({ state: 'ok', what, remedy: null });
export const warn = (what: string, remedy: string): Told => ({ state: 'warn', what, remedy });
export const fail = (what: string, remedy: string): Told => ({ state: 'fail', what, remedy });

export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Of several addresses that were tried, each has its own.
  const [first] = error instanceof AggregateError ? error.errors : [];
  return error.message || (first instanceof Error ? first.message : 'no reason given');
}

const mostCharacters = 1000;

/** What servers say may be anything, and may repeat what they were told: neither secrets nor control characters remain. */
export function createTidying(config: Config): (text: string) => string {
  const secrets = listSecrets(config).sort((one, other) => other.length - one.length);
  return (text) =>
    secrets
      .reduce((hidden, secret) => hidden.replaceAll(secret, '…'), text)
      .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
      .slice(0, mostCharacters);
}

/** As they are configured, as they stand in URLs, and as they go over a wire. */
function listSecrets(config: Config): string[] {
  const { databaseUrl, queueDatabaseUrl, redisUrl, smtpServers, smtpOAuth, webhooks, bounceMailbox } = config;
  const urls = [databaseUrl, queueDatabaseUrl, redisUrl, ...smtpServers.map(({ url }) => url)];
  const inUrls = urls.flatMap((url) => (url === null ? [] : listPasswords(url)));
  const { postmark, mailgun, generic } = webhooks;
  return [
    ...inUrls,
    ...[config.secretKey, config.secretKeyPrevious, bounceMailbox?.password, postmark, mailgun, generic],
    ...(smtpOAuth === null ? [] : [smtpOAuth.clientSecret, smtpOAuth.refreshToken]),
    ...config.dkim.map(({ privateKey }) => privateKey),
  ].flatMap((secret) => (secret ? [secret, Buffer.from(secret).toString('base64')] : []));
}

/** Also of URLs with several hosts, which are none to `URL`. */
function listPasswords(url: string): string[] {
  const [, user = '', password] = /^[^/]*\/\/([^:@/?#]*):([^@/?#]*)@/.exec(url) ?? [];
  const inQuery = [...url.matchAll(/[?&][a-z]*password=([^&#]+)/gi)].map(([, value]) => value);
  return [password, ...inQuery].flatMap((each) =>
    each ? [each, decode(each), toPlainLogin(decode(user), decode(each))] : [],
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** As AUTH PLAIN sends it (RFC 4616). */
function toPlainLogin(user: string, password: string): string {
  return Buffer.from(`\0${user}\0${password}`).toString('base64');
}

// The only reader of the environment. All problems are told at once, each with an example value.
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { Brand } from '../brand/brand.ts';
import { ConfigError } from '../platform/errors.ts';
import type { MailboxSettings } from '../platform/mailbox-url.ts';
import { type ChosenSource, sourceKinds, sourceVariables } from '../sources/registry.ts';
import { type DkimKey, readDkimKeys } from './dkim-keys.ts';
import { domainOf, isSameOrganization } from './domains.ts';
import { type Complain, isUnset, parseVariables, readVariableFiles, type Variables } from './read-env.ts';
import { findBrand, findTopicsFile, packageFolder, readDomainsFile } from './read-files.ts';
import { completeLimits } from './smtp-limits.ts';
import {
  localPostalAddress,
  type Mailbox,
  ownVariables,
  type SmtpOAuth,
  type SmtpServer,
  type SmtpTls,
  variables,
} from './variables.ts';

export {
  type DkimKey,
  domainOf,
  type Mailbox,
  packageFolder,
  type SmtpOAuth,
  type SmtpServer,
  type SmtpTls,
  variables,
};

export type Config = {
  /** Null: the embedded PostgreSQL in `dataFolder`. */
  databaseUrl: string | null;
  /** Null: the queue lives in PostgreSQL. */
  redisUrl: string | null;
  /** Of the queue in PostgreSQL, where a pooler in front of `databaseUrl` cannot serve it. Null: the same. */
  queueDatabaseUrl: string | null;
  /** Whether whatever opens the database brings it up to date first, or refuses one that is not. */
  migrates: boolean;
  /** None: the local inbox. */
  smtpServers: SmtpServer[];
  /** Null: generated once, kept in `dataFolder`. */
  secretKey: string | null;
  secretKeyPrevious: string | null;
  baseUrl: string;
  host: string;
  port: number;
  inboxPort: number;
  /** Of a worker. Null: it answers nowhere how it is. */
  healthPort: number | null;
  trustProxy: number;
  hstsSubdomains: boolean;
  /** Mails about subscriptions that may be asked for within an hour: in all, and to one domain. */
  accountMailsPerHour: number;
  accountMailsPerDomain: number;
  siteName: string;
  /** The operator's own look and words. Null: ours. */
  brand: Brand | null;
  postalAddress: string;
  mailFrom: Mailbox;
  mailFromTransactional: Mailbox;
  /** Null: mails that cannot be delivered come back to their sender. */
  bounceAddress: string | null;
  /** Null: nothing is received here. */
  bouncePort: number | null;
  /** Null: none is read. */
  bounceMailbox: MailboxSettings | null;
  /** Null: one that is made at start. */
  bounceTls: { certFile: string; keyFile: string } | null;
  /** By mail provider, what its events are verified by; those without are not taken. */
  webhooks: { ses?: string; postmark?: string; sendgrid?: string; mailgun?: string; generic?: string };
  /** None: mails leave unsigned. With both kinds of keys, each mail has both signatures. */
  dkim: DkimKey[];
  smtpConnections: number;
  /** What we call ourselves to mail servers. */
  ehloName: string;
  /** For servers with a user and no password. Null: none. */
  smtpOAuth: SmtpOAuth | null;
  /** What is fetched by itself. */
  sources: ChosenSource[];
  /** The sources' own variables, with what counts for those that are not set. */
  sourceValues: Record<string, string>;
  unknownPolicy: 'leave' | 'resend-once';
  /** Whether a sign-up brings a proof of work, or comes in by a narrow door. */
  signUpProof: boolean;
  /** Where webhooks may be sent to: `anywhere` is also http, and private networks. */
  hookTargets: 'public' | 'anywhere';
  /** The operator's own topics. Null: those that come with the program. */
  topicsFile: string | null;
  /** Whose addresses are not taken; none: all are. */
  disposableDomains: ReadonlySet<string>;
  /** How long is kept what is known of who left. */
  departedDays: number;
  /** The language model that writes summaries, and how many a day. Null: none does. */
  summaries: { url: string; key: string | null; model: string; perDay: number } | null;
  /** Who reads the metrics sends it. Null: nobody reads them. */
  metricsToken: string | null;
  /** Where libraries at Zotero are asked for. Null: at Zotero's own API. */
  zoteroUrl: string | null;
  /** How long deliveries are kept, with what came back for them: as long as the links of a digest work. */
  ledgerDays: number;
  /** How long is kept what became of asking sources. */
  fetchDays: number;
  logLevel: string;
  dataFolder: string;
  /** Where paths in commands start from. */
  workingFolder: string;
  /** npm is our parent: when it is gone, nobody is there to stop us. */
  isRunByNpm: boolean;
};

/** What is wrong with the variable of this name, with an example of what would be right. */
export type ConfigProblem = { name: string; says: string };

/**
 * Reads and checks everything that can be configured. Throws one ConfigError that lists every problem.
 * Nothing set means: everything embedded, on this machine only. An empty variable counts as not set.
 */
export function readConfig(given: Record<string, string | undefined> = process.env): Config {
  const { config, problems } = examineConfig(given);
  if (problems.length === 0) return config;
  const lines = problems.map(({ says }) => says).join('\n- ');
  throw new ConfigError(`The configuration has ${problems.length} problem(s):\n- ${lines}`);
}

/** With problems, the config has for what they are about what counts where nothing is set. */
export function examineConfig(given: Record<string, string | undefined>): {
  config: Config;
  problems: ConfigProblem[];
} {
  const problems: ConfigProblem[] = [];
  const complain = (name: string, problem: string) =>
    problems.push({ name, says: `${name} ${problem}. Example: ${name}=${variables[name]?.example}` });
  const env = readVariableFiles(given, complain);

  const values = parseVariables(ownVariables, env, complain) as Variables;
  const sourceValues = parseVariables(sourceVariables, env, complain) as Record<string, string>;
  const isEmbedded = isUnset(env.DATABASE_URL);
  if (!isEmbedded) {
    for (const name of ['SMTP_URL', 'BASE_URL', 'SECRET_KEY'] as const) {
      if (isUnset(env[name])) complain(name, 'is missing: it has no default once DATABASE_URL is set');
    }
  }
  const baseUrl = (values.BASE_URL ?? `http://localhost:${values.PORT ?? 3000}`).replace(/\/+$/, '');
  const disposableDomains = readDomainsFile(values, complain);
  const dkim = readDkimKeys(values, complain);
  const brand = findBrand(values.BRAND_DIR, env.INIT_CWD ?? process.cwd(), complain);
  const siteName = values.SITE_NAME ?? brand?.name ?? 'Paperround';
  const mailFrom = values.MAIL_FROM ?? {
    name: siteName,
    address: defaultAddress(baseUrl),
  };
  const [key] = dkim;
  if (key !== undefined && !isSameOrganization(mailFrom.address.split('@')[1] ?? '', key.domainName)) {
    complain('DKIM_DOMAIN', `does not fit the domain of MAIL_FROM (${mailFrom.address})`);
  }
  if (values.BOUNCE_PORT !== undefined && isUnset(env.BOUNCE_ADDRESS)) {
    complain('BOUNCE_ADDRESS', 'is missing: BOUNCE_PORT takes in what is sent there');
  }
  const { BOUNCE_TLS_CERT: certFile, BOUNCE_TLS_KEY: keyFile } = values;
  if ((certFile === undefined) !== (keyFile === undefined)) {
    complain(
      certFile === undefined ? 'BOUNCE_TLS_CERT' : 'BOUNCE_TLS_KEY',
      'is missing: the two belong together',
    );
  }
  const { BOUNCE_MAILBOX_FOLDER: folder } = values;
  if (folder !== undefined && values.BOUNCE_MAILBOX_URL === undefined) {
    complain('BOUNCE_MAILBOX_URL', 'is missing: BOUNCE_MAILBOX_FOLDER is a folder beside it');
  }
  const smtpOAuth = readOAuth(values, complain);

  const config: Config = {
    databaseUrl: values.DATABASE_URL ?? null,
    redisUrl: values.REDIS_URL ?? null,
    migrates: (values.MIGRATE ?? 'on') === 'on',
    queueDatabaseUrl: values.QUEUE_DATABASE_URL ?? null,
    smtpServers: (values.SMTP_URL ?? []).map((server) => ({
      ...server,
      limits: completeLimits(server.limits, values.SMTP_LIMITS),
    })),
    secretKey: values.SECRET_KEY ?? null,
    secretKeyPrevious: values.SECRET_KEY_PREVIOUS ?? null,
    baseUrl,
    host: values.HOST ?? (isEmbedded ? '127.0.0.1' : '0.0.0.0'),
    port: values.PORT ?? 3000,
    inboxPort: values.INBOX_PORT ?? 8025,
    healthPort: values.HEALTH_PORT ?? null,
    trustProxy: values.TRUST_PROXY ?? 0,
    metricsToken: values.METRICS_TOKEN ?? null,
    zoteroUrl: values.ZOTERO_URL ?? null,
    summaries: readSummaries(values, complain),
    hstsSubdomains: values.HSTS_SUBDOMAINS === 'yes',
    accountMailsPerHour: values.ACCOUNT_MAILS_PER_HOUR ?? 1000,
    accountMailsPerDomain: values.ACCOUNT_MAILS_PER_DOMAIN ?? 100,
    siteName,
    brand,
    postalAddress: values.POSTAL_ADDRESS ?? localPostalAddress,
    mailFrom,
    mailFromTransactional: values.MAIL_FROM_TRANSACTIONAL ?? {
      name: mailFrom.name,
      address: `account@${mailFrom.address.split('@')[1]}`,
    },
    bounceAddress: values.BOUNCE_ADDRESS ?? null,
    bouncePort: values.BOUNCE_PORT ?? null,
    bounceMailbox:
      values.BOUNCE_MAILBOX_URL === undefined
        ? null
        : {
            ...values.BOUNCE_MAILBOX_URL,
            done: folder === undefined ? { type: 'seen' } : { type: 'move', folder },
          },
    bounceTls: certFile === undefined || keyFile === undefined ? null : { certFile, keyFile },
    webhooks: {
      ...(values.WEBHOOK_SES === undefined ? {} : { ses: values.WEBHOOK_SES }),
      ...(values.WEBHOOK_POSTMARK === undefined ? {} : { postmark: values.WEBHOOK_POSTMARK }),
      ...(values.WEBHOOK_SENDGRID === undefined ? {} : { sendgrid: values.WEBHOOK_SENDGRID }),
      ...(values.WEBHOOK_MAILGUN === undefined ? {} : { mailgun: values.WEBHOOK_MAILGUN }),
      ...(values.WEBHOOK_GENERIC === undefined ? {} : { generic: values.WEBHOOK_GENERIC }),
    },
    dkim,
    smtpConnections: values.SMTP_CONNECTIONS ?? 5,
    ehloName: chooseEhloName(values, { baseUrl, mailFrom }),
    smtpOAuth,
    sources: [...(values.SOURCES ?? []), ...listChosenByVariable(sourceValues)],
    sourceValues: { ...usualSourceValues(), ...sourceValues },
    unknownPolicy: values.UNKNOWN_POLICY ?? 'leave',
    hookTargets: values.HOOK_TARGETS ?? 'public',
    signUpProof: values.SIGN_UP_PROOF === 'on',
    disposableDomains,
    departedDays: values.DEPARTED_DAYS ?? 365,
    ledgerDays: values.LEDGER_DAYS ?? 400,
    fetchDays: values.FETCH_DAYS ?? 90,
    logLevel: values.LOG_LEVEL ?? 'info',
    dataFolder: resolve(packageFolder, values.DATA_DIR ?? '.data'),
    // npm changes to the package's folder and keeps the caller's here.
    workingFolder: env.INIT_CWD ?? process.cwd(),
    topicsFile: findTopicsFile(values.TOPICS_FILE, env.INIT_CWD ?? process.cwd(), complain),
    isRunByNpm: env.npm_lifecycle_event !== undefined,
  };
  return { config, problems };
}

function listChosenByVariable(values: Record<string, string>): ChosenSource[] {
  return sourceKinds.flatMap(({ id, chosenBy }) => {
    const setting = values[chosenBy];
    return setting === undefined ? [] : [{ kind: id, setting }];
  });
}

function usualSourceValues(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(sourceVariables).flatMap(([name, { unset }]) => (unset === null ? [] : [[name, unset]])),
  );
}

/** For commands that reach no service: what they have no use for cannot be missing. */
export function readOfflineConfig(env: Record<string, string | undefined> = process.env): Config {
  return readConfig({ ...env, DATABASE_URL: undefined, DATABASE_URL_FILE: undefined });
}

function readSummaries(
  { SUMMARIES_URL, SUMMARIES_KEY, SUMMARIES_MODEL, SUMMARIES_PER_DAY }: Variables,
  complain: (name: string, problem: string) => void,
): Config['summaries'] {
  if (SUMMARIES_URL === undefined) {
    for (const [name, value] of Object.entries({ SUMMARIES_KEY, SUMMARIES_MODEL, SUMMARIES_PER_DAY }))
      if (value !== undefined) complain(name, 'is set without SUMMARIES_URL: nobody is asked');
    return null;
  }
  if (SUMMARIES_MODEL === undefined)
    complain('SUMMARIES_MODEL', 'is missing: the server wants to know which model');
  const [key, perDay] = [SUMMARIES_KEY ?? null, SUMMARIES_PER_DAY ?? 300];
  return { url: SUMMARIES_URL, key, model: SUMMARIES_MODEL ?? '', perDay };
}

/** Relays refuse who gives no name but an address, as `[127.0.0.1]`. */
function chooseEhloName(
  { SMTP_EHLO_NAME }: Variables,
  { baseUrl, mailFrom }: { baseUrl: string; mailFrom: Mailbox },
): string {
  const known = [new URL(baseUrl).hostname, hostname(), domainOf(mailFrom.address)];
  const isPublic = (name: string) =>
    /^(?!.*\.localhost$)[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z][a-z0-9-]*$/i.test(name);
  return SMTP_EHLO_NAME ?? known.find(isPublic) ?? domainOf(mailFrom.address);
}

function readOAuth(values: Variables, complain: Complain): SmtpOAuth | null {
  const { SMTP_OAUTH_CLIENT_ID: clientId, SMTP_OAUTH_REFRESH_TOKEN: refreshToken } = values;
  const { SMTP_OAUTH_CLIENT_SECRET: clientSecret, SMTP_OAUTH_TOKEN_URL: tokenUrl } = values;
  if ([clientId, refreshToken, clientSecret, tokenUrl].every((value) => value === undefined)) return null;
  const needed = { SMTP_OAUTH_CLIENT_ID: clientId, SMTP_OAUTH_REFRESH_TOKEN: refreshToken };
  for (const [name, value] of Object.entries(needed))
    if (value === undefined) complain(name, 'is missing: the SMTP_OAUTH variables belong together');
  if (clientId === undefined || refreshToken === undefined) return null;
  // Clients of Microsoft's that are public have no secret.
  return { clientId, refreshToken, clientSecret: clientSecret ?? '', tokenUrl: tokenUrl ?? googleTokenUrl };
}

const googleTokenUrl = 'https://oauth2.googleapis.com/token';

function defaultAddress(baseUrl: string): string {
  const address = `digest@${new URL(baseUrl).hostname}`;
  return z.email().safeParse(address).success ? address : 'digest@paperround.localhost';
}

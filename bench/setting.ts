// What the measured processes are told about the surroundings they work in.
import { type Config, readConfig } from '../src/config/config.ts';

export type Setting = {
  databaseUrl: string;
  /** Of the sink. */
  smtpUrl: string;
  /** Null: no Redis on this machine. */
  redisUrl: string | null;
  connections: number;
  /** One for each subscriber, and the other way round. */
  mails: number;
  /** Null: mails are not signed. */
  dkimKeyFile: string | null;
  /** Ready-made messages: see samples.ts. */
  samplesFile: string;
  /** Of the web pages, where there are any. */
  port?: number;
};

export const siteName = 'Paperround';
export const baseUrl = 'https://papers.example.org';
export const dkimDomain = 'papers.example.org';
export const dkimSelector = 'bench';

/** As an operator would have set it, signing included. */
export function toConfig({ databaseUrl, smtpUrl, connections, dkimKeyFile }: Setting): Config {
  return readConfig({
    DATABASE_URL: databaseUrl,
    SMTP_URL: smtpUrl,
    SMTP_CONNECTIONS: String(connections),
    BASE_URL: baseUrl,
    SECRET_KEY: 'known to everyone, and good enough for a benchmark',
    SITE_NAME: siteName,
    POSTAL_ADDRESS: 'Example Lab, 1 Main Street, Springfield',
    MAIL_FROM: `${siteName} <digest@${dkimDomain}>`,
    LOG_LEVEL: 'warn',
    ...(dkimKeyFile === null
      ? {}
      : { DKIM_DOMAIN: dkimDomain, DKIM_SELECTOR: dkimSelector, DKIM_PRIVATE_KEY: dkimKeyFile }),
  });
}

// What `mail check` does.
import { Resolver } from 'node:dns/promises';
import { type Config, domainOf } from '../config/config.ts';
import { ConfigError } from '../platform/errors.ts';
import { checkSenderDns, type DnsFinding } from '../smtp/sender-dns.ts';

/** Throws ConfigError while mails go nowhere but to the local inbox. */
export function checkMail({
  smtpServers,
  mailFrom,
  mailFromTransactional,
  bounceAddress,
  dkim,
}: Config): Promise<DnsFinding[]> {
  if (smtpServers.length === 0)
    throw new ConfigError(
      'Mails go to the local inbox: set SMTP_URL, and MAIL_FROM, to what is to be checked',
    );
  const domains = [mailFrom, mailFromTransactional].map(({ address }) => domainOf(address));
  return checkSenderDns(new Resolver({ timeout: 3000, tries: 2 }), {
    domains,
    envelopeDomains: bounceAddress === null ? domains : [domainOf(bounceAddress)],
    dkim,
    servers: smtpServers.map(({ url }) => new URL(url).hostname.replace(/^\[|\]$/g, '')),
  });
}

export function describeFinding({ record, name, verdict, says, publish }: DnsFinding): string {
  const line = `${verdict.padEnd(7)}  ${record.padEnd(5)}  ${name}: ${says}`;
  return publish === null ? line : `${line}\n    ${name} TXT "${publish}"`;
}

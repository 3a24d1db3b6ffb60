// What is configured and works, but not as its readers would wish.
import type { Config } from './config.ts';
import { domainOf, isSameOrganization } from './domains.ts';
import { localPostalAddress } from './variables.ts';

/** What works, but not as its readers would wish: for the log at start. */
export function listWarnings(config: Config): string[] {
  return [...listTrialRemains(config), ...listMisalignments(config), ...listOpenServers(config)];
}

/** Of a service that is there for others. */
function listTrialRemains({ databaseUrl, baseUrl, postalAddress, dkim }: Config): string[] {
  if (databaseUrl === null) return [];
  const { protocol } = new URL(baseUrl);
  return [
    ...(protocol === 'https:'
      ? []
      : ['BASE_URL is not https: mail programs offer one-click unsubscribing only with it']),
    ...(postalAddress === localPostalAddress
      ? ['POSTAL_ADDRESS is not set: mail laws ask for one in every mail']
      : []),
    ...(dkim.length === 0
      ? ['DKIM_* is not set: mails leave unsigned, unless the SMTP server signs them']
      : []),
  ];
}

function listOpenServers({ smtpServers }: Config): string[] {
  const says = {
    unverified: 'whoever answers in its place reads the mails and the password',
    optional: 'mails and the password leave in clear where it offers no TLS, or somebody hides that it does',
  };
  return smtpServers.flatMap(({ url, tls }) =>
    tls === 'required' ? [] : [`SMTP_URL has tls=${tls} for ${new URL(url).host}: ${says[tls]}`],
  );
}

/** A warning only: `bounces.example.org` and `papers.example.org` are one organisation, which only DNS can tell. */
function listMisalignments({ bounceAddress, mailFrom, mailFromTransactional }: Config): string[] {
  if (bounceAddress === null) return [];
  const senders = [...new Set([mailFrom, mailFromTransactional].map(({ address }) => domainOf(address)))];
  return senders
    .filter((domain) => !isSameOrganization(domain.toLowerCase(), domainOf(bounceAddress).toLowerCase()))
    .map(
      (domain) =>
        `BOUNCE_ADDRESS is at ${domainOf(bounceAddress)}, which is neither ${domain} nor a parent or child of it: SPF does not speak for MAIL_FROM then, and DMARC holds by DKIM only`,
    );
}

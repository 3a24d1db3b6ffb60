// What mailbox providers look up before they take a mail.
import { Resolver } from 'node:dns/promises';
import { type Config, domainOf } from '../../config/config.ts';
import { quoteTxt } from '../../smtp/dkim-record.ts';
import { checkSenderDns, type DnsFinding } from '../../smtp/sender-dns.ts';
import { fail, ok, type Told, warn } from './finding.ts';

export const usualResolver = (): Resolver => new Resolver({ timeout: 3000, tries: 2 });

/** Of the senders and mail servers as they are configured. */
export function findSenderDns(
  { smtpServers, mailFrom, mailFromTransactional, bounceAddress, dkim }: Config,
  resolver: Resolver,
): Promise<DnsFinding[]> {
  const domains = [mailFrom, mailFromTransactional].map(({ address }) => domainOf(address));
  return checkSenderDns(resolver, {
    domains,
    envelopeDomains: bounceAddress === null ? domains : [domainOf(bounceAddress)],
    dkim,
    servers: smtpServers.map(({ url }) => new URL(url).hostname.replace(/^\[|\]$/g, '')),
  });
}

export async function examineSenderDns(config: Config, resolver: Resolver): Promise<Told[]> {
  if (config.smtpServers.length === 0) return [ok('nothing to look up: mails do not leave this machine')];
  return (await findSenderDns(config, resolver)).map(judge);
}

function judge({ record, name, verdict, says, publish }: DnsFinding): Told {
  const what = `${record} ${name}: ${says}`;
  if (verdict === 'ok') return ok(what);
  const remedy = publish === null ? remedies[record] : `Publish ${name} TXT ${quoteTxt(publish)}`;
  return verdict === 'problem' ? fail(what, remedy) : warn(what, remedy);
}

const remedies: Record<DnsFinding['record'], string> = {
  MX: 'Publish an MX record that leads to a server which takes mail for that domain',
  SPF: 'Leave one TXT record that begins with v=spf1, names the servers that send, and ends in -all',
  DKIM: 'Leave one TXT record there, as paperround mail check prints it',
  DMARC: 'Leave one TXT record there that begins with v=DMARC1; p=none, quarantine or reject',
  PTR: 'Have whoever owns the address of the server that hands mails out give it a name (a PTR record) that leads back to it',
};

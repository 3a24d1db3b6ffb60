// `mail …`: how mails leave.
import { Resolver } from 'node:dns/promises';
import type { Command } from 'commander';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../platform/errors.ts';
import type { DnsFinding } from '../smtp/sender-dns.ts';
import { print, printJson, run } from './run.ts';

export function addMailCommands(program: Command): void {
  program
    .command('mail')
    .description('how mails leave')
    .command('check')
    .description(
      'look up what mailbox providers will: MX, SPF, DKIM, DMARC, PTR; exit code 1: something is wrong',
    )
    .option('--json', 'print one JSON document')
    .action(({ json }: { json?: true }) =>
      run(async ({ config }) => {
        const findings = await checkMail(config);
        if (findings.some(({ verdict }) => verdict === 'problem')) process.exitCode = 1;
        if (json) return printJson({ findings });
        const { quoteTxt } = await import('../smtp/dkim-record.ts');
        for (const finding of findings) print(`${describeFinding(finding, quoteTxt)}\n`);
      }),
    );
}

/** Throws ConfigError while mails go nowhere but to the local inbox. */
async function checkMail({
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
  const [{ domainOf }, { checkSenderDns }] = await Promise.all([
    import('../config/config.ts'),
    import('../smtp/sender-dns.ts'),
  ]);
  const domains = [mailFrom, mailFromTransactional].map(({ address }) => domainOf(address));
  return checkSenderDns(new Resolver({ timeout: 3000, tries: 2 }), {
    domains,
    envelopeDomains: bounceAddress === null ? domains : [domainOf(bounceAddress)],
    dkim,
    servers: smtpServers.map(({ url }) => new URL(url).hostname.replace(/^\[|\]$/g, '')),
  });
}

function describeFinding(
  { record, name, verdict, says, publish }: DnsFinding,
  quoteTxt: (text: string) => string,
): string {
  const line = `${verdict.padEnd(7)}  ${record.padEnd(5)}  ${name}: ${says}`;
  return publish === null ? line : `${line}\n    ${name} TXT ${quoteTxt(publish)}`;
}

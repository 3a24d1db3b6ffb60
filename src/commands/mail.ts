// `mail …`: how mails leave.
import type { Command } from 'commander';
import type { Config } from '../config/config.ts';
import type { TestResult } from '../delivery/send-test.ts';
import { ConfigError } from '../platform/errors.ts';
import type { DnsFinding } from '../smtp/sender-dns.ts';
import type { ServerState } from '../smtp/servers/states.ts';
import { readAddress } from './find-reader.ts';
import { openDb, print, printJson, run, type Surroundings } from './run.ts';

export function addMailCommands(program: Command): void {
  const mail = program.command('mail').description('how mails leave');
  mail
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
  mail
    .command('servers')
    .description('how the mail servers are, and their limits; exit code 1: one is left alone')
    .option('--json', 'print one JSON document')
    .action(({ json }: { json?: true }) =>
      run(async (surroundings) => {
        const { listServerStates } = await import('../smtp/servers/states.ts');
        const servers = await listServerStates(await openDb(surroundings), new Date());
        if (servers.some(({ condition }) => condition === 'paused')) process.exitCode = 1;
        if (json) return printJson({ servers });
        if (servers.length === 0) print('No worker has told of one in the last day.\n');
        for (const server of servers) print(`${describeServer(server)}\n`);
      }),
    );
  mail
    .command('test')
    .description('send a mail to an address of yours as a digest is sent; exit code 1: it was not accepted')
    .argument('<address>', 'yours, or one of a service that looks at mails')
    .option('--json', 'print one JSON document')
    .action((address: string, { json }: { json?: true }) =>
      run(async (surroundings) => {
        const to = await readAddress(address);
        await tellTried(surroundings.config, to);
        const result = await sendTest(surroundings, to);
        if (result.outcome !== 'accepted') process.exitCode = 1;
        if (json) return printJson({ to, ...result });
        const { outcome, words, remedy } = result;
        print(`${to}: ${outcome}: ${words}\n${remedy === null ? '' : `What can be done: ${remedy}\n`}`);
      }),
    );
}

/** For each answer of the server. */
const testPatienceMs = 20_000;

/** At once: a server that hangs is waited for. */
async function tellTried({ smtpServers, mailFrom }: Config, to: string): Promise<void> {
  const { nameServers } = await import('../service/open-delivery.ts');
  const names = nameServers(smtpServers.map(({ url }) => url)).map(({ name }) => name);
  const by = names.length === 0 ? 'the local inbox' : names.join(' or ');
  console.error(
    `From ${mailFrom.address} to ${to} by ${by}; ${testPatienceMs / 1000} s are waited for an answer.`,
  );
}

/** Throws ConfigError for an address that is never to be mailed. */
export async function sendTest(
  surroundings: Surroundings,
  to: string,
  patienceMs = testPatienceMs,
): Promise<TestResult> {
  const [
    { sendTestMail },
    { createLinks },
    { openBounceAddresses },
    { openDelivery },
    message,
    { listSuppressed },
  ] = await Promise.all([
    import('../delivery/send-test.ts'),
    import('../platform/links.ts'),
    import('../service/open-bounces.ts'),
    import('../service/open-delivery.ts'),
    import('../smtp/message.ts'),
    import('../subscribers/store.ts'),
  ]);
  const { config, log, closer } = surroundings;
  const db = await openDb(surroundings);
  if ((await listSuppressed(db, [to])).size > 0)
    throw new ConfigError(`${to} is suppressed: \`suppressions list\` says why`);
  const { deps } = await openDelivery({ config, db, log, inboxPort: null, patienceMs }, closer);
  const senderIdentity = message.openSenderIdentity(config, await openBounceAddresses(config));
  const links = createLinks(config.baseUrl);
  return sendTestMail({ mailer: deps.mailer, senderIdentity, links, now: () => new Date() }, to);
}

/** Throws ConfigError while mails go nowhere but to the local inbox. */
async function checkMail(config: Config): Promise<DnsFinding[]> {
  if (config.smtpServers.length === 0)
    throw new ConfigError(
      'Mails go to the local inbox: set SMTP_URL, and MAIL_FROM, to what is to be checked',
    );
  const { findSenderDns, usualResolver } = await import('../service/doctor/sender-dns.ts');
  return findSenderDns(config, usualResolver());
}

function describeFinding(
  { record, name, verdict, says, publish }: DnsFinding,
  quoteTxt: (text: string) => string,
): string {
  const line = `${verdict.padEnd(7)}  ${record.padEnd(5)}  ${name}: ${says}`;
  return publish === null ? line : `${line}\n    ${name} TXT ${quoteTxt(publish)}`;
}

function describeServer(server: ServerState): string {
  const { connections, mailsPerSession, limits, pausedSince, pausedUntil, latencyMs } = server;
  const most = connections.learned ?? connections.configured;
  const facts = [
    pausedSince !== null && `in trouble since ${pausedSince.toISOString()}`,
    pausedUntil !== null && `tried again at ${pausedUntil.toISOString()}`,
    server.lastError !== null && `last refusal: ${server.lastError}`,
    server.remedy !== null && `what can be done: ${server.remedy}`,
    latencyMs !== null && `an answer takes ${latencyMs} ms`,
    `${connections.open} of ${most} connections${connections.learned === null ? '' : ' (learned)'}`,
    mailsPerSession !== null && `${mailsPerSession} mails over a connection (learned)`,
    ...limits.map(({ limit, used }) => (used === null ? limit : `${used} of ${limit}`)),
  ].filter((fact) => fact !== false);
  return [`${server.name}: ${server.condition}`, ...facts].join('\n    ');
}

// Would mails leave: each mail server is asked up to where one would begin.
import type { Config, SmtpServer } from '../../config/config.ts';
import { type DryRun, runDry } from '../../smtp/dry-run.ts';
import { explainRefusal } from '../../smtp/outcome.ts';
import { fail, ok, type Told, warn } from './finding.ts';

type Input = { config: Config; to: string | null; patienceMs: number };

export async function examineMailServers({ config, to, patienceMs }: Input): Promise<Told[]> {
  const { smtpServers, bounceAddress, mailFrom } = config;
  if (smtpServers.length === 0)
    return [
      config.databaseUrl === null
        ? ok('mails go to the local inbox of this machine')
        : warn('mails go to the local inbox of this machine', 'Set SMTP_URL'),
    ];
  const from = bounceAddress ?? mailFrom.address;
  const told = await Promise.all(
    smtpServers.map((server) => examineServer(server, { config, from, to: to ?? from, patienceMs })),
  );
  return told.flat();
}

async function examineServer(
  { url, tls }: SmtpServer,
  { config, from, to, patienceMs }: { config: Config; from: string; to: string; patienceMs: number },
): Promise<Told[]> {
  const { host } = new URL(url);
  const { ehloName, smtpOAuth: oauth } = config;
  const dryRun = await runDry({ smtpUrl: url, from, to, tls, ehloName, oauth, patienceMs });
  return [
    ...judgeEncryption(host, { tls, encryption: dryRun.encryption }),
    ...judgeLogin(host, dryRun.login),
    judgeConversation(host, { dryRun, from, to }),
  ];
}

function judgeEncryption(
  host: string,
  { tls, encryption }: Pick<SmtpServer, 'tls'> & Pick<DryRun, 'encryption'>,
): Told[] {
  if (encryption === null) return [];
  if (encryption === 'verified') return [ok(`${host}: encrypted, and its certificate is verified`)];
  if (tls === 'required')
    return [ok(`${host}: ${encryption === 'none' ? 'in clear' : 'encrypted'}, on this machine`)];
  const what =
    encryption === 'none' ? 'mails and password go in clear' : 'nobody vouches for its certificate';
  return [
    warn(`${host}: ${what}`, `Remove tls=${tls} from its SMTP_URL once it has a certificate for its name`),
  ];
}

function judgeLogin(host: string, login: DryRun['login']): Told[] {
  if (login === 'done') return [ok(`${host}: logged in`)];
  if (login !== 'not offered') return [];
  return [
    warn(
      `${host}: SMTP_URL has a user, and the server offers no login`,
      'Use the port for submission (587, or smtps and 465), or leave the user out',
    ),
  ];
}

function judgeConversation(
  host: string,
  { dryRun: { result }, from, to }: { dryRun: DryRun; from: string; to: string },
): Told {
  switch (result.type) {
    case 'accepted':
      return ok(`${host}: would take a mail from ${from} to ${to} (${result.reply})`);
    case 'failed':
      return fail(
        `${host}: ${result.reason}`,
        'Check host and port in SMTP_URL, and that this machine’s network lets them through: many block port 25',
      );
    case 'refused': {
      const { stage, code, reply } = result;
      const { code: cause } = explainRefusal(result);
      const what = `${host}: ${stageNames[stage]} refused: ${reply}`;
      const isForNow = code < 500 && stage === 'recipient';
      const remedy = isForNow
        ? 'It may be greylisting: ask again in some minutes'
        : remedyOf({ stage, cause, from, to });
      return isForNow ? warn(what, remedy) : fail(what, remedy);
    }
    default:
      return fail(`${host}: ${result.reason}`, 'Check MAIL_FROM, BOUNCE_ADDRESS and --to');
  }
}

type Refused = Extract<DryRun['result'], { type: 'refused' }>;

const stageNames: Record<Refused['stage'], string> = {
  connection: 'the connection was',
  tls: 'encryption was',
  login: 'the login was',
  sender: 'the sender was',
  recipient: 'the recipient was',
  content: 'a mail was',
};

function remedyOf({
  stage,
  cause,
  from,
  to,
}: { cause: string; from: string; to: string } & Pick<Refused, 'stage'>): string {
  if (stage === 'login')
    return 'Check user and password in SMTP_URL: “@”, “:”, “/” and “%” in them are written as %40, %3A, %2F and %25';
  if (stage === 'sender')
    return `Let the server take ${from} as a sender, or change MAIL_FROM or BOUNCE_ADDRESS`;
  if (stage === 'recipient')
    return cause === 'mailbox_unknown'
      ? `If ${to} is no mailbox, ask with another: --to you@example.org`
      : `Let the server relay for us: a login in SMTP_URL, or this machine’s address in its list of trusted networks`;
  if (stage === 'tls') return 'Check the server’s certificate and key';
  return 'Ask whoever runs the server; a blocklist, or too many connections, may be the reason';
}

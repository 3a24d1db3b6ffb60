// A Postfix of a test's own: its queue, configuration and log in a folder of their own, on a free loopback port. It never
// looks at the machine's.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inject } from 'vitest';
import { makeCertificate } from '../../src/platform/keys/certificate.ts';
import { asRoot } from './external-tools.ts';
import { findFreePort } from './free-port.ts';
import { waitFor } from './wait-for.ts';

export type Postfix = {
  smtpUrl: string;
  /** What it says of each mail, among other things. */
  readLog(): Promise<string>;
  stop(): Promise<void>;
};

type Options = {
  /** The port on this machine that takes a domain's mail. Others go nowhere. */
  nextHops: Record<string, number>;
  /** By recipient, what RCPT TO is answered. */
  answers: Record<string, string>;
};

/** STARTTLS with a certificate of its own making, as Debian sets it up. */
export async function startPostfix({ nextHops, answers }: Options): Promise<Postfix> {
  const program = inject('externalPrograms').postfix ?? 'postfix';
  const folder = await mkdtemp(join(tmpdir(), 'paperround-postfix-'));
  await chmod(folder, 0o755);
  const at = (name: string) => join(folder, name);
  const port = await findFreePort();
  const { cert, key } = makeCertificate('mx.example.org', new Date());
  const list = (lines: string[][]) => `${lines.map((line) => line.join(' ')).join('\n')}\n`;
  await mkdir(at('etc'));
  const files = {
    'cert.pem': cert,
    'key.pem': key,
    transport: list([
      ...Object.entries(nextHops).map(([domain, hop]) => [domain, `smtp:[127.0.0.1]:${hop}`]),
      ['*', 'error:5.4.4 no route'],
    ]),
    access: list(Object.entries(answers)),
    'main.cf': list(
      Object.entries({
        compatibility_level: '3.6',
        queue_directory: at('queue'),
        data_directory: at('data'),
        maillog_file: at('log'),
        maillog_file_prefixes: folder,
        daemon_directory: '/usr/lib/postfix/sbin',
        command_directory: dirname(program),
        mail_owner: 'postfix',
        setgid_group: 'postdrop',
        myhostname: 'mx.example.org',
        mydestination: '',
        alias_maps: '',
        local_recipient_maps: '',
        inet_interfaces: '127.0.0.1',
        inet_protocols: 'ipv4',
        mynetworks: '127.0.0.0/8',
        smtp_dns_support_level: 'disabled',
        transport_maps: `texthash:${at('etc/transport')}`,
        smtpd_recipient_restrictions: `check_recipient_access texthash:${at('etc/access')}, permit_mynetworks, reject`,
        smtpd_tls_cert_file: at('etc/cert.pem'),
        smtpd_tls_key_file: at('etc/key.pem'),
        smtpd_tls_security_level: 'may',
        smtpd_tls_received_header: 'yes',
        smtp_tls_security_level: 'may',
        smtputf8_enable: 'yes',
      }).map(([name, value]) => [name, '=', value]),
    ),
    'master.cf': list([
      [`127.0.0.1:${port}`, 'inet', 'n', '-', 'n', '-', '-', 'smtpd'],
      ...privateServices.map((name) => [
        name,
        'unix',
        '-',
        '-',
        'n',
        '-',
        processesOf[name] ?? '-',
        programOf[name] ?? name,
      ]),
      ['cleanup', 'unix', 'n', '-', 'n', '-', '0', 'cleanup'],
      ['qmgr', 'unix', 'n', '-', 'n', '300', '1', 'qmgr'],
      ['postlog', 'unix-dgram', 'n', '-', 'n', '-', '1', 'postlogd'],
    ]),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(at(`etc/${name}`), text);
  for (const name of ['queue', 'data']) await mkdir(at(name));
  runAsRoot('chown', ['-R', 'root', at('etc'), at('queue')]);
  runAsRoot('chown', ['postfix', at('data')]);

  const run = (command: string) => asRoot(program, ['-c', at('etc'), command]);
  const child = spawn(...run('start-fg'), { stdio: 'ignore' });
  const abort = () => spawnSync(...run('abort'), { stdio: 'ignore' });
  process.once('exit', abort);
  const readLog = () => readFile(at('log'), 'utf8').catch(() => '');
  const isStarted = async () => {
    if (child.exitCode !== null) throw new Error(`Postfix ended:\n${await readLog()}`);
    return (await readLog()).includes('daemon started');
  };
  await waitFor('Postfix', isStarted, startMs);
  return {
    smtpUrl: `smtp://127.0.0.1:${port}`,
    readLog,
    async stop() {
      process.off('exit', abort);
      const ended = once(child, 'exit');
      abort();
      await ended;
      runAsRoot('chown', ['-R', String(process.getuid?.()), folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const startMs = 120_000;

const privateServices = [
  'tlsmgr',
  'rewrite',
  'bounce',
  'defer',
  'trace',
  'smtp',
  'error',
  'retry',
  'anvil',
  'proxymap',
];

/** Where there is a number of processes that must be. */
const processesOf: Readonly<Record<string, string>> = { tlsmgr: '1', bounce: '0', defer: '0', trace: '0' };

/** Services that are called otherwise than their program. */
const programOf: Readonly<Record<string, string>> = {
  rewrite: 'trivial-rewrite',
  defer: 'bounce',
  trace: 'bounce',
  retry: 'error',
};

function runAsRoot(program: string, args: string[]): void {
  const { status, stderr } = spawnSync(...asRoot(program, args), { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
}

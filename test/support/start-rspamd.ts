// An rspamd that judges a mail by itself: by its content and headers, with no list, no neighbour and no name server to ask.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { z } from 'zod';
import { findFreePort } from './free-port.ts';
import { waitFor } from './wait-for.ts';

export type Rspamd = {
  /** What it found, and the points for each; as if handed over by the host that the mails are signed for. */
  judge(mail: { from: string; to: string; raw: Buffer }): Promise<Map<string, number>>;
  stop(): Promise<void>;
};

/** They ask the network; what they find is about hosts and keys, not about a mail. */
const modulesThatAsk = [
  ...['rbl', 'surbl', 'fuzzy_check', 'asn', 'mx_check', 'dmarc', 'spf', 'dkim', 'arc', 'rspamd_update'],
  ...['url_redirector', 'neural', 'phishing', 'hfilter'],
];

const answer = z.object({ symbols: z.record(z.string(), z.object({ score: z.number() })) });

export async function startRspamd(): Promise<Rspamd> {
  const folder = await mkdtemp(join(tmpdir(), 'paperround-rspamd-'));
  const overrides = join(folder, 'override.d');
  await mkdir(overrides);
  for (const name of modulesThatAsk) await writeFile(join(overrides, `${name}.conf`), 'enabled = false;\n');
  // Compiling the world's domains and its own expressions would take a minute of processor.
  await writeFile(join(folder, 'suffixes'), 'org\ncom\nnet\n');
  await writeFile(
    join(overrides, 'options.inc'),
    `dns { nameserver = ["127.0.0.1:9"]; timeout = 0.1s; retransmits = 1; }
disable_monitoring = true;
disable_hyperscan = true;
url_tld = "${folder}/suffixes";
pidfile = "${folder}/pid";
control_socket = "${folder}/control mode=0600";
cache_file = "${folder}/symbols.cache";
`,
  );
  const port = await findFreePort();
  await writeFile(
    join(folder, 'rspamd.conf'),
    `.include "$CONFDIR/common.conf"
options {
  .include "$CONFDIR/options.inc"
  .include(priority=10) "$LOCAL_CONFDIR/override.d/options.inc"
}
logging { type = "console"; level = "error"; }
worker "normal" { bind_socket = "127.0.0.1:${port}"; count = 1; task_timeout = 60s; }
`,
  );
  const variables = ['DBDIR', 'RUNDIR', 'LOGDIR', 'LOCAL_CONFDIR'].map((name) => `--var=${name}=${folder}`);
  // Its workers would give up root; here nobody else reaches them.
  const asRoot = process.getuid?.() === 0 ? ['-i', '-u', 'root', '-g', 'root'] : [];
  const program = inject('externalPrograms').rspamd ?? 'rspamd';
  const child = spawn(program, ['-f', ...asRoot, '-c', join(folder, 'rspamd.conf'), ...variables], {
    stdio: 'ignore',
  });
  const kill = () => child.kill('SIGTERM');
  process.once('exit', kill);
  const url = `http://127.0.0.1:${port}`;
  const isUp = () =>
    fetch(`${url}/ping`).then(
      ({ ok }) => ok,
      () => false,
    );
  // Two seconds of processor, which it does not always get at once.
  await waitFor('rspamd', isUp, 120_000);
  return {
    async judge({ from, to, raw }) {
      const headers = {
        from,
        rcpt: to,
        ip: '192.0.2.25',
        helo: 'mail.papers.example.org',
        hostname: 'mail.papers.example.org',
      };
      const response = await fetch(`${url}/checkv2`, { method: 'POST', headers, body: new Uint8Array(raw) });
      const { symbols } = answer.parse(await response.json());
      return new Map(Object.entries(symbols).map(([name, { score }]) => [name, score]));
    },
    async stop() {
      process.off('exit', kill);
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

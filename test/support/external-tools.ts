// The programs that npm cannot bring: where they are, how to get them, and getting them where that is ours to do.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

type Source = {
  /** Any one of these will do; the first one found is taken. */
  programs: string[];
  debianPackage: string;
  /** Where Debian puts it, when that is not on everyone's PATH; a star stands for the version. */
  folder?: string;
  /** How to get it where there is no apt-get. */
  elsewhere: string;
  /** It is of use to root only: to somebody who is, or who has `sudo` without a password. */
  needsRoot?: boolean;
};

const sources = {
  'redis-server': {
    programs: ['redis-server', 'valkey-server'],
    debianPackage: 'redis-server',
    elsewhere: '`brew install redis` (macOS)',
  },
  'redis-sentinel': {
    programs: ['redis-sentinel', 'valkey-sentinel'],
    debianPackage: 'redis-sentinel',
    elsewhere: '`brew install redis` (macOS)',
  },
  chromium: {
    // The shell draws the same pages for half the processor: it has no windows to manage.
    programs: ['chromium-headless-shell', 'chromium', 'google-chrome'],
    debianPackage: 'chromium-headless-shell',
    elsewhere: 'google-chrome from its maker, on the PATH',
  },
  postgres: {
    programs: ['postgres'],
    debianPackage: 'postgresql',
    folder: '/usr/lib/postgresql/*/bin',
    elsewhere: '`brew install postgresql` (macOS)',
  },
  pgbouncer: {
    programs: ['pgbouncer'],
    debianPackage: 'pgbouncer',
    folder: '/usr/sbin',
    elsewhere: '`brew install pgbouncer` (macOS)',
  },
  postfix: {
    programs: ['postfix'],
    debianPackage: 'postfix',
    folder: '/usr/sbin',
    elsewhere: 'a Linux, and root or sudo without a password',
    needsRoot: true,
  },
  dovecot: {
    programs: ['dovecot'],
    debianPackage: 'dovecot-imapd',
    folder: '/usr/sbin',
    elsewhere: '`brew install dovecot` (macOS)',
  },
  promtool: {
    programs: ['promtool'],
    debianPackage: 'prometheus',
    elsewhere: '`brew install prometheus` (macOS)',
  },
  spamassassin: {
    programs: ['spamassassin'],
    debianPackage: 'spamassassin',
    elsewhere: '`brew install spamassassin` (macOS)',
  },
  rspamd: {
    programs: ['rspamd'],
    debianPackage: 'rspamd',
    elsewhere: '`brew install rspamd` (macOS)',
  },
  'systemd-analyze': {
    programs: ['systemd-analyze'],
    debianPackage: 'systemd',
    elsewhere: 'a Linux with systemd',
  },
  tc: {
    programs: ['tc'],
    debianPackage: 'iproute2',
    folder: '/usr/sbin',
    elsewhere: 'a Linux kernel: no other has it',
  },
} satisfies Record<string, Source>;

export type ExternalTool = keyof typeof sources;

/** The table as it is read: a line need not have every field. */
const sourceOf = (tool: ExternalTool): Source => sources[tool];

export const externalTools = Object.keys(sources).filter((name): name is ExternalTool => name in sources);

export const describeHowToGet = (tool: ExternalTool): string =>
  `\`apt-get install ${sourceOf(tool).debianPackage}\` (Debian, Ubuntu); elsewhere: ${sourceOf(tool).elsewhere}`;

/** The program's full path, or null when it is neither on the PATH nor where Debian puts it. */
export function findExternalTool(tool: ExternalTool, path = process.env.PATH ?? ''): string | null {
  const { programs, folder, needsRoot } = sourceOf(tool);
  if (needsRoot === true && !canBeRoot()) return null;
  const folders = path.split(delimiter).filter((entry) => entry !== '');
  if (folder !== undefined) folders.push(...listVersions(folder));
  return programs.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable) ?? null;
}

function canBeRoot(): boolean {
  return process.getuid?.() === 0 || spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0;
}

/** What to spawn, to run it as root. */
export function asRoot(program: string, args: string[]): [program: string, args: string[]] {
  return process.getuid?.() === 0 ? [program, args] : ['sudo', ['-n', program, ...args]];
}

/** The newest first. */
function listVersions(folder: string): string[] {
  const [above = '', below] = folder.split('/*/');
  if (below === undefined) return [folder];
  const versions = listEntries(above).sort((one, other) => Number(other) - Number(one));
  return versions.map((version) => join(above, version, below));
}

function listEntries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** All of them; null for what is missing. */

export function findExternalTools(): Record<ExternalTool, string | null> {
  const found = externalTools.map((tool) => [tool, findExternalTool(tool)]);
  return Object.fromEntries(found);
}

export const listMissingTools = (): ExternalTool[] =>
  externalTools.filter((tool) => findExternalTool(tool) === null);

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Installs what is missing with apt-get, as root on Debian or Ubuntu only; says so before. Never throws. */
export function installMissingTools(say: (line: string) => void): void {
  const packages = [...new Set(listMissingTools().map((tool) => sourceOf(tool).debianPackage))];
  if (packages.length === 0 || process.getuid?.() !== 0 || !isDebianLike()) return;

  say(`Not on this machine yet, installing with apt-get (a minute or two): ${packages.join(', ')}`);
  const options = ['-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300'];
  withoutServices(() => {
    for (const args of [['update'], ['install', ...options, ...packages]]) {
      const { status, stdout, stderr, error } = spawnSync('apt-get', args, {
        stdio: ['ignore', 'pipe', 'pipe'],
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      });
      if (status === 0) continue;
      // A failed update may leave lists that are good enough: only the install decides.
      const lastLines = `${stdout ?? ''}${stderr ?? ''}`.trim().split('\n').slice(-5).join('\n');
      say(`apt-get ${args[0]} failed: ${error?.message ?? lastLines}`);
    }
  });
}

/**
 * No package may start a server on its usual port while `install` runs: every start of a service is refused by this
 * script (https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt). Where there is one, as in most
 * containers, it stays as it is.
 */
function withoutServices(install: () => void): void {
  const policy = '/usr/sbin/policy-rc.d';
  const isOurs = writeNewFile(policy, '#!/bin/sh\nexit 101\n');
  try {
    install();
  } finally {
    if (isOurs) rmSync(policy, { force: true });
  }
}

function writeNewFile(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o755 });
    return true;
  } catch {
    return false;
  }
}

function isDebianLike(): boolean {
  try {
    return /^ID(?:_LIKE)?=.*\b(?:debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

// The two programs that npm cannot bring: where they are, how to get them, and getting them where that is ours to do.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export type ExternalTool = 'redis-server' | 'chromium';

type Source = { programs: string[]; debianPackage: string; howToGet: string };

const sources: Record<ExternalTool, Source> = {
  'redis-server': {
    programs: ['redis-server', 'valkey-server'],
    debianPackage: 'redis-server',
    howToGet: '`apt-get install redis-server` (Debian, Ubuntu) or `brew install redis` (macOS)',
  },
  chromium: {
    programs: ['chromium', 'google-chrome'],
    debianPackage: 'chromium',
    howToGet: '`apt-get install chromium` (Debian) or google-chrome from its maker, on the PATH',
  },
};

export const externalTools: ExternalTool[] = ['redis-server', 'chromium'];

export const describeHowToGet = (tool: ExternalTool): string => sources[tool].howToGet;

/** The program's full path, or null when it is not on the PATH. */
export function findExternalTool(tool: ExternalTool, path = process.env.PATH ?? ''): string | null {
  const candidates = sources[tool].programs.flatMap((program) =>
    path
      .split(delimiter)
      .filter((folder) => folder !== '')
      .map((folder) => join(folder, program)),
  );
  return candidates.find(isExecutable) ?? null;
}

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
  const packages = externalTools
    .filter((tool) => findExternalTool(tool) === null)
    .map((tool) => sources[tool].debianPackage);
  if (packages.length === 0 || process.getuid?.() !== 0 || !isDebianLike()) return;

  say(`Not on this machine yet, installing with apt-get (a minute or two): ${packages.join(', ')}`);
  const options = ['-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300'];
  for (const args of [['update'], ['install', ...options, ...packages]]) {
    const { status, stdout, stderr, error } = spawnSync('apt-get', args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      // RUNLEVEL=1 keeps invoke-rc.d from starting a Redis of its own on the usual port.
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
    });
    if (status === 0) continue;
    // A failed update may leave lists that are good enough: only the install decides.
    const lastLines = `${stdout ?? ''}${stderr ?? ''}`.trim().split('\n').slice(-5).join('\n');
    say(`apt-get ${args[0]} failed: ${error?.message ?? lastLines}`);
  }
}

function isDebianLike(): boolean {
  try {
    return /^ID(?:_LIKE)?=.*\b(?:debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

// The lines that docs/deploy.md has a newcomer type, typed: by a shell, in folders of the test's own. What needs root, an engine, a
// cluster or the network is a stand-in that notes what it was asked, which is held against the files; what they have in a container
// or a pod is run by docs-commands.test.ts.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { packageFolder, readConfig } from '../src/config/config.ts';

const page = readFileSync(join(packageFolder, 'docs/deploy.md'), 'utf8');
/** Under a heading, each as one script. */
const blocksOf = (heading: string) =>
  [...(page.split(`\n## ${heading}`)[1]?.split('\n## ')[0] ?? '').matchAll(/```sh\n([\s\S]*?)```/g)].map(
    ([, block = '']) => block,
  );

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'paperround-deploy-'));
});
afterAll(() => rmSync(scratch, { recursive: true }));

/** In a folder of its own; returns what the stand-ins were asked, a line each. Throws where a line fails. */
function type(script: string, { folder, standIns }: { folder: string; standIns: string[] }): string[] {
  const notes = join(folder, 'asked');
  const functions = standIns.map((name) => `${name}() { echo "${name} $*" >> '${notes}'; }`);
  execFileSync('bash', ['-euc', [...functions, script].join('\n')], { cwd: folder, stdio: 'pipe' });
  return existsSync(notes) ? readFileSync(notes, 'utf8').trim().split('\n') : [];
}

const makeFolder = (name: string) => {
  const folder = join(scratch, name);
  mkdirSync(folder);
  return folder;
};

describe('with compose', () => {
  const composes = ['docker-compose.yml', 'docker-compose.tls.yml'];
  const read = (name: string) => readFileSync(join(packageFolder, name), 'utf8');

  test('the first lines leave a .env with all that the files ask for, and a configuration that the program accepts', () => {
    const folder = makeFolder('compose');
    const [first = ''] = blocksOf('One host, with compose');
    const asked = type(first, { folder, standIns: ['docker'] });
    const env = Object.fromEntries(
      readFileSync(join(folder, '.env'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
    const needed = composes.flatMap((name) =>
      [...read(name).matchAll(/\$\{(\w+):\?/g)].map(([, variable]) => variable),
    );
    expect(Object.keys(env)).toEqual(expect.arrayContaining([...new Set(needed)]));
    expect(env.COMPOSE_FILE?.split(':')).toEqual(composes);
    const { SMTP_URL, SECRET_KEY, MAIL_FROM, POSTAL_ADDRESS, SITE_HOST, POSTGRES_PASSWORD } = env;
    const config = readConfig({
      SMTP_URL,
      SECRET_KEY,
      MAIL_FROM,
      POSTAL_ADDRESS,
      BASE_URL: `https://${SITE_HOST}`,
      DATABASE_URL: `postgresql://paperround:${POSTGRES_PASSWORD}@postgres:5432/paperround`,
    });
    expect(config.baseUrl).toBe('https://papers.example.org');
    const services = Object.keys(parse(read('docker-compose.yml'), { merge: true }).services);
    expect(asked[0]).toBe('docker compose up --detach --build --scale worker=2');
    for (const line of asked.slice(1)) {
      const [, service = ''] = /^docker compose exec (\w+) paperround /.exec(line) ?? [];
      expect(services, line).toContain(service);
    }
  });

  test('files go in and out as the shell has it', () => {
    const folder = makeFolder('files');
    const [, second = ''] = blocksOf('One host, with compose');
    const asked = type(`touch readers.csv; ${second}`, { folder, standIns: ['docker'] });
    expect(asked).toHaveLength(3);
    expect(asked[2]).toMatch(
      / --volume \/\S+\/backups:\/backups worker paperround backup \/backups\/paperround\.backup$/,
    );
    expect(readdirSync(folder)).toContain('readers-now.csv');
  });
});

test('in Kubernetes each line asks for what the manifests have, under its name', () => {
  const folder = join(packageFolder, 'docs/deploy/kubernetes');
  const objects = readdirSync(folder)
    .flatMap((name) => parseAllDocuments(readFileSync(join(folder, name), 'utf8')))
    .map((document) =>
      z
        .looseObject({ kind: z.string(), metadata: z.looseObject({ name: z.string() }).optional() })
        .parse(document.toJS()),
    )
    .map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata?.name}`);
  const asked = type(blocksOf('Kubernetes').join('\n'), {
    folder: makeFolder('kubernetes'),
    standIns: ['kubectl'],
  });
  expect(asked.length).toBeGreaterThan(9);
  const named = asked
    .flatMap((line) => line.match(/\b(?:job|deployment)[/ ][a-z-]+/g) ?? [])
    .map((name) => name.replace(' ', '/'));
  expect(named.length).toBeGreaterThan(4);
  for (const name of named) expect(objects).toContain(name);
  for (const line of asked)
    for (const [path] of line.matchAll(/docs\/deploy\/[\w./]+/g))
      expect(existsSync(join(packageFolder, path)), path).toBe(true);
});

test.runIf(isThere('kubectl'))('kustomize puts together what it names', () => {
  const out = execFileSync('kubectl', ['kustomize', 'docs/deploy/kubernetes'], {
    cwd: packageFolder,
    encoding: 'utf8',
  });
  const made = parseAllDocuments(out).map((document) => document.toJS());
  expect(made.map(({ kind }) => kind).toSorted()).toEqual(
    [
      'ConfigMap',
      'Deployment',
      'Deployment',
      'Ingress',
      'PodDisruptionBudget',
      'PodDisruptionBudget',
      'Service',
    ].toSorted(),
  );
  for (const { metadata } of made) expect(metadata.namespace).toBe('paperround');
});

test('with systemd the lines leave the program, its key and its units where the units look for them', () => {
  const folder = makeFolder('systemd');
  for (const path of ['opt', 'usr/local/bin', 'etc/systemd/system'])
    mkdirSync(join(folder, path), { recursive: true });
  const [install = '', inside = ''] = blocksOf('systemd');
  // At the root of a system of the test's own.
  const script = install
    .replace(/(?<=[\s>])\/(?=(?:opt|etc|usr)\/)/g, `${folder}/`)
    .replace(
      /^git clone .*$/m,
      `cp -r '${packageFolder}/docs' '${packageFolder}/.env.example' '${folder}/opt/' && mv '${folder}/opt' '${folder}/paperround' && mkdir '${folder}/opt' && mv '${folder}/paperround' '${folder}/opt/'`,
    );
  const asked = type(script, { folder, standIns: ['useradd', 'npm', 'systemctl'] });
  const enabled =
    asked
      .find((line) => line.startsWith('systemctl enable'))
      ?.split(' ')
      .slice(3) ?? [];
  const units = readdirSync(join(folder, 'etc/systemd/system'));
  expect(enabled).toHaveLength(4);
  for (const unit of enabled) expect(units).toContain(unit.replace(/@\d+\./, '@.'));
  const service = readFileSync(join(folder, 'etc/systemd/system/paperround-web.service'), 'utf8');
  const placeOf = (pattern: RegExp) => join(folder, pattern.exec(service)?.[1] ?? 'nowhere');
  expect(readlinkSync(placeOf(/^ExecStart=(\S+)/m))).toBe(join(folder, 'opt/paperround/dist/cli.js'));
  const settings = placeOf(/^EnvironmentFile=(\S+)/m);
  const key = placeOf(/^LoadCredential=secret-key:(\S+)/m);
  expect(readFileSync(key, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
  for (const path of [settings, key]) expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(settings, 'utf8')).toBe(readFileSync(join(packageFolder, '.env.example'), 'utf8'));
  const [line = ''] = type(inside, { folder: makeFolder('inside'), standIns: ['systemd-run'] });
  expect(line).toContain('EnvironmentFile=/etc/paperround/paperround.env');
  expect(line).toContain('SECRET_KEY_FILE=/etc/paperround/secret-key');
});

function isThere(program: string): boolean {
  try {
    execFileSync(program, ['version', '--client'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

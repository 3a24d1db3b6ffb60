// What can be known of the containers without an engine: the files fit together, and to the program's configuration.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { readConfig, variables } from '../src/config/config.ts';
import { findFreePort } from './support/free-port.ts';
import { createEmptyDatabase } from './support/postgres.ts';
import { launch, signalGroup } from './support/program.ts';
import { signUpByForm } from './support/sign-up-by-form.ts';
import { startSmtpCatcher } from './support/smtp-catcher.ts';
import { waitFor } from './support/wait-for.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

const serviceSchema = z.object({
  image: z.string(),
  build: z.string().optional(),
  command: z.array(z.string()).optional(),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.string()).default({}),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  read_only: z.boolean().default(false),
  cap_drop: z.array(z.string()).default([]),
  cap_add: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
  tmpfs: z.array(z.string()).default([]),
  mem_limit: z.string().optional(),
  pids_limit: z.number().optional(),
  privileged: z.boolean().default(false),
});

const compose = z
  .object({ services: z.record(z.string(), serviceSchema), volumes: z.record(z.string(), z.unknown()) })
  .parse(parse(read('docker-compose.yml'), { merge: true }));
const services = Object.entries(compose.services);
const ownServices = services.filter(([, service]) => service.build !== undefined);

function hasCompose(): boolean {
  try {
    execFileSync('docker', ['compose', 'version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('docker-compose.yml', () => {
  test('has everything that one installation needs', () => {
    expect(Object.keys(compose.services).sort()).toEqual(['mailpit', 'postgres', 'valkey', 'web', 'worker']);
  });

  test('a service that others wait for can tell that it is healthy', () => {
    const awaited = services.flatMap(([, { depends_on }]) => Object.entries(depends_on));
    expect(awaited.length).toBeGreaterThan(0);
    for (const [name, { condition }] of awaited) {
      expect(condition).toBe('service_healthy');
      expect(compose.services[name], name).toHaveProperty('healthcheck');
    }
  });

  test('every service has a health check, its own or the image’s', () => {
    const without = services
      .filter(([, { healthcheck, build }]) => !healthcheck && !build)
      .map(([name]) => name);
    expect(without).toEqual([]);
    expect(findInstructions('HEALTHCHECK')).toHaveLength(1);
  });

  test('every variable that it sets is one that the program reads', () => {
    const names = ownServices.flatMap(([, { environment }]) => Object.keys(environment));
    expect(names.filter((name) => !(name in variables))).toEqual([]);
  });

  test('the program accepts the configuration that a filled-in .env gives', () => {
    expect(ownServices.map(([name]) => name)).toEqual(['web', 'worker']);
    const env = { POSTGRES_PASSWORD: '0123abcd', SECRET_KEY: '0'.repeat(64) };
    for (const [, { environment }] of ownServices) {
      const config = readConfig(mapValues(environment, (value) => interpolate(value, env)));
      expect(config).toMatchObject({
        databaseUrl: 'postgresql://paperround:0123abcd@postgres:5432/paperround',
        smtpServers: [{ url: 'smtp://mailpit:1025' }],
      });
    }
  });

  test('the host names in the URLs are services', () => {
    const env = { POSTGRES_PASSWORD: 'x', SECRET_KEY: 'x' };
    for (const [, { environment }] of ownServices) {
      for (const name of ['DATABASE_URL', 'REDIS_URL', 'SMTP_URL']) {
        const { hostname } = new URL(interpolate(environment[name] ?? '', env));
        expect(Object.keys(compose.services)).toContain(hostname);
      }
    }
  });

  test('without its secrets it refuses to start and says which one is missing', () => {
    for (const [, { environment }] of services) {
      const secrets = Object.entries(environment).filter(([name]) => /KEY|PASSWORD|DATABASE_URL/.test(name));
      for (const [name, value] of secrets) expect(value, name).toMatch(/\$\{\w+:\?[^}]+\}/);
    }
    const { SECRET_KEY = '' } = compose.services.web?.environment ?? {};
    expect(() => interpolate(SECRET_KEY, {})).toThrow('SECRET_KEY is missing');
  });

  test('nothing is open to the network by default', () => {
    const published = services.flatMap(([, { ports }]) => ports);
    expect(published.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  test('what must outlive a container is in a declared volume', () => {
    const used = services.flatMap(([, { volumes }]) => volumes.map((volume) => volume.split(':')[0]));
    expect(used).toEqual(Object.keys(compose.volumes));
    expect(compose.services.postgres?.volumes).toEqual(['postgres-data:/var/lib/postgresql']);
  });

  test('images are pinned to a version that does not move', () => {
    const foreign = services.filter(([, { build }]) => build === undefined).map(([, { image }]) => image);
    for (const image of foreign) expect(image).toMatch(/:v?\d+\.\d+/);
    const bases = findInstructions('FROM').flatMap(({ args }) => /^(\S+:\S+)/.exec(args)?.[1] ?? []);
    expect(bases.length).toBeGreaterThan(0);
    for (const image of bases) expect(image).toMatch(/:\d+\.\d+\.\d+-/);
  });

  test.each(services)(
    '%s has no rights, no memory and no file system beyond what it needs',
    (name, service) => {
      expect(service).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        mem_limit: expect.stringMatching(/^\d+[mg]$/),
        pids_limit: expect.any(Number),
        privileged: false,
      });
      expect(service.tmpfs).toContain('/tmp');
      // It alone begins as root.
      if (name !== 'postgres') expect(service.cap_add).toEqual([]);
      expect(service.volumes.filter((volume) => /^[./]/.test(volume))).toEqual([]);
    },
  );

  // No engine is to be had where the others come from; where one is at hand, it is asked as well.
  if (hasCompose()) {
    test('an engine takes it', () => {
      const env = { ...process.env, POSTGRES_PASSWORD: 'x', SECRET_KEY: 'x'.repeat(64) };
      execFileSync('docker', ['compose', 'config', '--quiet'], { cwd: root, env });
    });
  }
});

describe('docker-compose.tls.yml', () => {
  const tls = z
    .object({
      services: z.object({
        web: z.object({ environment: z.record(z.string(), z.string()) }),
        worker: z.object({ environment: z.record(z.string(), z.string()) }),
        caddy: serviceSchema,
      }),
      volumes: z.record(z.string(), z.unknown()),
    })
    .parse(parse(read('docker-compose.tls.yml'), { merge: true }));
  const { web, worker, caddy } = tls.services;

  test('the host that the proxy serves is the one that links lead to, and has to be named', () => {
    const env = { SITE_HOST: 'papers.example.org', POSTGRES_PASSWORD: 'x', SECRET_KEY: 'x'.repeat(64) };
    for (const { environment } of [web, worker]) {
      const merged = { ...compose.services.web?.environment, ...environment };
      const config = readConfig(mapValues(merged, (value) => interpolate(value, env)));
      expect(config).toMatchObject({ baseUrl: 'https://papers.example.org', trustProxy: 1 });
    }
    expect(caddy.command?.map((word) => interpolate(word, env)).join(' ')).toBe(
      'caddy reverse-proxy --from papers.example.org --to web:3000',
    );
    expect(() => interpolate(web.environment.BASE_URL ?? '', {})).toThrow('SITE_HOST is missing');
  });

  test('the proxy may bind its ports and keep its certificates, and nothing else', () => {
    expect(caddy).toMatchObject({
      image: expect.stringMatching(/:\d+\.\d+\.\d+-/),
      ports: ['80:80', '443:443', '443:443/udp'],
      volumes: Object.keys(tls.volumes).map((name) => `${name}:/data`),
      read_only: true,
      cap_drop: ['ALL'],
      cap_add: ['NET_BIND_SERVICE'],
      security_opt: ['no-new-privileges:true'],
      depends_on: { web: { condition: 'service_healthy' } },
    });
  });
});

describe('Dockerfile', () => {
  test('the program does not run as root', () => {
    const users = findInstructions('USER', listStages().at(-1)?.name);
    expect(users.map(({ args }) => args)).toEqual(['node']);
  });

  test('only stages that exist are copied from', () => {
    const names = listStages().map(({ name }) => name);
    const copiedFrom = findInstructions('COPY').flatMap(({ args }) => /--from=(\S+)/.exec(args)?.[1] ?? []);
    expect(copiedFrom.length).toBeGreaterThan(0);
    expect(copiedFrom.filter((name) => !names.includes(name))).toEqual([]);
  });

  test('what is copied from the project exists, and .dockerignore lets it through', () => {
    const sources = findInstructions('COPY')
      .filter(({ args }) => !args.includes('--from='))
      .flatMap(({ args }) => args.split(/\s+/).slice(0, -1));
    expect(sources).toContain('package-lock.json');
    for (const source of sources) {
      expect(existsSync(join(root, source)), source).toBe(true);
      expect(isIgnored(source), source).toBe(false);
    }
  });

  test('the last stage has what is read at run time', () => {
    const copied = findInstructions('COPY', listStages().at(-1)?.name).map(({ args }) =>
      args.split(/\s+/).at(-1),
    );
    for (const path of ['dist', 'node_modules', 'prisma', 'seeds', 'templates'])
      expect(copied).toContain(`./${path}`);
  });

  test('it starts a file that the build makes, and asks the port that compose sets', () => {
    const command = z
      .array(z.string())
      .parse(JSON.parse(findInstructions('CMD', listStages().at(-1)?.name)[0]?.args ?? ''));
    expect(command).toEqual(['paperround', 'start']);
    expect(findProgram()).toEqual({ place: '/app/dist/cli.js', name: '/usr/local/bin/paperround' });
    expect(existsSync(join(root, 'src/cli.ts'))).toBe(true);
    expect(findInstructions('EXPOSE').map(({ args }) => args)).toEqual(['3000']);
    expect(findInstructions('HEALTHCHECK')[0]?.args).toContain('http://127.0.0.1:3000/healthz');
    for (const [, { environment }] of ownServices) expect(environment.PORT).toBe('3000');
    for (const [name, service] of ownServices) {
      expect(service.command).toEqual([...command, '--role', name]);
    }
  });
});

describe('what the image holds', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'paperround-image-'));
    for (const { args } of findInstructions('COPY', listStages().at(-1)?.name)) {
      const [source = ''] = args.split(/\s+/);
      if (source.startsWith('--from=')) continue;
      cpSync(join(root, source), join(folder, source), { recursive: true });
    }
    installPackages();
    execFileSync(process.execPath, [join(root, '.build.mjs'), join(folder, 'dist')]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Those of the project, without what the image leaves out of Prisma's client. */
  function installPackages(): void {
    const link = (name: string) =>
      symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
    const list = (scope: string) => readdirSync(join(root, 'node_modules', scope));
    mkdirSync(join(folder, 'node_modules/@prisma'), { recursive: true });
    for (const name of list('.')) if (name !== '@prisma') link(name);
    for (const name of list('@prisma')) if (name !== 'client') link(join('@prisma', name));
    const client = 'node_modules/@prisma/client';
    cpSync(join(root, client), join(folder, client), { recursive: true });
    const [removal = ''] = findInstructions('RUN').flatMap(
      ({ args }) => /&& (find .* -delete)/.exec(args)?.[1] ?? [],
    );
    execFileSync('sh', ['-c', removal], { cwd: folder });
    const left = readdirSync(join(folder, client, 'runtime'));
    expect(left.filter((name) => /mysql|sqlite|\.map$/.test(name))).toEqual([]);
  }

  test('is enough to migrate, by the name that is on its PATH', async ({ onTestFinished }) => {
    const database = await createEmptyDatabase();
    onTestFinished(database.drop);
    mkdirSync(join(folder, 'bin'));
    symlinkSync(join(folder, 'dist/cli.js'), join(folder, 'bin/paperround'));
    const env = {
      PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
      DATABASE_URL: database.databaseUrl,
      ...{
        SMTP_URL: 'smtp://127.0.0.1:9',
        BASE_URL: 'https://papers.example.org',
        SECRET_KEY: 'x'.repeat(32),
      },
    };
    const migrate = (...args: string[]) =>
      spawnSync('paperround', ['migrate', ...args], { cwd: '/', env, encoding: 'utf8' });
    expect(migrate('--check')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^Not applied yet: 2026/),
    });
    expect(migrate()).toMatchObject({ status: 0, stdout: 'The database is up to date.\n' });
    expect(migrate('--check', '--json')).toMatchObject({ status: 0 });
    expect(JSON.parse(migrate('--check', '--json').stdout)).toEqual({ pending: [], ahead: [] });
  });

  test('is enough to serve the pages and to send a mail', async ({ onTestFinished }) => {
    const database = await createEmptyDatabase();
    onTestFinished(database.drop);
    const smtp = await startSmtpCatcher();
    onTestFinished(smtp.close);
    const port = await findFreePort();
    const env = {
      NODE_ENV: 'production',
      DATABASE_URL: database.databaseUrl,
      SMTP_URL: smtp.smtpUrl,
      SECRET_KEY: 'for this test alone, and 32 characters long',
      BASE_URL: `http://127.0.0.1:${port}`,
      HOST: '127.0.0.1',
      PORT: String(port),
    };
    const service = await launch(['start'], { env, launcher: 'built', folder });
    onTestFinished(() => signalGroup(service.child.pid, 'SIGKILL'));
    const isRunning = () => service.stdout().includes('Paperround is running');
    await Promise.race([waitFor('the start', isRunning), service.ended]);
    expect(isRunning(), service.stderr()).toBe(true);

    const fields = { email: 'ada@example.org', keywords: 'diffusion' };
    const page = await signUpByForm(env.BASE_URL, fields, { 'Accept-Language': 'fr' });
    expect({ status: page.status, html: await page.text() }).toMatchObject({
      status: 200,
      html: expect.stringContaining('<html lang="fr"'),
    });
    await waitFor('the confirmation', () => smtp.mails.length === 1);
    signalGroup(service.child.pid, 'SIGTERM');
    expect(await service.ended).toBe(0);
  });
});

describe('.dockerignore', () => {
  test.each([
    '.data/secret-key',
    '.env',
    '.env.local',
    '.git/config',
    'node_modules/zod/package.json',
    'dist/cli.js',
  ])('%s stays out of the image', (path) => {
    expect(isIgnored(path)).toBe(true);
  });

  test.each(['src/cli.ts', 'templates/digest.mjml', 'prisma/schema.prisma', '.npmrc'])(
    '%s goes in',
    (path) => {
      expect(isIgnored(path)).toBe(false);
    },
  );
});

/** What the image has on its PATH. */
function findProgram() {
  const link = findInstructions('RUN', listStages().at(-1)?.name)[0]?.args ?? '';
  const [, place, name] = /^ln -s (\S+) (\S+)$/.exec(link) ?? [];
  return { place, name };
}

type Instruction = { stage: string; name: string; args: string };

/** Instructions with continued lines joined and comments left out; a stage without a name is called by its number. */
function listInstructions(): Instruction[] {
  const lines = read('Dockerfile')
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '');
  let stage = '';
  let stageCount = 0;
  return lines.map((line) => {
    const [, name = '', args = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    if (name === 'FROM') stage = / AS (\S+)$/i.exec(args)?.[1] ?? String(stageCount);
    if (name === 'FROM') stageCount += 1;
    return { stage, name, args };
  });
}

const listStages = () =>
  listInstructions()
    .filter(({ name }) => name === 'FROM')
    .map(({ stage }) => ({ name: stage }));

const findInstructions = (wanted: string, wantedStage?: string): Instruction[] =>
  listInstructions().filter(
    ({ name, stage }) => name === wanted && (wantedStage === undefined || stage === wantedStage),
  );

/** As the builder does it: the last matching line decides, `!` lets through, a folder's line is for all below it. */
function isIgnored(path: string): boolean {
  const patterns = read('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const last = patterns.findLast((pattern) => {
    const glob = pattern.replace(/^!/, '').replace(/\/$/, '');
    const expression = glob
      .replace(/[.+^$()|[\]{}\\]/g, '\\$&')
      .replace(/\*\*\/|\*/g, (stars) => (stars === '*' ? '[^/]*' : '(?:.*/)?'));
    return new RegExp(`^${expression}(?:/.*)?$`).test(path);
  });
  return last !== undefined && !last.startsWith('!');
}

/** Compose's `${NAME:-default}` and `${NAME:?message}`. */
function interpolate(value: string, env: Record<string, string>): string {
  return value.replace(/\$\{(\w+):([-?])([^}]*)\}/g, (_, name: string, kind: string, text: string) => {
    const given = env[name] ?? '';
    if (given !== '') return given;
    if (kind === '-') return text;
    throw new Error(`${name} ${text}`);
  });
}

const mapValues = (record: Record<string, string>, map: (value: string) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));

// What docs/operate.md has an operator set for traces, set as it stands there: web server and worker, compiled as they are installed,
// tell a collector on this machine. The packages are too many for everybody's install: OTEL_PACKAGES names their folder, and in CI the
// page's own line gets them.
import { execFileSync, execSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageFolder } from '../src/config/config.ts';
import { findFreePort } from './support/free-port.ts';
import { createTestDatabase, type TestDatabase } from './support/postgres.ts';
import { type Env, fewTopics, launch, signalGroup } from './support/program.ts';
import { waitFor } from './support/wait-for.ts';

const given = process.env.OTEL_PACKAGES;
const isLeftOut = given === undefined && process.env.CI === undefined;
const leftOutBecause =
  'Left out, for the packages of docs/operate.md, Traces, are 115 MB: `OTEL_PACKAGES=/opt/otel npm test -- test/traces.test.ts`.';
const page = readFileSync(join(packageFolder, 'docs/operate.md'), 'utf8');
/** As a shell or systemd reads them. */
const written: Record<string, string> = Object.fromEntries(
  (/### Traces[\s\S]*?```dotenv\n([\s\S]*?)```/.exec(page)?.[1] ?? '')
    .trim()
    .split('\n')
    .map((line) => /^(\w+)="?(.*?)"?$/.exec(line)?.slice(1) ?? [line, '']),
);

const writtenFolder = '/opt/otel';

/** As the page has it. */
function installPackages(folder: string): string {
  const line = /^npm install --prefix .*$/m.exec(page)?.[0] ?? '';
  expect(line).toContain(writtenFolder);
  execSync(`${line.replace(writtenFolder, folder)} --no-audit --no-fund`, { stdio: 'pipe' });
  return folder;
}

test('nothing but names of OpenTelemetry’s and Node’s is set', () => {
  expect(Object.keys(written).length).toBeGreaterThan(2);
  for (const name of Object.keys(written)) expect(name).toMatch(/^(?:OTEL_[A-Z_]+|NODE_OPTIONS)$/);
});

describe('with the packages', isLeftOut ? { skip: true, meta: { leftOutBecause } } : {}, () => {
  let folder: string;
  let packages: string;
  let database: TestDatabase;
  let collector: Server;
  let env: Env;
  /** What came, by path: names and values stand in it as they are. */
  const came: { path: string; text: string }[] = [];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'paperround-traces-'));
    packages = given ?? installPackages(join(folder, 'otel'));
    for (const name of ['node_modules', 'package.json', 'prisma', 'seeds', 'templates'])
      symlinkSync(join(packageFolder, name), join(folder, name));
    execFileSync(process.execPath, [join(packageFolder, '.build.mjs'), join(folder, 'dist')]);
    database = await createTestDatabase();
    collector = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part) => parts.push(part));
      request.on('end', () => {
        const sent = Buffer.concat(parts);
        const bytes = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
        came.push({ path: request.url ?? '', text: bytes.toString('latin1') });
        response.end();
      });
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    const { port } = collector.address() as AddressInfo;
    const set = Object.entries(written).map(([name, value]) => [
      name,
      value.replaceAll(`${writtenFolder}/`, `${packages}/`).replace('127.0.0.1:4318', `127.0.0.1:${port}`),
    ]);
    env = {
      ...Object.fromEntries(set),
      DATABASE_URL: database.databaseUrl,
      SMTP_URL: 'smtp://127.0.0.1:9',
      BASE_URL: 'https://papers.example.org',
      SECRET_KEY: 'a secret for tests that is long enough',
      TOPICS_FILE: fewTopics,
      HOST: '127.0.0.1',
      // Spans are sent at once.
      OTEL_BSP_SCHEDULE_DELAY: '200',
    };
  }, 300_000);
  afterAll(async () => {
    collector?.close();
    await database?.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(['web', 'worker'])('a %s is traced', { timeout: 120_000 }, async (role) => {
    came.length = 0;
    const port = String(await findFreePort());
    const given = { ...env, PORT: port, HEALTH_PORT: port };
    const service = await launch(['start', '--role', role], { env: given, launcher: 'built', folder });
    try {
      const isRunning = () => service.stdout().includes('Paperround is running');
      await Promise.race([waitFor('the start', isRunning, 60_000), service.ended]);
      expect(isRunning(), service.stderr()).toBe(true);
      await fetch(`http://127.0.0.1:${port}/${role === 'web' ? '' : 'livez'}`);
      const wanted = ['paperround', 'pg.query:SELECT', 'instrumentation-http', 'GET'];
      const lacks = () => wanted.filter((name) => !came.some(({ text }) => text.includes(name)));
      await waitFor('the spans', () => lacks().length === 0, 30_000).catch(() => {});
      expect(lacks()).toEqual([]);
      expect(new Set(came.map(({ path }) => path))).toEqual(new Set(['/v1/traces']));
      if (role === 'web') expect(service.stderr()).toMatch(/"trace_id":"[0-9a-f]{32}"/);
      expect(service.stderr()).not.toContain('MetadataLookupWarning');
    } finally {
      signalGroup(service.child.pid, 'SIGKILL');
      await service.ended;
    }
  });
});

// What commands that change something print for programs: one document on stdout, and nothing else.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Env, fewTopics } from '../support/program.ts';
import { runHere } from '../support/run-here.ts';
import { ada, createWorld, expertPaper, type World } from '../support/world.ts';

let world: World;
let folder: string;
let env: Env;

beforeAll(async () => {
  world = await createWorld();
  env = {
    DATABASE_URL: world.databaseUrl,
    SMTP_URL: 'smtp://127.0.0.1:9',
    BASE_URL: 'https://papers.example.org',
    SECRET_KEY: 'a secret for tests that is long enough',
    TOPICS_FILE: fewTopics,
  };
  folder = await mkdtemp(join(tmpdir(), 'paperround-json-'));
  await writeFile(join(folder, 'barred.csv'), 'email\nbarred@example.org\nnobody\n');
  await writeFile(join(folder, 'brand.yaml'), 'name: Our papers\n');
  await world.list('2026-03-02', [expertPaper('translation')]);
  await world.subscribe(ada);
});
afterAll(async () => {
  await world?.close();
  await rm(folder, { recursive: true });
});

async function ask(line: string, exit = 0): Promise<unknown> {
  const ran = await runHere([...line.split(' '), '--json'], { env, folder });
  expect(ran, line).toMatchObject({ exit });
  return JSON.parse(ran.stdout);
}

test('editions that are held', async () => {
  const edition = '2099-01-02';
  const none = { edition, left: 0, cancelled: 0 };
  expect(await ask(`editions pause ${edition}`)).toEqual({ ...none, hold: 'paused' });
  expect(await ask(`digest cancel ${edition}`)).toEqual({ ...none, hold: 'cancelled' });
  expect(await ask(`editions resume ${edition}`)).toEqual({ ...none, hold: null });
});

test('addresses that are barred, and lifted', async () => {
  const email = 'bo@example.org';
  expect(await ask(`suppressions add ${email}`)).toEqual({ email, isNew: true });
  expect(await ask('suppressions import barred.csv', 1)).toEqual({ added: 1, known: 0, refused: 1 });
  expect(await ask('suppressions lift --domain Example.org')).toEqual({ suppressions: [] });
  expect(await ask('suppressions lift --domain example.org --yes')).toEqual({
    lifted: 0,
    left: { wished: 2, hashed: 0 },
  });
  expect(await ask('suppressions lift --reason imported')).toMatchObject({
    suppressions: [{ email: 'barred@example.org', cause: 'imported' }],
  });
  expect(await ask(`suppressions lift ${email}`)).toEqual({ email, lifted: 1 });
});

test('readers that are barred and erased', async () => {
  const { id } = await world.find(ada);
  const who = { id, email: ada, status: 'active' };
  expect(await ask(`subscribers suppress ${ada}`)).toEqual({ email: ada, isNew: true });
  expect(await ask(`subscribers erase ${ada}`)).toEqual({ ...who, erased: false });
  expect(await ask(`subscribers erase ${ada} --yes`)).toEqual({ ...who, erased: true });
  expect(await world.db.subscriber.count()).toBe(0);
});

test('administrators, keys, webhooks and a brand', async () => {
  const made = { name: 'ada', password: expect.any(String) };
  expect(await ask('admin create ada --role viewer')).toEqual({ ...made, role: 'viewer' });
  expect(await ask('admin password ada')).toEqual(made);
  expect(await ask('admin role ada operator')).toEqual({ name: 'ada', role: 'operator' });
  expect(await ask('admin codes ada')).toEqual({
    name: 'ada',
    authenticator: expect.stringMatching(/^otpauth:/),
  });
  expect(await ask('admin codes ada --off')).toEqual({ name: 'ada', authenticator: null });
  expect(await ask('admin remove ada')).toEqual({ name: 'ada', removed: true });
  await ask('keys create crm --scopes *');
  expect(await ask('keys revoke crm')).toEqual({ name: 'crm', revoked: true });
  const { id } = (await ask('webhooks add https://example.org/hook')) as { id: string };
  expect(await ask(`webhooks enable ${id}`)).toEqual({ id, enabled: true });
  expect(await ask(`webhooks remove ${id}`)).toEqual({ id, removed: true });
  expect(await ask('brand check .')).toEqual({ name: 'Our papers', files: 0 });
});

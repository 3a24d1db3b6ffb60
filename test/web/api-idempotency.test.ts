// `Idempotency-Key`: what is sent twice is done once.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKey } from '../../src/operators/api-keys.ts';
import { beginRequest, fingerprintOf, forgetRequests } from '../../src/operators/idempotency.ts';
import { startApp, type TestApp } from './start-app.ts';

let app: TestApp;
let keys: Record<'one' | 'other', string>;
beforeAll(async () => {
  app = await startApp();
  const make = async (name: string) =>
    (await createKey(app.db, {
      name,
      scopes: ['readers:write', 'suppressions:write'],
      createdBy: 'a test',
      expiresAt: null,
      now: app.clock.now,
    })) ?? '';
  keys = { one: await make('one'), other: await make('other') };
});
afterAll(() => app?.stop());

async function suppress(idempotencyKey: string, body: unknown, key: string = keys.one) {
  const response = await app.request('/api/v1/suppressions', {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'idempotency-key': idempotencyKey,
    },
    body: JSON.stringify(body),
  });
  const replayed = response.headers.get('idempotency-replayed') === 'true';
  return { status: response.status, replayed, body: JSON.parse(await response.text()) };
}

const ask = (name: string) => ({ email: `${name}@example.org`, reason: 'asked by telephone' });
const countActions = () => app.db.auditEntry.count();

test('the same again gets the same answer, and is not done again', async () => {
  const before = await countActions();
  const first = await suppress('"a-1"', ask('ada'));
  expect(first).toEqual({ status: 200, replayed: false, body: { isNew: true } });
  // Quotes are the header's, and fields have no order.
  const { email, reason } = ask('ada');
  expect(await suppress('a-1', { reason, email })).toEqual({ ...first, replayed: true });
  expect(await countActions()).toBe(before + 1);
  expect(await suppress('a-2', ask('ada'))).toMatchObject({ replayed: false, body: { isNew: false } });
});

test('another request under the same key is refused, by this program alone', async () => {
  await suppress('b-1', ask('grace'));
  const { status, body } = await suppress('b-1', ask('alan'));
  expect([status, body.detail]).toEqual([422, expect.stringContaining('was used for another request')]);
  expect(await app.db.suppression.count({ where: { emailKey: 'alan@example.org' } })).toBe(0);
  expect((await suppress('b-1', ask('alan'), keys.other)).status).toBe(200);
});

test('of many at once one is done; the others are told to wait, or get its answer', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => suppress('c-1', ask('many'))));
  expect(answers.filter(({ status, replayed }) => status === 200 && !replayed)).toHaveLength(1);
  for (const { status, body } of answers)
    if (status === 200) expect(body).toEqual({ isNew: true });
    else expect(status).toBe(409);
});

test('one that was killed is under way for a minute, then the same request does it', async () => {
  const body = ask('killed');
  const fingerprint = fingerprintOf(['POST', '/v1/suppressions', {}, body]);
  const { now } = app.clock;
  await beginRequest(app.db, { keyName: 'one', idempotencyKey: 'd-1', fingerprint, now });
  expect((await suppress('d-1', body)).status).toBe(409);
  app.clock.now = new Date(now.getTime() + 61_000);
  expect((await suppress('d-1', ask('somebody-else'))).status).toBe(422);
  expect(await suppress('d-1', body)).toMatchObject({ status: 200, replayed: false });
  expect(await suppress('d-1', body)).toMatchObject({ status: 200, replayed: true });
  app.clock.now = now;
});

test('a refusal is kept, what cannot be read is not, and after a day all is forgotten', async () => {
  const nobody = '/api/v1/subscribers/8e03978e-40d5-43dd-bc93-6894a57f9324/suppress';
  const askForNobody = () =>
    app.request(nobody, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${keys.one}`,
        'content-type': 'application/json',
        'idempotency-key': 'e-1',
      },
      body: JSON.stringify({ reason: 'asked by telephone' }),
    });
  expect((await askForNobody()).status).toBe(404);
  const again = await askForNobody();
  expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([404, 'true']);
  expect(again.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect((await suppress('e-2', { email: 'x', reason: 'no address' })).status).toBe(422);
  expect((await suppress('e-2', ask('mended'))).status).toBe(200);
  expect((await suppress('with space', ask('mended'))).status).toBe(400);
  await forgetRequests(app.db, new Date(app.clock.now.getTime() + 25 * 60 * 60_000));
  expect(await app.db.idempotentRequest.count()).toBe(0);
});

test('what fails on our side may be sent again', async () => {
  await app.db.$executeRaw`ALTER TABLE suppression RENAME TO suppression_away`;
  expect((await suppress('f-1', ask('unlucky'))).status).toBe(500);
  await app.db.$executeRaw`ALTER TABLE suppression_away RENAME TO suppression`;
  expect(await suppress('f-1', ask('unlucky'))).toMatchObject({ status: 200, replayed: false });
  const failed = await app.db.auditEntry.findFirst({ where: { result: { startsWith: 'It failed' } } });
  expect(failed).toMatchObject({ action: 'addSuppression' });
});

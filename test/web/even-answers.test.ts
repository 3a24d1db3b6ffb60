// Whoever asks about an address learns nothing about it: neither by what is answered nor by when: nothing is looked
// up about it before the answer.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from './start-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.stop());

const postJson = (path: string, body: object, headers: Record<string, string> = {}) =>
  app.request(path, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/** One address of every kind; `name` keeps those of two tests apart. */
async function addEveryKind(name: string): Promise<string[]> {
  const kinds = ['unknown', 'waiting', 'known', 'left', 'barred', 'often'];
  const [unknown = '', waiting = '', known = '', left = '', barred = '', often = ''] = kinds.map(
    (kind) => `${name}-${kind}@example.org`,
  );
  await app.addPending(waiting);
  await app.addActive(known);
  const { id } = await app.addActive(left);
  await app.post(`/unsubscribe/${app.signToken('unsubscribe', { id })}`, { from: 'page' });
  await app.db.suppression.create({ data: { emailKey: barred, reason: 'test' } });
  // Got as many mails today as an address gets.
  for (let times = 0; times < 3; times += 1) await app.addPending(often);
  return [unknown, waiting, known, left, barred, often];
}

type Answer = { status: number; headers: object; body: string };

async function readAnswer(ask: () => Promise<Response>): Promise<Answer> {
  const response = await ask();
  const body = await response.text();
  // An ETag is made of the body, which is compared itself.
  const headers = { ...Object.fromEntries(response.headers), date: '', ratelimit: '', etag: '' };
  return { status: response.status, headers, body };
}

test.each<[string, number, (email: string) => Promise<Response>]>([
  ['the sign-up form', 200, (email) => app.post('/subscribe', { email, topics: 'vision' })],
  ['sign-up by the API', 202, (email) => postJson('/api/v1/subscriptions', { email, topics: ['vision'] })],
  ['“send me my preferences link”', 200, (email) => app.post('/preferences', { email })],
  ['the same by the API', 202, (email) => postJson('/api/v1/preferences-links', { email })],
])('%s answers the same to any address, before anything is looked up about it', async (name, status, ask) => {
  const emails = await addEveryKind(name.replace(/\W+/g, '-').toLowerCase().slice(-20));
  const answers: Answer[] = [];
  // Whatever is known of an address cannot be read meanwhile: whoever tried would wait for the end of this. Of the readers' own
  // table, writing only: the reference of a new row to it, though there is none, asks for that much.
  await app.db.$transaction(async (tx) => {
    await tx.$executeRaw`LOCK TABLE suppression, delivery, subscriber_topic, subscriber_keyword IN ACCESS EXCLUSIVE MODE`;
    await tx.$executeRaw`LOCK TABLE subscriber IN SHARE ROW EXCLUSIVE MODE`;
    // Many at once: what follows the answers stands still, and keeps no later one waiting.
    const asked = [1, 2].flatMap(() => emails.map((email) => readAnswer(() => ask(email))));
    answers.push(...(await Promise.all(asked)));
  });
  expect(answers[0]?.status).toBe(status);
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  await app.settle();
  expect(await app.db.signUp.count({ where: { processedAt: null } })).toBe(0);
  expect(await app.db.linkRequest.count()).toBe(0);
});

// Nothing is looked up about the new address before its owner confirms it.
test('a change of address answers the same whoever has the new one', async () => {
  const emails = await addEveryKind('change');
  const answers = [];
  for (const [index, email] of emails.entries()) {
    const token = app.signToken('account', await app.addActive(`mover-${index}@example.org`));
    const byPage = await readAnswer(() => app.post(`/account/${token}/address`, { email }));
    const headers = { authorization: `Bearer ${token}` };
    const byApi = await readAnswer(() => postJson('/api/v1/subscription/address', { email }, headers));
    answers.push(
      [byPage, byApi].map(({ body, ...answer }) => {
        return { ...answer, body: body.replaceAll(token, 'TOKEN') };
      }),
    );
  }
  const [first] = answers;
  expect(first?.map(({ status }) => status)).toEqual([200, 202]);
  for (const answer of answers) expect(answer).toEqual(first);
});

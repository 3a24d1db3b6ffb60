// Sign-ups, links and changes of address by the hundred, from many sources and accounts, through two web processes and a
// restart: what a victim's mailbox gets of it.
import { afterEach, expect, test } from 'vitest';
import { hashMailbox } from '../../src/subscribers/mailbox.ts';
import type { Subscriber } from '../../src/subscribers/subscriber.ts';
import { faultSize } from '../support/fault-sizes.ts';
import { startApp, type TestApp } from './start-app.ts';

let app: TestApp;
afterEach(() => app?.stop());

/** Each has as many addresses as one likes. */
const victims: ((index: number) => string)[] = [
  (index) =>
    `${['vic.tim', 'v.ictim', 'victim', 'Vi.ctim'][index % 4]}+${index}@${index % 2 ? 'gmail' : 'googlemail'}.com`,
  (index) => `victim-${index}@yahoo.com`,
  (index) => `Victim+${index}@mail.example.org`,
];

const from = (index: number) => `198.51.${index % 100}.${Math.floor(index / 100) + 1}`;

type Ask = { url: string; path: string; body: Record<string, unknown>; source: string };

async function ask({ url, path, body, source }: Ask): Promise<Response> {
  const isApi = path.startsWith('/api/');
  const answer = await fetch(url + path, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      'x-forwarded-for': source,
      'accept-language': 'en',
      ...(isApi ? { 'content-type': 'application/json' } : {}),
    },
    body: isApi ? JSON.stringify(body) : new URLSearchParams(body as Record<string, string>),
  });
  await answer.arrayBuffer();
  return answer;
}

const signUpBy = { form: '/subscribe', api: '/api/v1/subscriptions' };

function signUp(
  url: string,
  door: keyof typeof signUpBy,
  { email, source }: { email: string; source: string },
) {
  const body =
    door === 'form' ? { email, topics: 'language', hour: '7' } : { email, topics: ['language'], hour: 7 };
  return ask({ url, path: signUpBy[door], body, source });
}

const doors = ['form', 'api'] as const;

const signUps = faultSize('SIGN_UPS');
const longest = 180_000 + signUps * 100;

test('hundreds of wishes from many sources and six accounts bring a mailbox two mails in an hour', {
  timeout: longest,
}, async () => {
  app = await startApp({ config: { trustProxy: 1 } });
  const attackers: Subscriber[] = [];
  for (let index = 0; index < 6; index += 1) attackers.push(await app.addActive(`a${index}@example.net`));
  await app.db.promisedMail.deleteMany();
  const other = await app.startAnother();

  const atOnce = 60;
  const startedAt = performance.now();
  const statuses = new Set<number>();
  async function bomb(urls: string[]): Promise<void> {
    const wish = (index: number) => {
      const url = urls[index % urls.length] ?? app.url;
      const email = victims[index % 3]?.(index) ?? '';
      return signUp(url, doors[Math.floor(index / 2) % 2] ?? 'form', { email, source: from(index) });
    };
    for (let first = 0; first < signUps; first += atOnce) {
      const some = Array.from({ length: Math.min(atOnce, signUps - first) }, (_, index) =>
        wish(first + index),
      );
      for (const { status } of await Promise.all(some)) statuses.add(status);
    }
    const changes = attackers.flatMap((attacker, account) =>
      victims.map((nameOf, index) =>
        ask({
          url: urls[account % urls.length] ?? app.url,
          path: `/account/${app.signToken('account', attacker)}/address`,
          body: { email: nameOf(account) },
          source: from(200 + index),
        }),
      ),
    );
    const links = victims.flatMap((nameOf) =>
      [0, 1, 2].map((index) =>
        ask({
          url: app.url,
          path: '/preferences',
          body: { email: nameOf(index) },
          source: from(300 + index),
        }),
      ),
    );
    for (const { status } of await Promise.all([...changes, ...links])) statuses.add(status);
  }

  await bomb([app.url, other.url]);
  await other.stop();
  const restarted = await app.startAnother();
  await bomb([restarted.url, app.url]);
  await bomb([restarted.url]);
  await restarted.stop();
  await app.settle();

  if (signUps > atOnce)
    console.log(`${3 * signUps} sign-ups in ${Math.round((performance.now() - startedAt) / 1000)} s`);

  // A page, a 202, and from the fourth change of one account on a 429, which is about the account. A busy machine may send some
  // away, which brings nobody a mail.
  statuses.delete(503);
  expect([...statuses].toSorted()).toEqual([200, 202, 429]);
  const kinds = await app.db.promisedMail.groupBy({ by: ['mailbox'], _count: true });
  const perMailbox = new Map(kinds.map(({ mailbox, _count }) => [mailbox, _count]));
  expect(victims.map((nameOf) => perMailbox.get(hashMailbox(nameOf(0))))).toEqual([2, 2, 2]);
  // No delivery was promised past that count; the six confirmations of the accounts themselves are not among them.
  const ofAccounts = { kind: 'confirmation', subscriber: { email: { endsWith: '@example.net' } } } as const;
  const harmless = [{ kind: 'digest' }, { kind: 'address_notice' }, ofAccounts] as const;
  const promised = await app.db.delivery.count({ where: { NOT: { OR: [...harmless] } } });
  expect(promised).toBe(6);
});

test('a domain has a budget of its own, by form and API, in all processes; a mailbox that is asked for again spends nothing of it', async () => {
  app = await startApp({ config: { trustProxy: 1, accountMailsPerDomain: 6, accountMailsPerHour: 14 } });
  const other = await app.startAnother();
  const urls = [app.url, other.url];
  let source = 0;
  const signUpAs = (email: string) => {
    source += 1;
    return signUp(urls[source % 2] ?? app.url, doors[source % 2] ?? 'form', { email, source: from(source) });
  };
  for (let index = 0; index < 20; index += 1) await signUpAs(`ada+${index}@lab.example.org`);
  const answers = [];
  for (const name of ['a', 'b', 'c']) answers.push((await signUpAs(`${name}@${name}.example.org`)).status);
  expect(answers).toEqual(
    [200, 503, 503].map((status, index) => (index === 0 ? expect.any(Number) : status)),
  );

  // Another one is open, and the overall budget is what ends it.
  const others = [];
  for (let index = 0; index < 10; index += 1) others.push((await signUpAs(`r${index}@d${index}.org`)).status);
  expect(others.filter((status) => status === 503)).toHaveLength(2);
  const refused = await signUpAs('late@late.org');
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3000);
  expect(
    app.logLines.filter((line) => line.includes('more account mails asked for than are sent')).length,
  ).toBe(2);
  expect(await app.db.signUp.count({ where: { email: 'late@late.org' } })).toBe(0);
  await other.stop();
});

test('behind a proxy that nobody told us of, one visitor closes the door for nobody else, and the log says what to set', async () => {
  app = await startApp({ rateLimits: { mails: { points: 2, seconds: 60 } } });
  const knock = (source: string) =>
    ask({ url: app.url, path: '/preferences', body: { email: 'no address' }, source });
  const statuses = [];
  for (let index = 0; index < 4; index += 1) statuses.push((await knock('203.0.113.1')).status);
  expect(statuses).toEqual([422, 422, 429, 429]);
  expect((await knock('203.0.113.2')).status).toBe(422);
  // What visitors say before the proxy adds its word counts for nothing.
  expect((await knock('203.0.113.7, 203.0.113.1')).status).toBe(429);

  // Whoever makes sources up has the proxy's budget, and no more.
  const forged = await Promise.all(Array.from({ length: 120 }, (_, index) => knock(from(index))));
  expect(forged.filter(({ status }) => status === 422)).toHaveLength(97);
  expect(app.logLines.filter((line) => line.includes('TRUST_PROXY=1'))).toHaveLength(1);
});

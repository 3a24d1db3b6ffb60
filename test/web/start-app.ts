// The real web server on a database of its own, with three topics, two days of papers and the usual cast.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import type { Hooks } from '../../src/bounces/hooks.ts';
import { createMatchFinder } from '../../src/digests/match-finder.ts';
import { type DigestPurpose, signDigestLink } from '../../src/ledger/digest-links.ts';
import { promises } from '../../src/ledger/promise.ts';
import { storePaperWords } from '../../src/matching/browse-store.ts';
import { indexPaper } from '../../src/matching/index-paper.ts';
import { listWordNumbers } from '../../src/matching/words/word-numbers.ts';
import { importListing } from '../../src/papers/import-listing.ts';
import type { ListedPaper } from '../../src/papers/paper.ts';
import { type StoredReason, storeReasons } from '../../src/papers/pick-store.ts';
import { createBudgets } from '../../src/platform/budgets.ts';
import { longestBacklog } from '../../src/platform/http-timeouts.ts';
import { createKeyedHash } from '../../src/platform/keys/keyed-hash.ts';
import { createProofs } from '../../src/platform/keys/proof-of-work.ts';
import { createStamps } from '../../src/platform/keys/stamps.ts';
import { createTokenSigner, type TokenPurpose } from '../../src/platform/keys/tokens.ts';
import { createLogger } from '../../src/platform/logger.ts';
import { createSharedDb, type Db } from '../../src/platform/postgres/db.ts';
import { createRunner } from '../../src/platform/runner.ts';
import { openZotero } from '../../src/service/open-zotero.ts';
import {
  defaultPreferences,
  type Preferences,
  readChoices,
} from '../../src/subscribers/preferences/preferences.ts';
import { answerRequests } from '../../src/subscribers/sign-up/answer-requests.ts';
import { confirm } from '../../src/subscribers/sign-up/confirm.ts';
import { answerSignUps, requestSignUp } from '../../src/subscribers/sign-up/sign-up.ts';
import { findSubscriber } from '../../src/subscribers/store.ts';
import type { Subscriber } from '../../src/subscribers/subscriber.ts';
import { storePaperTopics, storeTopics } from '../../src/topics/store.ts';
import { createApp } from '../../src/web/app.ts';
import type { WebConfig, WebDeps } from '../../src/web/http/deps.ts';
import type { RateLimits } from '../../src/web/http/limits/rate-limits.ts';
import { takeDatabase } from '../support/kept-database.ts';

export type TestApp = Awaited<ReturnType<typeof startApp>>;

const topics = [
  { id: 'language', name: 'Language models', description: 'Models that read and write text.' },
  { id: 'vision', name: 'Computer vision', description: 'Models that see.' },
  { id: 'systems', name: 'Training systems', description: 'Clusters, kernels and failures.' },
];

const listed = (paper: Partial<ListedPaper> & { title: string }): ListedPaper => ({
  abstract: null,
  authorsCount: null,
  organization: null,
  publishedOn: null,
  comments: null,
  upvotes: null,
  links: [],
  ...paper,
});

const manyWords = 'Each of these words only makes the abstract longer than an excerpt can be. '.repeat(8);

export const latestPapers = [
  listed({
    title: 'Small Language Models That Admit Doubt',
    abstract: `We train language models to say 10\\% less. ${manyWords}Code: https://example.org/doubt`,
    organization: 'Example Lab',
    publishedOn: '2025-12-11',
    upvotes: 101,
    links: ['https://example.org/doubt'],
  }),
  listed({ title: 'Seeing in the Dark', abstract: 'A camera that needs no light.', authorsCount: 1 }),
  listed({
    title: '<img src=x onerror=alert(1)> & "quotes" \u202etxet desrever',
    abstract: '</p><script>alert(1)</script>',
    links: ['javascript:alert(1)', 'http://example.org/a?b=1&c=<d>'],
  }),
];

export const earlierPapers = [listed({ title: 'Yesterday’s Paper', abstract: 'About graph transformers.' })];

/** No test is to meet a limit that it did not set. */
const generous = { points: 1000, seconds: 60 };

export async function startApp(
  options: {
    rateLimits?: Partial<RateLimits>;
    baseUrl?: string;
    brokenDatabase?: true;
    pagesKeptMs?: number;
    metrics?: WebDeps['metrics'];
    openHooks?: (deps: Pick<WebDeps, 'db' | 'tokens' | 'now'>) => Hooks;
    config?: Partial<WebConfig>;
    signUpProof?: true;
    sources?: WebDeps['sources'];
    /** What plays Zotero. */
    zoteroUrl?: string;
  } = {},
) {
  const { databaseUrl, db, giveBack } = await takeDatabase();
  const clock = { now: new Date('2025-12-12T10:00:00Z') };
  const now = () => clock.now;
  const tokens = createTokenSigner('a secret of the tests, 32 characters long');
  const wakes = { count: 0 };
  const wakeDelivery = async () => {
    wakes.count += 1;
  };
  await seed(db);

  const logLines: string[] = [];
  const logStream = new Writable({
    write(chunk, _encoding, done) {
      logLines.push(String(chunk));
      done();
    },
  });
  const stamps = createStamps('a secret of the tests, 32 characters long');

  async function serve(on: Db) {
    const signUps = createRunner(
      () => answerRequests({ db: on, promises, wakeDelivery, now }),
      (error) => logLines.push(String(error)),
    );
    const web = createApp({
      db: on,
      matches: createMatchFinder({ db: on }),
      tokens,
      config: {
        baseUrl: options.baseUrl ?? 'http://papers.example.org',
        trustProxy: 0,
        disposableDomains: new Set(['throwaway.example']),
        hstsSubdomains: false,
        hookTargets: 'public',
        accountMailsPerHour: 10_000,
        accountMailsPerDomain: 10_000,
        siteName: 'Paperround',
        postalAddress: 'Example Lab, 1 Main Street, Springfield',
        ...options.config,
      },
      logger: createLogger('info', logStream),
      now,
      promises,
      wakeDelivery,
      wakeRequests: signUps.wake,
      hashSource: createKeyedHash('a secret of the tests, 32 characters long', 'sources'),
      // The tests' clock stands still: whoever asks for one has taken their time.
      stamps: { ...stamps, issue: (at) => stamps.issue(new Date(at.getTime() - 60_000)) },
      proofs: options.signUpProof ? createProofs('a secret of the tests, 32 characters long') : null,
      health: { live: () => [], ready: async () => [] },
      checkDatabase: async () => {
        if (options.brokenDatabase) throw new Error('no answer');
        await on.$queryRaw`SELECT 1`;
      },
      budgets: createBudgets(on),
      hooks: options.openHooks?.({ db: on, tokens, now }) ?? null,
      sources: options.sources ?? [],
      settings: [],
      zotero: openZotero({
        config: {
          zoteroUrl: options.zoteroUrl ?? 'http://127.0.0.1:1',
          baseUrl: 'http://papers.example.org',
          mailFrom: { name: '', address: 'papers@example.org' },
        },
        db: on,
        now,
        patience: { pageMs: 3000, patienceMs: 20_000 },
      }),
      pagesKeptMs: options.pagesKeptMs ?? 0,
      metrics: options.metrics ?? null,
      rateLimits: {
        mails: generous,
        lookUps: generous,
        changes: generous,
        logins: generous,
        keys: generous,
        ...options.rateLimits,
      },
    });
    const server = createServer(web);
    // A client whose tests take longer than the default between two requests would find its connection closed.
    server.keepAliveTimeout = 120_000;
    server.listen({ port: 0, host: '127.0.0.1', backlog: longestBacklog });
    await once(server, 'listening');
    return {
      web,
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      signUps,
      async close() {
        await signUps.idle();
        server.close();
        server.closeAllConnections();
      },
    };
  }
  const signUpDeps = { db, promises, wakeDelivery, now };
  const { web, url, signUps, close } = await serve(db);

  const browser: Record<string, string> = { 'accept-language': 'en' };

  const signToken = (purpose: TokenPurpose, { id }: { id: string }) =>
    tokens.sign({ purpose, subscriberId: id, issuedAt: clock.now });

  /** A subscriber who has not confirmed yet. */
  async function addPending(email: string, preferences: Partial<Preferences> = {}): Promise<Subscriber> {
    const given = { ...defaultPreferences, topics: ['language'], ...preferences };
    const consent = { door: 'form', words: 'en 0123456789abcdef', source: null } as const;
    await requestSignUp(signUpDeps, { email, preferences: given, consent });
    await answerSignUps(signUpDeps);
    // What the app itself has in hand is answered by it.
    await signUps.idle();
    const { id } = await db.subscriber.findUniqueOrThrow({ where: { emailKey: email } });
    return getSubscriber(id);
  }

  async function addActive(email: string, preferences: Partial<Preferences> = {}): Promise<Subscriber> {
    const { id } = await addPending(email, preferences);
    await confirm({ ...signUpDeps, tokens }, await signConfirm(email));
    return getSubscriber(id);
  }

  /** For the latest sign-up with this address, as its mail would carry it. */
  async function signConfirm(email: string): Promise<string> {
    const signUp = await db.signUp.findFirstOrThrow({
      where: { emailKey: email },
      orderBy: [{ processedAt: 'desc' }, { confirmedAt: { sort: 'desc', nulls: 'first' } }],
    });
    return signToken('confirm', signUp);
  }

  /** What was asked for at the latest sign-up with this address. */
  async function findChoices(email: string): Promise<Preferences> {
    await signUps.idle();
    const where = { emailKey: email };
    const { choices } = await db.signUp.findFirstOrThrow({ where, orderBy: { processedAt: 'desc' } });
    return readChoices(choices);
  }

  function stampForm(fields: Record<string, string | string[]> | string) {
    const opened = stamps.issue(new Date(clock.now.getTime() - 60_000));
    return typeof fields === 'string' ? `${fields}&opened=${opened}` : { opened, ...fields };
  }

  /** As if the reader's first digest had left with all papers: where its links lead. */
  async function sendDigest(
    subscriber: Subscriber,
    seqs: number[] = [1, 2, 3, 4],
    reasons: StoredReason[] = [],
  ) {
    const picks = await storeReasons(
      db,
      seqs.flatMap((seq) => (reasons.length === 0 ? [null] : reasons).map((reason) => ({ seq, reason }))),
    );
    const { id, day } = await db.delivery.findFirstOrThrow({
      where: { subscriberId: subscriber.id, kind: 'digest' },
    });
    const delivery = await db.delivery.update({
      where: { id_day: { id, day } },
      data: { state: 'accepted', createdAt: clock.now, finishedAt: clock.now, picks },
    });
    const sign = (purpose: DigestPurpose) => signDigestLink(tokens, { purpose, delivery, subscriber });
    return { view: `/digest/${sign('view')}`, vote: `/vote/${sign('vote')}` };
  }

  async function getSubscriber(id: string): Promise<Subscriber> {
    const subscriber = await findSubscriber(db, id);
    if (subscriber === null) throw new Error(`There is no subscriber ${id}`);
    return subscriber;
  }

  return {
    app: web,
    url,
    db,
    databaseUrl,
    clock,
    tokens,
    wakes,
    logLines,
    signToken,
    signConfirm,
    findChoices,
    /** When what was posted before has been answered. */
    settle: () => signUps.idle(),
    addPending,
    addActive,
    sendDigest,
    getSubscriber,
    /** What the requests below say of their sender. */
    browser,
    /** Never follows a redirect. */
    request: (path: string, init: RequestInit = {}) =>
      fetch(`${url}${path}`, { redirect: 'manual', headers: browser, ...init }),
    stamps,
    /** Posts as a form does; that of a sign-up says that it was opened a while ago, unless it says something else. */
    post: (path: string, fields: Record<string, string | string[]> | string = {}) =>
      fetch(`${url}${path}`, {
        method: 'POST',
        redirect: 'manual',
        headers: browser,
        body: new URLSearchParams(listFields(path.startsWith('/subscribe') ? stampForm(fields) : fields)),
      }),
    /** Every row of every table that a request could change: equal before and after means that nothing changed. */
    dump: async () => {
      await signUps.idle();
      return dumpTables(db);
    },
    /** A second process on the same database, as far as one can tell, with web's two connections: it shares nothing else. */
    startAnother: async () => {
      const ownDb = createSharedDb(databaseUrl, { connections: 2, endsStatements: true });
      const another = await serve(ownDb);
      return {
        url: another.url,
        async stop() {
          await another.close();
          await ownDb.$disconnect();
        },
      };
    },
    stop: async () => {
      await close();
      await giveBack();
    },
  };
}

function listFields(fields: Record<string, string | string[]> | string): string | [string, string][] {
  if (typeof fields === 'string') return fields;
  return Object.entries(fields).flatMap(([name, value]) =>
    [value].flat().map((item): [string, string] => [name, item]),
  );
}

async function seed(db: Db): Promise<void> {
  await db.$transaction((tx) => storeTopics(tx, topics));
  const earlier = await importListing({ db }, { source: 'test', date: '2025-12-11', papers: earlierPapers });
  const { stored } = await importListing(
    { db },
    { source: 'test', date: '2025-12-12', papers: latestPapers },
  );
  const given = ['language', 'vision', 'vision'];
  await db.$transaction((tx) =>
    storePaperTopics(tx, {
      version: 'test',
      assigned: stored.map(({ seq }, index) => ({
        seq,
        topics: [{ id: given[index] ?? 'language', score: 0.9, because: ['models'] }],
      })),
    }),
  );
  const words = [...earlier.stored, ...stored].map((paper) => ({
    seq: paper.seq,
    words: listWordNumbers(indexPaper(paper)),
  }));
  await db.$transaction((tx) => storePaperWords(tx, words));
}

async function dumpTables(db: Db): Promise<string> {
  const tables = [
    'subscriber',
    'subscriber_topic',
    'subscriber_keyword',
    'keyword_query',
    'delivery',
    'suppression',
    'vote',
    'address_change',
    'sign_up',
    'link_request',
  ];
  const dumps = [];
  for (const table of tables) {
    dumps.push(
      await db.$queryRawUnsafe(
        `SELECT '${table}' AS name, to_jsonb(t) AS row FROM ${table} t ORDER BY to_jsonb(t)::text`,
      ),
    );
  }
  return JSON.stringify(dumps);
}

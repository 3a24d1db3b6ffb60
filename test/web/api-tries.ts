// For every route of the API one request that goes well: what looks at all routes starts here.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../../src/config/config.ts';
import { askForTestMail } from '../../src/operators/test-mails.ts';
import { storeReasons } from '../../src/papers/pick-store.ts';
import type { Source } from '../../src/sources/source.ts';
import { everyTwoHours } from '../../src/sources/timetable.ts';
import { addTopic, retireTopic } from '../../src/topics/written/write-topic.ts';
import { addEndpoint } from '../../src/webhooks/endpoints.ts';
import { eventTypes } from '../../src/webhooks/events.ts';
import { addTest } from '../../src/webhooks/messages.ts';
import type { TestApp } from './start-app.ts';

export type Try = {
  params?: Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
  /** Of a reader, where it is not a key that opens it. */
  token?: string;
};

const email = () => `try-${Math.random().toString(36).slice(2)}@example.org`;

const day = '2025-12-12';
const listing = readFileSync(join(packageFolder, 'seeds/daily-papers-2025-12-12.txt'), 'utf8').slice(0, 8000);

/** By the name of the route. Each makes what it needs. */
export const tries: Record<string, (app: TestApp) => Promise<Try> | Try> = {
  signUp: () => ({ body: { email: email(), topics: ['vision'], keywords: ['camera'] } }),
  askForLink: () => ({ body: { email: email() } }),
  listTopics: () => ({}),
  listPapersOfDay: () => ({ query: { date: '2025-12-12' } }),
  getSubscription: asReader,
  changeSubscription: async (app) => ({ ...(await asReader(app)), body: { hour: 9 } }),
  unsubscribe: asReader,
  getFeed: asReader,
  renewFeed: asReader,
  closeLinks: asReader,
  askForAccountLink: asReader,
  changeAddress: async (app) => ({ ...(await asOwner(app)), body: { email: email() } }),
  getData: asOwner,
  eraseData: asOwner,
  listReaders: () => ({ query: { status: 'active', q: 'try-' } }),
  addReader: () => ({
    body: { email: email(), evidence: 'paper form of 2 March', preferences: { topics: ['vision'] } },
  }),
  showReader: aReader,
  listReaderDays: aReader,
  previewDigest: aReader,
  confirmReader: async (app) => ({
    params: { id: (await app.addPending(email())).id },
    body: { evidence: 'called by telephone' },
  }),
  suppressReader: async (app) => ({ ...(await aReader(app)), body: { reason: 'asked by telephone' } }),
  liftReader: async (app) => ({ ...(await aReader(app)), body: {} }),
  eraseReader: aReader,
  listDeliveries: () => ({ query: { state: 'planned', edition: day, since: '2025-01-01T00:00:00Z' } }),
  showDelivery: async (app) => ({ params: { id: await aDelivery(app, 'accepted') } }),
  retryDeliveries: async (app) => {
    await aDelivery(app, 'rejected');
    return { body: { edition: day, reason: 'mailbox_full' } };
  },
  settleDeliveries: async (app) => {
    await aDelivery(app, 'unknown');
    return { body: { as: 'sent', edition: day } };
  },
  retryDelivery: async (app) => ({ params: { id: await aDelivery(app, 'rejected') }, body: {} }),
  resendDelivery: async (app) => ({ params: { id: await aDelivery(app, 'accepted') }, body: {} }),
  settleDelivery: async (app) => ({
    params: { id: await aDelivery(app, 'unknown') },
    body: { as: 'not-sent' },
  }),
  listEditions: () => ({ query: { from: '2025-12-01', to: day } }),
  showEdition: async (app) => {
    await aDelivery(app, 'rejected');
    return { params: { edition: day } };
  },
  pauseEdition: anEdition,
  resumeEdition: anEdition,
  cancelEdition: () => ({ params: { edition: '2025-11-01' }, body: {} }),
  retryEdition: anEdition,
  listSuppressions: async (app) => {
    await app.db.suppression.createMany({ data: [{ emailKey: email(), reason: 'a test' }] });
    return { query: { domain: 'example.org' } };
  },
  addSuppression: () => ({ body: { email: email(), reason: 'asked by telephone' } }),
  liftSuppressions: () => ({ body: { domain: 'example.net', since: '2025-01-01T00:00:00Z' } }),
  listBounces: async (app) => {
    const id = BigInt(await aDelivery(app, 'accepted'));
    const { day: filedUnder, subscriberId } = await app.db.delivery.findFirstOrThrow({ where: { id } });
    const back = { status: '5.1.1', diagnostic: 'no such user', receivedAt: app.clock.now };
    await app.db.bounce.create({
      data: { deliveryId: id, day: filedUnder, subscriberId, kind: 'policy', ...back },
    });
    return {};
  },
  searchPapers: () => ({ query: { q: 'camera OR language', limit: '1' } }),
  showPaper: () => ({ params: { seq: '2' } }),
  importListing: () => ({ body: { text: listing, date: day, dryRun: true } }),
  listMailServers: () => ({}),
  sendTestMail: () => ({ body: { email: 'me@example.org' } }),
  showTestMail: async (app) => {
    const email = 'me@example.org';
    const id = await askForTestMail(app.db, { email, askedBy: 'key all', now: app.clock.now });
    return { params: { id: String(id) } };
  },
  tryTopic: () => ({
    body: { id: 'kites', name: 'Kites', description: 'Kites and the wind.', phrases: ['kite', 'camera'] },
  }),
  listWrittenTopics: async (app) => {
    await aWrittenTopic(app);
    return {};
  },
  storeTopic: () => ({
    body: { id: 'kites', name: 'Kites', description: 'Kites and the wind.', phrases: ['kite'], seen: 0 },
  }),
  retireTopic: async (app) => ({ params: { id: await aWrittenTopic(app) }, body: {} }),
  restoreTopic: async (app) => {
    const id = await aWrittenTopic(app);
    await retireTopic({ db: app.db, now: () => app.clock.now }, { id, by: 'ada', expected: null });
    return { params: { id }, body: {} };
  },
  // One that nobody has changed is so already.
  takeBackTopic: () => ({ params: { id: 'language' }, body: {} }),
  listSources: () => ({}),
  fetchSource: () => ({ params: { id: 'quiet' }, body: {} }),
  listFollowers: () => ({}),
  listWebhooks: async (app) => {
    await aWebhook(app);
    return {};
  },
  addWebhook: () => ({ body: { url: anAddress(), events: ['edition.done', 'subscriber.confirmed'] } }),
  removeWebhook: async (app) => ({ params: { id: await aWebhook(app) } }),
  enableWebhook: async (app) => ({ params: { id: await aWebhook(app) }, body: {} }),
  testWebhook: async (app) => ({ params: { id: await aWebhook(app) }, body: {} }),
  listWebhookMessages: async (app) => {
    const id = await aWebhook(app);
    const messageId = await addTest(app.db, { endpointId: id, now: app.clock.now });
    const tried = { at: app.clock.now, ms: 12, status: 500, error: 'answered 500' };
    await app.db.webhookTry.create({ data: { messageId: messageId ?? 0n, ...tried } });
    return { query: { webhook: id } };
  },
  getStatus: () => ({}),
  listSettings: () => ({}),
  listLog: () => ({}),
  getOpenApi: () => ({}),
  getDocs: () => ({}),
  getShapes: () => ({}),
};

async function aReader(app: TestApp): Promise<Try> {
  const { id } = await app.addActive(email(), { keywords: ['camera'] });
  return { params: { id } };
}

const anAddress = () => `https://example.org/${Math.random().toString(36).slice(2)}`;

async function aWrittenTopic({ db, clock }: TestApp): Promise<string> {
  const id = `written-${Math.random().toString(36).slice(2)}`;
  const texts = { name: 'Written', description: 'Whatever somebody wrote about.', further: '' };
  const draft = { id, group: '', phrases: ['written word'], examples: [], ...texts };
  await addTopic({ db, now: () => clock.now }, { draft, by: 'ada' });
  return id;
}

async function aWebhook(app: TestApp): Promise<string> {
  const asked = { url: anAddress(), events: eventTypes, createdBy: 'a test', now: app.clock.now };
  return (await addEndpoint(app.db, asked))?.id ?? '';
}

function anEdition(): Try {
  return { params: { edition: day }, body: {} };
}

/** Of a new reader; what it is answered says why it ended so. */
async function aDelivery(app: TestApp, state: 'accepted' | 'rejected' | 'unknown'): Promise<string> {
  const { id: subscriberId } = await app.addActive(email());
  const reasonCode = { accepted: null, rejected: 'mailbox_full', unknown: 'no_answer' }[state];
  const where = { subscriberId, kind: 'digest' as const };
  const picks = await storeReasons(app.db, [{ seq: 2, reason: null }]);
  const earlierTries = [{ at: app.clock.now.toISOString(), state: 'deferred', replyText: '451 not now' }];
  const ended = { state, reasonCode, finishedAt: app.clock.now };
  await app.db.delivery.updateMany({ where, data: { ...ended, picks, earlierTries } });
  return String((await app.db.delivery.findFirstOrThrow({ where })).id);
}

/** A source that has nothing. */
export const quietSource: Source = {
  id: 'quiet',
  name: 'A quiet source',
  timetable: everyTwoHours,
  async *collect({ day: asked }) {
    yield {
      type: 'empty',
      reason: 'it is quiet',
      warnings: [],
      validators: null,
      day: asked,
      listing: 'quiet',
    };
  },
};

async function asReader(app: TestApp): Promise<Try> {
  return { token: app.signToken('preferences', await app.addActive(email())) };
}

async function asOwner(app: TestApp): Promise<Try> {
  return { token: app.signToken('account', await app.addActive(email())) };
}

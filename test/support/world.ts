// A small world for tests of the domain: a database of its own, the fixed cast, a clock that is set by hand.

import { promises } from '../../src/ledger/promise.ts';
import { importListing } from '../../src/papers/import-listing.ts';
import type { ListedPaper } from '../../src/papers/paper.ts';
import { createTokenSigner, type TokenSigner } from '../../src/platform/keys/tokens.ts';
import { createDb, type Db } from '../../src/platform/postgres/db.ts';
import type { MailPromises } from '../../src/subscribers/account/mail-promises.ts';
import { defaultPreferences, type Preferences } from '../../src/subscribers/preferences/preferences.ts';
import { confirm } from '../../src/subscribers/sign-up/confirm.ts';
import { answerSignUps, requestSignUp } from '../../src/subscribers/sign-up/sign-up.ts';
import type { Consent } from '../../src/subscribers/sign-up/sign-up-store.ts';
import { findSubscriber } from '../../src/subscribers/store.ts';
import type { Subscriber } from '../../src/subscribers/subscriber.ts';
import { createTopicAssigner, type TopicAssigner } from '../../src/topics/assign-topics.ts';
import { type KeptDatabase, takeDatabase } from './kept-database.ts';
import type { TestDatabase } from './postgres.ts';

export type World = {
  databaseUrl: string;
  db: Db;
  tokens: TokenSigner;
  topics: TopicAssigner;
  clock: { now: Date };
  now: () => Date;
  promises: MailPromises;
  wakeDelivery: () => Promise<void>;
  /** How often the workers were woken. */
  wakeups: () => number;
  /** Lists papers on `date`, stored and with topics. */
  list(date: string, papers: ListedPaper[]): Promise<void>;
  signUp(email: string, preferences?: Partial<Preferences>): Promise<Subscriber>;
  /** Of the latest sign-up with this address, as a mail of now would carry it. */
  confirmToken(email: string): Promise<string>;
  /** Signed up and confirmed. */
  subscribe(email: string, preferences?: Partial<Preferences>): Promise<Subscriber>;
  find(email: string): Promise<Subscriber>;
  close(): Promise<void>;
};

/** A few topics that a test can be sure of; their quality is tested elsewhere. */
export const topicsYaml = `
- { id: mixture-of-experts, name: Mixture of experts, description: Sparse models of several experts., strong: [mixture of experts] }
- { id: llm-training, name: LLM training, description: Training at scale., strong: [pretraining] }
- { id: llm-inference, name: LLM inference, description: Serving language models., strong: [kv cache] }
- { id: graph-learning, name: Graph learning, description: Networks of things., strong: [graph neural network] }
`;

/** Ada follows one topic. */
export const ada = 'ada@example.org';
/** Grace follows two topics. */
export const grace = 'grace@example.org';
/** Alan never confirms. */
export const alan = 'alan@example.org';

/** Where they say they signed up. */
export const consent: Consent = { door: 'form', words: 'en 0123456789abcdef', source: 'a-network' };

/** In a database of its own; of the run's server, unless another one is given. */
export async function createWorld(start = '2026-03-02T09:00:00Z', database?: TestDatabase): Promise<World> {
  const { databaseUrl, db, giveBack } = await (database === undefined ? takeDatabase() : useOnce(database));
  const tokens = createTokenSigner('a secret for tests that is long enough');
  const topics = createTopicAssigner(topicsYaml, 'topics.yaml');
  await topics.storeTopics(db);
  const clock = { now: new Date(start) };
  const now = () => clock.now;
  let wakeups = 0;
  const wakeDelivery = async () => {
    wakeups += 1;
  };

  const find = async (email: string): Promise<Subscriber> => {
    const row = await db.subscriber.findUniqueOrThrow({ where: { emailKey: email.toLowerCase() } });
    const subscriber = await findSubscriber(db, row.id);
    if (subscriber === null) throw new Error(`${email} vanished`);
    return subscriber;
  };
  const world: World = {
    databaseUrl,
    db,
    tokens,
    topics,
    clock,
    now,
    promises,
    wakeDelivery,
    wakeups: () => wakeups,
    async list(date, papers) {
      await importListing({ db }, { source: 'test', date, papers });
      await topics.assignTopics(db);
    },
    async signUp(email, preferences) {
      await requestSignUp(world, {
        email,
        preferences: { ...defaultPreferences, topics: ['mixture-of-experts'], ...preferences },
        consent,
      });
      await answerSignUps(world);
      return find(email);
    },
    async confirmToken(email) {
      const { id } = await db.signUp.findFirstOrThrow({
        where: { emailKey: email.toLowerCase() },
        // Of several in the same instant the one that still waits.
        orderBy: [
          { requestedAt: 'desc' },
          { confirmedAt: { sort: 'desc', nulls: 'first' } },
          { processedAt: 'desc' },
        ],
      });
      return tokens.sign({ purpose: 'confirm', subscriberId: id, issuedAt: clock.now });
    },
    async subscribe(email, preferences) {
      await world.signUp(email, preferences);
      await confirm(world, await world.confirmToken(email));
      return find(email);
    },
    find,
    close: giveBack,
  };
  return world;
}

function useOnce({ databaseUrl, drop }: TestDatabase): KeptDatabase {
  const db = createDb(databaseUrl, 5);
  return {
    databaseUrl,
    db,
    async giveBack() {
      await db.$disconnect();
      await drop();
    },
  };
}

/** A paper that the topic mixture-of-experts is sure of; `about` makes it one of its own. */
export function expertPaper(about: string): ListedPaper {
  return paper({
    title: `Mixture-of-Experts for ${about}`,
    abstract: `We train sparse mixture-of-experts (MoE) models for ${about}, and balance their experts.`,
  });
}

export function paper(given: Partial<ListedPaper> & { title: string }): ListedPaper {
  return {
    abstract: null,
    authorsCount: 3,
    organization: null,
    publishedOn: '2026-03-01',
    comments: null,
    upvotes: null,
    links: [],
    ...given,
  };
}

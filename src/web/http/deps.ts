// What the web side is given: everything it touches outside itself.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Hooks } from '../../bounces/hooks.ts';
import type { Brand } from '../../brand/brand.ts';
import type { Setting } from '../../config/settings.ts';
import type { MatchFinder } from '../../digests/match-finder.ts';
import type { Language } from '../../languages/languages.ts';
import type { ZoteroReader } from '../../library/zotero-library.ts';
import type { Budgets } from '../../platform/budgets.ts';
import type { Health } from '../../platform/health.ts';
import type { KeyedHash } from '../../platform/keys/keyed-hash.ts';
import type { Proofs } from '../../platform/keys/proof-of-work.ts';
import type { Stamps } from '../../platform/keys/stamps.ts';
import type { TokenSigner } from '../../platform/keys/tokens.ts';
import type { Links } from '../../platform/links.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Metrics } from '../../platform/metrics.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { OpenedSource } from '../../sources/source-states.ts';
import type { MailPromises } from '../../subscribers/account/mail-promises.ts';
import type { TopicReader } from '../../topics/store.ts';
import type { Renderer } from './answers/render.ts';
import type { RateLimits } from './limits/rate-limits.ts';

export type WebConfig = {
  /** Without a trailing slash; may have a path, when a proxy serves us under one. */
  baseUrl: string;
  /** How many proxies in front of us to believe about the client's address; 0: none. */
  trustProxy: number;
  /** Whether `Strict-Transport-Security` holds for all hosts below ours as well. */
  hstsSubdomains: boolean;
  /** How many mails about subscriptions may be asked for within an hour: in all, and to one domain. */
  accountMailsPerHour: number;
  accountMailsPerDomain: number;
  /** Whose addresses are not taken, nor those of domains below them. */
  disposableDomains: ReadonlySet<string>;
  /** Where webhooks may be sent to. */
  hookTargets: 'public' | 'anywhere';
  /** Null or absent: ours. */
  topicsFile?: string | null;
  siteName: string;
  /** Null or absent: ours. */
  brand?: Brand | null;
  postalAddress: string;
};

export type WebDeps = {
  db: Db;
  /** For the preview of one's digest. */
  matches: MatchFinder;
  tokens: TokenSigner;
  config: WebConfig;
  logger: Logger;
  now: () => Date;
  /** What subscribers bring about in the ledger. */
  promises: MailPromises;
  wakeDelivery: () => Promise<void>;
  /** Has it decided what comes of stored sign-ups and requests for a link. Returns at once. */
  wakeRequests: () => void;
  /** Of a network address, for the record of a consent. */
  hashSource: KeyedHash;
  /** When a form was opened. */
  stamps: Stamps;
  /** Null: a sign-up needs no proof of work. */
  proofs: Proofs | null;
  health: Health;
  /** How many requests may be under way at once, as the process gets to its work now. Absent: as many as ever. */
  readRoom?: () => number;
  /** Throws when the database does not answer. */
  checkDatabase: () => Promise<void>;
  budgets: Budgets;
  rateLimits: RateLimits;
  /** Of Zotero, for readers' libraries. */
  zotero: ZoteroReader;
  /** How long what is the same for everybody, pages and topics, is served from memory; 0: it is made for everyone anew. */
  pagesKeptMs: number;
  /** For the console. */
  sources: readonly OpenedSource[];
  settings: readonly Setting[];
  /** Null: no mail provider's events are taken. */
  hooks: Hooks | null;
  /** Null: nobody reads them, and nothing is measured. */
  metrics: {
    metrics: Pick<Metrics, 'observeRequest'>;
    answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  } | null;
};

/** What a page needs besides. Links are paths here, not whole URLs: a page works under whatever name it was reached. */
export type PageDeps = WebDeps & {
  links: Links;
  /** Links that ask for a language, whatever the browser prefers. */
  linksIn: (language: Language) => Links;
  render: Renderer;
  readTopics: TopicReader;
  /** Names to suggest, the most frequent first. */
  readOrganizations: () => Promise<string[]>;
};

/** What it takes to open a page in its reader's language. */
export type SpeakingDeps = Pick<PageDeps, 'links' | 'linksIn' | 'render'>;

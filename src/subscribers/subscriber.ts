// A reader, and what they asked for.

import type { Language } from '../languages/languages.ts';
import type { Weekday } from './schedule.ts';

export type Preferences = {
  /** Topic ids. */
  topics: string[];
  /** Keyword queries, as typed. */
  keywords: string[];
  /** Organisations whose papers are wanted, as typed; compared by `organizationKey`. */
  organizations: string[];
  /** Ids of topics of which no paper is wanted, whatever else it matches. */
  excludedTopics: string[];
  /** The same by keyword queries. */
  excludedKeywords: string[];
  /** The hour of the day at which the digest is due, 0 to 23, in `timeZone`. */
  hour: number;
  /** IANA name, such as `Europe/Berlin`. */
  timeZone: string;
  /** At most this many papers in one digest. */
  maxPapers: number;
  /** The days of the week that bring a digest, at least one, in the order of the week. */
  days: Weekday[];
  /** YYYY-MM-DD: no digest is for a day before; null without a pause. One that is over stays. */
  pausedUntil: string | null;
  /** The beginning of each abstract, or all of it. */
  abstracts: 'short' | 'full';
  /** What comes when no new paper matched. */
  whenEmpty: 'nothing' | 'top3';
  /** Of mails, and of pages opened from them. */
  language: Language;
};

/** "More like this", or fewer: the newest word of a reader on a paper. */
export type Vote = {
  paperSeq: number;
  wish: 'more' | 'fewer';
  /** What the paper is about, as `interest.ts` writes it. */
  interests: string[];
};

export type Subscriber = {
  id: string;
  email: string;
  status: 'pending' | 'active' | 'unsubscribed';
  preferences: Preferences;
  /** Oldest first; bounded. */
  votes: Vote[];
  /** Papers up to this sequence number were sent, or did not match. */
  servedThrough: number;
  /** Null unless active. */
  nextDigestAt: Date | null;
  createdAt: Date;
  confirmedAt: Date | null;
  unsubscribedAt: Date | null;
  /** When the address changed last: links to the preferences from before work no more; null while it is the first one. */
  addressSince: Date | null;
  /** Addresses of their own feed from before work no more; null while the first one does. */
  feedRenewedAt: Date | null;
};

// A reader, and what they asked for.

import type { Preferences } from './preferences/preferences.ts';

/** "More like this", or fewer: the newest word of a reader on a paper. */
export type Vote = {
  paperSeq: number;
  wish: 'more' | 'fewer';
  /** What the paper is about, as `interest.ts` writes it. */
  interests: string[];
};

export const subscriberStatuses = ['pending', 'active', 'unsubscribed'] as const;
export type SubscriberStatus = (typeof subscriberStatuses)[number];

export type Subscriber = {
  id: string;
  email: string;
  status: SubscriberStatus;
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
  /** When the address changed last, or all older links were closed: links from before work no more, but the way out. Null: neither. */
  linksSince: Date | null;
  /** Addresses of their own feed from before work no more; null while the first one does. */
  feedRenewedAt: Date | null;
};

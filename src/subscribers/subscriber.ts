// A reader, and what they asked for.

export type Preferences = {
  /** Topic ids. */
  topics: string[];
  /** Keyword queries, as typed. */
  keywords: string[];
  /** The hour of the day at which the digest is due, 0 to 23, in `timeZone`. */
  hour: number;
  /** IANA name, such as `Europe/Berlin`. */
  timeZone: string;
  /** At most this many papers in one digest. */
  maxPapers: number;
};

export type Subscriber = {
  id: string;
  email: string;
  status: 'pending' | 'active' | 'unsubscribed';
  preferences: Preferences;
  /** Papers up to this sequence number were sent, or did not match. */
  servedThrough: number;
  /** Null unless active. */
  nextDigestAt: Date | null;
  createdAt: Date;
  confirmedAt: Date | null;
  unsubscribedAt: Date | null;
};

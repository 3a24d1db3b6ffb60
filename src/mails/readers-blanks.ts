// What of a digest is one reader's own: it is left blank in what many share, and filled in per mail.
import type { Language } from '../languages/languages.ts';
import { wordsOf } from '../languages/words.ts';
import { cleanText } from '../text/clean-text.ts';

/** What is filled in per mail. */
export const readersBlanks = [
  'preferences',
  'unsubscribe',
  'digest',
  'votes',
  'email',
  'subscribedOn',
] as const;
export type ReadersBlank = (typeof readersBlanks)[number];

/** What stands in their place until then. */
export const leftBlank: Record<ReadersBlank, string> = {
  preferences: '{{preferences}}',
  unsubscribe: '{{unsubscribe}}',
  digest: '{{digest}}',
  votes: '{{votes}}',
  email: '{{email}}',
  subscribedOn: '{{subscribedOn}}',
};

export type ReadersLinks = {
  preferences: string;
  unsubscribe: string;
  /** This digest on the web, to be passed on. */
  digest: string;
  /** What the links of the votes start with. */
  votes: string;
  /** Shown in the footer, so that a reader with many addresses knows which one it is. */
  email: string;
  /** YYYY-MM-DD */
  subscribedOn: string;
  language: Language;
};

/** What of the reader goes into the blanks of a body. */
export function fillBlanks({
  preferences,
  unsubscribe,
  digest,
  votes,
  email,
  subscribedOn,
  language,
}: ReadersLinks): Record<ReadersBlank, string> {
  return {
    preferences,
    unsubscribe,
    digest,
    votes,
    email: shortenEmail(email),
    subscribedOn: wordsOf(language).days.long(subscribedOn),
  };
}

const longestEmail = 72;

function shortenEmail(email: string): string {
  const clean = cleanText(email);
  return clean.length <= longestEmail ? clean : `${clean.slice(0, 30)}…${clean.slice(-40)}`;
}

// What a reader sees of a mail, before addresses, headers and signature.
import type { Language } from '../languages/languages.ts';

export type MailContent = {
  subject: string;
  html: string;
  text: string;
};

/** A mail of which parts are shared with others: the strings one behind the other, the same objects wherever they are shared. */
export type MailInPieces = {
  subject: string;
  html: readonly string[];
  text: readonly string[];
};

/** Who sends: printed in every footer, as mail laws ask. */
export type Sender = {
  /** The service's name, such as `Paperround`. */
  name: string;
  baseUrl: string;
  postalAddress: string;
  /** The operator's own. Absent: none. */
  logo?: { url: string; width: number; height: number } | null;
  footer?: Partial<Record<Language | 'all', string>>;
};

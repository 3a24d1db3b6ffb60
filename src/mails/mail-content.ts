// What a reader sees of a mail, before addresses, headers and signature.
import type { Language } from '../languages/languages.ts';

export type MailContent = {
  subject: string;
  html: string;
  text: string;
};

/** A mail of which parts are shared with others: the pieces stand one behind the other. */
export type MailInPieces = {
  subject: string;
  html: readonly Piece[];
  text: readonly Piece[];
};

/** A string is one mail's own; what many mails hold is the same object in all of them, so that it is encoded once. */
export type Piece = string | SharedPiece;
export type SharedPiece = { readonly shared: string };

export function textOf(piece: Piece): string {
  return typeof piece === 'string' ? piece : piece.shared;
}

export function joinPieces(pieces: readonly Piece[]): string {
  return pieces.map(textOf).join('');
}

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

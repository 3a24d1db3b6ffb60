// A template is text with blanks, `{{name}}`, and pieces between `<!-- name: -->` and `<!-- :name -->`. It is taken
// apart once; filling it in is joining strings.
import { ConfigError } from '../errors.ts';
import { type Html, htmlOf } from './html.ts';

export type Template<Name extends string> = (values: Record<Name, Html | string>) => string;
/** A list stands for markup in pieces. */
export type PieceTemplate<Name extends string> = (
  values: Record<Name, Html | string | readonly string[]>,
) => string[];

/**
 * Every blank must be one of `names`, and every name must be there: a slip in a template stops the start, not a mail.
 * `where` names the template in the ConfigError. Strings are escaped when they are filled in.
 */
export function compileTemplate<const Name extends string>(
  source: Source,
  names: readonly Name[],
): Template<Name> {
  const fill = compilePieceTemplate(source, names);
  return (values) => fill(values).join('');
}

/** The same, filled in as pieces of which one that was given as such is still the same string. */
export function compilePieceTemplate<const Name extends string>(
  { where, html }: Source,
  names: readonly Name[],
): PieceTemplate<Name> {
  const parts = html.split(/\{\{(\w+)\}\}/);
  const literals = parts.filter((_, index) => index % 2 === 0);
  const blanks = parts
    .filter((_, index) => index % 2 === 1)
    .map((found) => {
      const name = names.find((known) => known === found);
      if (name === undefined)
        throw new ConfigError(`${where}: there is nothing for {{${found}}}; known are ${names.join(', ')}`);
      return name;
    });
  for (const name of names) {
    if (!blanks.includes(name)) throw new ConfigError(`${where}: {{${name}}} is missing`);
  }
  const slots = blanks.map((name, index) => ({ name, behind: literals[index + 1] ?? '' }));
  return (values) => {
    const pieces = [literals[0] ?? ''];
    for (const { name, behind } of slots) {
      const value: Html | string | readonly string[] = values[name];
      if (isInPieces(value)) for (const piece of value) pieces.push(piece);
      else pieces.push(htmlOf(value));
      pieces.push(behind);
    }
    return pieces;
  };
}

function isInPieces(value: Html | string | readonly string[]): value is readonly string[] {
  return Array.isArray(value);
}

export type Source = { where: string; html: string };

/** Takes a piece out; a blank of its name is left in its place. */
export function cutPiece(source: Source, name: string): { piece: Source; rest: Source } {
  const pieces = source.html.split(new RegExp(`<!-- ${name}: -->([^]*?)<!-- :${name} -->`));
  const [before, piece, after] = pieces;
  if (before === undefined || piece === undefined || after === undefined || pieces.length > 3) {
    throw new ConfigError(
      `${source.where}: <!-- ${name}: --> … <!-- :${name} --> must be there exactly once`,
    );
  }
  return {
    piece: { where: `${source.where} (${name})`, html: piece.trim() },
    rest: { where: source.where, html: `${before.trimEnd()}{{${name}}}${after.trimStart()}` },
  };
}

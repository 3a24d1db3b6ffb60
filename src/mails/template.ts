// A template is text with blanks, `{{name}}`, and pieces between `<!-- name: -->` and `<!-- :name -->`. It is taken
// apart once; filling it in is joining strings.
import { ConfigError } from '../platform/errors.ts';
import { type Html, htmlOf } from '../text/html.ts';
import { joinPieces, type Piece } from './mail-content.ts';

export type Template<Name extends string> = (values: Record<Name, Html | string>) => string;
export type PieceTemplate<Name extends string> = {
  /** A list stands for markup in pieces. What the template itself says is shared by all that it fills. */
  fill(values: Record<Name, Html | string | readonly Piece[]>): Piece[];
  /** The template in which these blanks are filled in for good. */
  fix<Fixed extends Name>(values: Record<Fixed, Html | string>): PieceTemplate<Exclude<Name, Fixed>>;
};

/**
 * Every blank must be one of `names`, and every name must be there: a slip in a template stops the start, not a mail.
 * `where` names the template in the ConfigError. Strings are escaped when they are filled in.
 */
export function compileTemplate<const Name extends string>(
  source: Source,
  names: readonly Name[],
): Template<Name> {
  const template = compilePieceTemplate(source, names);
  return (values) => joinPieces(template.fill(values));
}

/** The same, for what is filled in as pieces. */
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
  return makeTemplate(literals[0] ?? '', slots);
}

/** A blank, and the text behind it. */
type Slot<Name> = { name: Name; behind: string };

function makeTemplate<Name extends string>(start: string, slots: readonly Slot<Name>[]): PieceTemplate<Name> {
  const shared = {
    start: { shared: start },
    slots: slots.map(({ name, behind }) => ({ name, behind: { shared: behind } })),
  };
  return {
    fill(values) {
      const pieces: Piece[] = [shared.start];
      for (const { name, behind } of shared.slots) {
        const value: Html | string | readonly Piece[] = values[name];
        if (isInPieces(value)) for (const piece of value) pieces.push(piece);
        else pieces.push(htmlOf(value));
        pieces.push(behind);
      }
      return pieces;
    },
    fix<Fixed extends Name>(values: Record<Fixed, Html | string>) {
      const isFixed = (name: string): name is Fixed => Object.hasOwn(values, name);
      const isLeft = (name: Name): name is Exclude<Name, Fixed> => !isFixed(name);
      let newStart = start;
      const left: Slot<Exclude<Name, Fixed>>[] = [];
      for (const { name, behind } of slots) {
        const last = left.at(-1);
        if (isLeft(name)) left.push({ name, behind });
        else if (isFixed(name)) {
          const text = htmlOf(values[name]) + behind;
          if (last === undefined) newStart += text;
          else last.behind += text;
        }
      }
      return makeTemplate(newStart, left);
    },
  };
}

function isInPieces(value: Html | string | readonly Piece[]): value is readonly Piece[] {
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

// What all sources ask of an entry, whatever their answer looks like: a title that can be stored, proper links, plain
// texts and names, a name for it in a warning.

import type { z } from 'zod';
import { readText } from '../text/clean-text.ts';
import { readReferences } from '../text/html-references.ts';
import { readTexName, readTexText } from '../text/read-tex.ts';
import { dropUnseen } from '../text/unseen-markup.ts';

/** A field of a service's JSON that is not what it should be counts as missing. */
export const optional = <Shape extends z.ZodType>(shape: Shape) => shape.nullish().catch(null);

/** PostgreSQL refuses longer titles; such a one is no title. */
export const longestTitle = 1000;

/** An http(s) address as it is to be stored; null for anything else. */
export function readLink(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 2000) return null;
  const text = value.trim();
  if (!/^https?:\/\/[^/\s]/i.test(text) || /[\p{Cc}\s]/u.test(text) || !URL.canParse(text)) return null;
  return text;
}

const nearMs = 7 * 86_400_000;

/** Whether an entry is of a day near the one that was asked for: services have answered with papers of years ago. A day that is not told speaks against nobody. */
export function isOfDay(told: string | null, asked: string | null): boolean {
  if (told === null || asked === null) return true;
  return Math.abs(Date.parse(told) - Date.parse(asked)) <= nearMs;
}

export function describeForeignEntries(count: number): string[] {
  return count === 0 ? [] : [`${count} entries are left out: they are not of the day that was asked for`];
}

export function describeRevised(count: number): string[] {
  return count === 0 ? [] : [`${count} new versions of earlier papers are no news`];
}

/** What of an entry names it in a warning. */
export function nameEntry(index: number, ...names: (string | null | undefined)[]): string {
  const name = names.find((candidate) => candidate !== null && candidate !== undefined && candidate !== '');
  return `entry ${index + 1}${name === undefined || name === null ? '' : ` (${name.slice(0, 80)})`}`;
}

/** A title or an abstract as its authors typed it, in TeX: arXiv's, whoever passes them on, and OpenReview's. */
export function readTypedText(value: unknown): string | null {
  const text = readText(value);
  return text === null ? null : readText(readTexText(text));
}

/** An author's name, likewise. */
export function readTypedName(value: unknown): string | null {
  const name = readText(value);
  return name === null ? null : readText(readTexName(name));
}

/** `Lovelace, A.` is A. Lovelace. */
export function turnName(name: string | null): string | null {
  const [, last, first] = /^([^,]+), ([^,]+)$/.exec(name ?? '') ?? [];
  return last === undefined ? name : `${first} ${last}`;
}

/** Texts of feeds and repositories are often HTML: without its tags, its programs and its references. */
export function readMarkup(markup: string | null): string | null {
  return markup === null ? null : readText(listParagraphs(markup).join(' '));
}

const paragraphTag = /<\/?(?:jats:)?(?:p|br|div|li|ul|ol|h[1-6]|title|sec)\b[^<>]*>/i;

/** The same by its paragraphs, none of which is empty. */
export function listParagraphs(markup: string): string[] {
  return dropComments(dropUnseen(markup.slice(0, 200_000)))
    .split(paragraphTag)
    .flatMap((part) => readText(readReferences(part.replace(/<\/?[a-z][^<>]*>/gi, ''))) ?? []);
}

/** A comment that is never closed is text. */
function dropComments(markup: string): string {
  const end = markup.lastIndexOf('-->') + 1;
  if (end === 0) return markup;
  const [start = '', ...parts] = markup.slice(0, end + 2).split('<!--');
  const closed = parts.reduce((text, part) => {
    const close = part.indexOf('-->');
    return close === -1 ? text : `${text} ${part.slice(close + 3)}`;
  }, start);
  return closed + markup.slice(end + 2);
}

// What a form sent, as `parsePreferences` judges it: each preference as its kind of field sends it.
import { unreadableFile } from '../../../library/read-library.ts';
import { type Field, listPreferences } from '../../../subscribers/preferences/preferences.ts';
import { writeZoteroTrouble } from '../../../subscribers/preferences/zotero-troubles.ts';
import { readZoteroTrouble } from '../../http/expand-zotero.ts';
import { readTexts } from '../../http/read-body.ts';

/** As a form sends it: every field a text, or several. */
export type FormBody = Record<string, unknown>;

/** Undefined when the form does not have the field. Without a box ticked, and without a text, lists are empty. */
const readers: Record<Field['type'], (body: FormBody, name: string) => unknown> = {
  ticks: (body, name) => readTexts(body[name]),
  lines: (body, name) => splitLines(body[name]),
  // Once filled in, the field is there even when it is empty.
  pasted: (body, name) =>
    body[name] === undefined
      ? undefined
      : [
          ...splitLines(body[name]),
          ...listUnreadable(body[`${name}File`]),
          ...listTroubles(body[`${name}Zotero`]),
        ],
  // Several fields of one name: HTML wants the brackets.
  texts: (body, name) =>
    [body[name], body[`${name}[]`]].flatMap(readTexts).filter((text) => text.trim() !== ''),
  // No box ticked is no day, where boxes were shown.
  week: (body, name) =>
    body[name] === undefined && body[`${name}Shown`] === undefined ? undefined : readTexts(body[name]),
  text: (body, name) => body[name],
  passage: (body, name) => body[name],
  hour: (body, name) => readNumber(body[name]),
  number: (body, name) => readNumber(body[name]),
  // An empty one is none.
  date: (body, name) => (body[name] === '' ? null : body[name]),
  choice: (body, name) => body[name],
};

/** A field that the form does not have is left out. */
export function readPreferenceFields(body: FormBody): Record<string, unknown> {
  const read = listPreferences().map(([name, { field }]) => [name, readers[field.type](body, name)]);
  return Object.fromEntries(read.filter(([, value]) => value !== undefined));
}

/** A file that names nothing is a problem of its field, as a line that is no paper would be. */
function listUnreadable(file: unknown): string[] {
  return file === 'unreadable' ? [unreadableFile] : [];
}

/** Nor can a library at Zotero be left out that could not be read. */
function listTroubles(sent: unknown): string[] {
  const trouble = readZoteroTrouble(sent);
  return trouble === null ? [] : [writeZoteroTrouble(trouble)];
}

/** One query a line. */
function splitLines(given: unknown): string[] {
  return readTexts(given)
    .flatMap((text) => text.split(/\r\n|\r|\n/))
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** The first, bounded: for showing it again. */
export function readText(given: unknown): string {
  return readTexts(given)[0]?.slice(0, 1000) ?? '';
}

/** What is not a whole number stays as it is, for `parsePreferences` to refuse. */
function readNumber(given: unknown): unknown {
  return typeof given === 'string' && /^\d{1,4}$/.test(given) ? Number(given) : given;
}

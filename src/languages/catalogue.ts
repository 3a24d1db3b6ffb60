// The message catalogues: read once per process, looked up synchronously, plural forms as Intl.PluralRules names them. A wrong key or a blank without a value is a
// bug, and loud.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { LRUCache } from 'lru-cache';
import type english from './en.json';
import { fallbackLanguage, type Language, languages } from './languages.ts';

/** Dotted, such as `home.title`; a message with plural forms goes by its name without them. */
export type MessageKey = KeyOf<typeof english>;

type KeyOf<Tree> = {
  [Name in keyof Tree & string]: Tree[Name] extends string
    ? Name extends `${infer Base}_${Intl.LDMLPluralRule}`
      ? Base
      : Name
    : `${Name}.${KeyOf<Tree[Name]>}`;
}[keyof Tree & string];

/** `count` chooses the plural form. Numbers are written as the language does: 1,200 or 1.200. */
export type Values = Readonly<Record<string, string | number>>;

/** A message and what fills its blanks, before it is known in which language it will be read. */
export type Message = { key: MessageKey; values?: Values };

/** Plain text: whoever prints it escapes it. Texts are printed as they are. */
export type Translate = (key: MessageKey, values?: Values) => string;

/** A message taken apart at its {{blanks}}: text and the names of blanks in turn, text first and last. */
export type MessageParts = readonly string[];

export type Catalogue = {
  translate: Translate;
  /** For who fills the blanks with more than text. */
  partsOf(key: MessageKey, count?: number): MessageParts;
};

/** Throws at the first use when a catalogue is missing or is not JSON. */
export function openCatalogue(language: Language): Catalogue {
  const messages = readMessages(language);
  const plurals = new Intl.PluralRules(languages[language].locale);
  const numbers = new Intl.NumberFormat(languages[language].locale);
  const pluralOf = remember((count) => plurals.select(count));
  const format = remember((number) => numbers.format(number));
  const known = new Map<string, MessageParts>();

  const partsOf = (key: MessageKey, count?: number): MessageParts => {
    const name = count === undefined ? key : `${key}_${pluralOf(count)}`;
    const found = known.get(name) ?? (messages.get(name) ?? messages.get(key))?.split(blank);
    if (found === undefined) throw new Error(`There is no message ${name}`);
    known.set(name, found);
    return found;
  };
  return {
    partsOf,
    translate(key, values = {}) {
      const count = typeof values.count === 'number' ? values.count : undefined;
      return fillBlanks(partsOf(key, count), (name) => {
        const value = values[name];
        if (value === undefined) throw new Error(`The message ${key} has no value for {{${name}}}`);
        return typeof value === 'number' ? format(value) : value;
      });
    },
  };
}

/** Intl takes its time, and most numbers are small ones that come again and again. */
function remember(ask: (number: number) => string): (number: number) => string {
  const answers = new LRUCache<number, string>({ max: 1000, memoMethod: ask });
  return (number) => answers.memo(number);
}

const blank = /\{\{(\w+)\}\}/;

function fillBlanks(parts: MessageParts, fill: (name: string) => string): string {
  return parts.map((part, index) => (index % 2 === 0 ? part : fill(part))).join('');
}

const hashed = new Map<string, string>();

/** Which version of its texts a language has: of the messages whose names begin with one of `prefixes`. */
export function hashWords(language: Language, prefixes: readonly string[]): string {
  const key = [language, ...prefixes].join();
  const found = hashed.get(key);
  if (found !== undefined) return found;
  const messages = [...readMessages(language)].filter(([name]) =>
    prefixes.some((prefix) => name.startsWith(prefix)),
  );
  const hash = createHash('sha256').update(JSON.stringify(messages)).digest('hex').slice(0, 16);
  hashed.set(key, hash);
  return hash;
}

/** Null for what is no message. */
export function readMessageKey(text: string): MessageKey | null {
  const messages = readMessages(fallbackLanguage);
  return messages.has(text) || messages.has(`${text}_other`) ? (text as MessageKey) : null;
}

type Tree = { [name: string]: string | Tree };

const read = new Map<Language, ReadonlyMap<string, string>>();
let own: ReadonlyMap<Language, ReadonlyMap<string, string>> = new Map();

/** From now on these are said in the place of ours of the same names. Nothing here checks them. */
export function replaceMessages(words: ReadonlyMap<Language, ReadonlyMap<string, string>>): void {
  own = words;
  read.clear();
  hashed.clear();
}

function readMessages(language: Language): ReadonlyMap<string, string> {
  const messages = read.get(language) ?? new Map([...listMessages(language), ...(own.get(language) ?? [])]);
  read.set(language, messages);
  return messages;
}

/** Ours, by dotted name, each plural form on its own. */
export function listMessages(language: Language): ReadonlyMap<string, string> {
  const file = new URL(`./${language}.json`, import.meta.url);
  return new Map(flatten(JSON.parse(readFileSync(file, 'utf8')) as Tree));
}

function flatten(tree: Tree, prefix = ''): [name: string, text: string][] {
  return Object.entries(tree).flatMap(([name, value]) =>
    typeof value === 'string' ? [[prefix + name, value]] : flatten(value, `${prefix}${name}.`),
  );
}

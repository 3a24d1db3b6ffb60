// From a row of a file to a reader, or to why it is none. Most rows of a file want one of a few things: that is checked once.
import { LRUCache } from 'lru-cache';
import { readLanguage } from '../../languages/languages.ts';
import { parseEmail, parsePreferences } from '../preferences/parse-preferences.ts';
import { type Field, followsNothing, listPreferences, type Preferences } from '../preferences/preferences.ts';
import { toEmailKey } from '../store.ts';
import { type FileMap, type ForeignValues, mapRow, maps, nameColumnOf, type Values } from './columns.ts';

export type ReadReader = {
  email: string;
  emailKey: string;
  preferences: Preferences;
  /** What the row itself said, for the record of the consent. */
  chosen: Partial<Preferences>;
  /** Null: they are to be asked. */
  consent: { evidence: string; at: Date } | null;
};

export type ReadRow = { type: 'reader'; reader: ReadReader } | { type: 'refused'; why: string };

export type ReadOptions = {
  map: FileMap;
  /** By id, and by name. */
  topics: readonly { id: string; name: string }[];
  /** For rows that choose nothing. */
  defaultTopics: readonly string[];
  /** Where, when and how all of them agreed, by the word of the operator. Null: what the rows say. */
  consent: string | null;
  now: Date;
};

const longestEvidence = 500;

type Chosen =
  | { type: 'chosen'; preferences: Preferences; chosen: Partial<Preferences> }
  | { type: 'refused'; why: string };

export function createRowReader(options: ReadOptions): (values: ForeignValues) => ReadRow {
  const { map, topics, consent, now } = options;
  const topicIds = new Set(topics.map(({ id }) => id));
  const idsByName = new Map(
    topics.flatMap(({ id, name }): [string, string][] => [
      [id.toLowerCase(), id],
      [name.toLowerCase(), id],
    ]),
  );
  const known = new LRUCache<string, Chosen>({ max: 20_000 });

  function choose(values: Values): Chosen {
    const given = toPreferences(values);
    if (given.topics !== undefined) {
      const ids = given.topics.map((name) => idsByName.get(name.toLowerCase()) ?? name);
      given.topics = maps[map].hasTags ? ids.filter((id) => topicIds.has(id)) : ids;
    }
    const wanted = followsNothing(given) ? { ...given, topics: [...options.defaultTopics] } : given;
    const parsed = parsePreferences(wanted, { topicIds, now });
    if (parsed.type === 'preferences')
      return { type: 'chosen', preferences: parsed.preferences, chosen: pick(parsed.preferences, wanted) };
    const why = parsed.problems.map(({ path, message }) => `${path}: ${message}`).join('; ');
    return { type: 'refused', why };
  }

  return (foreign) => {
    const mapped = mapRow(foreign, map);
    if (mapped.type === 'refused') return mapped;
    const { email: address = '', consent: evidence, consented_at: at, ...wishes } = mapped.values;
    const parsed = parseEmail(address);
    if (parsed.type === 'invalid')
      return {
        type: 'refused',
        why:
          address.trim() === ''
            ? 'has no address'
            : `has “${address.slice(0, 80)}”, which is no mail address`,
      };
    const key = JSON.stringify(wishes);
    const chosen = known.get(key) ?? choose(wishes);
    known.set(key, chosen);
    if (chosen.type === 'refused') return chosen;
    const agreed = readConsent({ evidence: consent ?? evidence, at }, now);
    if (agreed === 'unreadable')
      return { type: 'refused', why: `has “${(at ?? '').slice(0, 80)}”, which is no time` };
    const { email } = parsed;
    const { preferences, chosen: said } = chosen;
    return {
      type: 'reader',
      reader: { email, emailKey: toEmailKey(email), preferences, chosen: said, consent: agreed },
    };
  };
}

/** Without evidence there is no consent, whatever time is named. */
function readConsent(
  { evidence, at }: { evidence: string | undefined; at: string | undefined },
  now: Date,
): ReadReader['consent'] | 'unreadable' {
  const words = (evidence ?? '')
    .replace(/[\p{Cc}\p{Cs}]+/gu, ' ')
    .trim()
    .slice(0, longestEvidence);
  if (words === '') return null;
  const instant = at === undefined ? now : new Date(/(?:Z|[+-]\d\d:?\d\d)$/.test(at) ? at : `${at}Z`);
  const read = Number.isNaN(instant.getTime()) ? new Date(at ?? '') : instant;
  if (Number.isNaN(read.getTime())) return 'unreadable';
  return { evidence: words, at: read > now ? now : read };
}

/** Only what is there; wrong values are left for the check to name. */
function toPreferences(values: Values): Record<string, unknown> & Parameters<typeof followsNothing>[0] {
  const given = listPreferences().flatMap(([name, { field }]) => {
    const text = values[nameColumnOf(name)];
    return text === undefined ? [] : [[name, name === 'language' ? readTag(text) : readCell(text, field)]];
  });
  return Object.fromEntries(given);
}

function readCell(text: string, { type }: Field): unknown {
  switch (type) {
    case 'ticks':
      return split(text, /[;,|]/).map((tag) => tag.replace(/^"(.*)"$/, '$1'));
    case 'lines':
    case 'texts':
      return split(text, /;/);
    case 'pasted':
      return split(text, /\n/);
    case 'week':
      return split(text.toLowerCase(), /[;,\s]+/);
    case 'number':
    case 'hour':
      return Number(text);
    default:
      return text;
  }
}

function split(text: string, separator: RegExp): string[] {
  return text
    .split(separator)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** `pt_BR` is Portuguese, where we have no nearer one. */
function readTag(tag: string): string {
  return readLanguage(tag) ?? readLanguage(tag.toLowerCase().split(/[-_]/)[0] ?? '') ?? tag;
}

function pick(preferences: Preferences, given: object): Partial<Preferences> {
  return Object.fromEntries(Object.entries(preferences).filter(([name]) => name in given));
}

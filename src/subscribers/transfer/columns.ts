// What the columns of a file of readers are called: by us, by listmonk, Mailchimp and Substack; and what those record of a consent.
import { listPreferences, type PreferenceName } from '../preferences/preferences.ts';

type Snake<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${Snake<Rest>}`
  : '';

/** `max_papers` of `maxPapers` */
export function nameColumnOf(preference: string): Snake<PreferenceName> {
  return preference.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) as Snake<PreferenceName>;
}

/** A column of a file. Lists have semicolons between their items; what a reader likes (`library`) has lines. */
export const columns = [
  ...(['email', 'status'] as const),
  ...listPreferences().map(([name]) => nameColumnOf(name)),
  ...(['consented_at', 'consent'] as const),
];

export type Column = (typeof columns)[number];
export type Values = Partial<Record<Column, string>>;

export const fileMaps = ['paperround', 'listmonk', 'mailchimp', 'substack'] as const;
export type FileMap = (typeof fileMaps)[number];

type MapFacts = {
  /** Their names for what we know, in small letters without anything between. */
  names: Readonly<Record<string, Column | ForeignColumn>>;
  /** Tags are topics where we have one of that id or name, and nothing else. */
  hasTags: boolean;
};

/** What only decides what becomes of a row. */
type ForeignColumn = 'opted_in_at' | 'confirmed_at' | 'left_at' | 'attributes' | 'is_disabled';
export type ForeignValues = Values & Partial<Record<ForeignColumn, string>>;

const own = Object.fromEntries(columns.map((column) => [column.replaceAll('_', ''), column]));

/** Who is not to be mailed there is not taken, also where nobody said whose export it is, or said it wrongly. */
const barring = {
  status: 'status',
  unsubtime: 'left_at',
  cleantime: 'left_at',
  emaildisabled: 'is_disabled',
} as const;

/** As their exports have them; what is not here is passed over: we keep no names, no places and no ratings. */
export const maps: Readonly<Record<FileMap, MapFacts>> = {
  paperround: {
    names: { ...own, ...barring, timezone: 'time_zone', confirmedat: 'consented_at', locale: 'language' },
    hasTags: false,
  },
  /** https://listmonk.app/docs/concepts/#subscriber */
  listmonk: {
    names: { ...own, ...barring, attributes: 'attributes', attribs: 'attributes' },
    hasTags: true,
  },
  /** https://mailchimp.com/help/view-export-contacts/ */
  mailchimp: {
    names: {
      emailaddress: 'email',
      email: 'email',
      optintime: 'opted_in_at',
      confirmtime: 'confirmed_at',
      ...barring,
      timezone: 'time_zone',
      language: 'language',
      tags: 'topics',
    },
    hasTags: true,
  },
  /** https://support.substack.com/hc/en-us/articles/360037829471 */
  substack: {
    names: { email: 'email', ...barring },
    hasTags: true,
  },
};

/** Undefined: it is passed over. */
export function nameColumn(map: FileMap, name: string): string | undefined {
  return maps[map].names[name.toLowerCase().replace(/[^a-z]/g, '')];
}

export type Mapped =
  | { type: 'row'; values: Values }
  /** They are not to be mailed, or are not there any more. */
  | { type: 'refused'; why: string };

export function mapRow(given: ForeignValues, map: FileMap): Mapped {
  const { opted_in_at, confirmed_at, left_at, attributes, is_disabled, ...values } = given;
  const status = values.status?.trim().toLowerCase() ?? '';
  if (
    left_at !== undefined ||
    /^(?:unsubscribed|cleaned|blocklisted|disabled|(?:hard[ _-]?)?bounced?|complain(?:ed|t)|spam|abuse|suppressed|opted[ _-]?out)$/.test(
      status,
    )
  )
    return { type: 'refused', why: `is ${left_at === undefined ? status : 'unsubscribed'} there` };
  if (is_disabled?.toLowerCase() === 'true') return { type: 'refused', why: 'gets no mail there' };
  const { status: _, ...rest } = { ...readAttributes(attributes), ...values };
  if (map !== 'mailchimp' || confirmed_at === undefined) return { type: 'row', values: rest };
  // Only a confirmation is one: who was opted in may have been so by anybody.
  const consent = `Mailchimp: opted in ${opted_in_at ?? 'at a time that is not recorded'}, confirmed ${confirmed_at}`;
  return { type: 'row', values: { ...rest, consent, consented_at: confirmed_at } };
}

/** listmonk keeps what a list needs in one JSON object. */
function readAttributes(text: string | undefined): Values {
  if (text === undefined) return {};
  try {
    const given: unknown = JSON.parse(text);
    return Object.fromEntries(
      Object.entries(Object(given)).flatMap(([name, value]) => {
        const column = maps.paperround.names[name.toLowerCase().replace(/[^a-z]/g, '')];
        if (column === undefined || column === 'email' || column === 'consent' || value === null) return [];
        return [[column, Array.isArray(value) ? value.map(String).join('; ') : String(value)]];
      }),
    );
  } catch {
    return {};
  }
}

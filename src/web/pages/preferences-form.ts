// The fields that sign-up and preferences share: from a form to preferences, and back to a form with its problems.
import type { Db } from '../../db.ts';
import { shortenText } from '../../mails/shorten-text.ts';
import { listTopics } from '../../matching/store.ts';
import type { Problem } from '../../subscribers/preferences.ts';
import type { Preferences } from '../../subscribers/subscriber.ts';
import { listTimeZones, type TimeZoneGroup } from './time-zones.ts';

/** As a form sends it: every field a text, or several. */
export type FormBody = Record<string, unknown>;

export type FormView = {
  email: string;
  topics: { id: string; name: string; description: string; isChosen: boolean }[];
  keywords: string;
  hour: number;
  hours: { value: number; label: string }[];
  timeZone: string;
  timeZones: TimeZoneGroup[];
  maxPapers: string;
  /** By field: email, topics, keywords, hour, timeZone, maxPapers. Empty when all is well. */
  problems: Record<string, string>;
  /** The same for the summary at the top: each leads to its field. */
  problemList: { field: string; text: string }[];
};

const labels: Record<string, string> = {
  email: 'Email address',
  topics: 'Topics',
  keywords: 'Keywords',
  hour: 'Hour of the day',
  timeZone: 'Time zone',
  maxPapers: 'Number of papers',
};

/** For `parsePreferences`, which judges it. A field that the form does not have is left out. */
export function readPreferenceFields(body: FormBody): Record<string, unknown> {
  const { hour, maxPapers, timeZone } = body;
  return {
    topics: readTexts(body.topics),
    keywords: splitKeywords(body.keywords),
    ...(hour === undefined ? {} : { hour: readNumber(hour) }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(maxPapers === undefined ? {} : { maxPapers: readNumber(maxPapers) }),
  };
}

/** One query a line. */
function splitKeywords(given: unknown): string[] {
  return readTexts(given)
    .flatMap((text) => text.split(/\r\n|\r|\n/))
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** The form as it was sent, or as `defaults` fill it when `body` is null. */
export async function viewForm(
  db: Db,
  { body, defaults, problems = [] }: { body: FormBody | null; defaults: Preferences; problems?: Problem[] },
): Promise<FormView> {
  const chosen = new Set(body === null ? defaults.topics : readTexts(body.topics));
  const hour = readNumber(body?.hour ?? defaults.hour);
  const timeZone = typeof body?.timeZone === 'string' ? body.timeZone.slice(0, 64) : defaults.timeZone;
  const offered = await listTopics(db);
  return {
    email: readText(body?.email),
    topics: [...offered, ...listRetired(defaults.topics, offered)].map(({ id, name, description }) => ({
      id,
      name,
      description,
      isChosen: chosen.has(id),
    })),
    keywords: body === null ? defaults.keywords.join('\n') : readTexts(body.keywords).join('\n'),
    hour: typeof hour === 'number' ? hour : defaults.hour,
    hours: Array.from({ length: 24 }, (_, value) => ({
      value,
      label: `${String(value).padStart(2, '0')}:00`,
    })),
    timeZone,
    timeZones: listTimeZones(timeZone),
    maxPapers: body === null ? String(defaults.maxPapers) : readText(body.maxPapers),
    ...viewProblems(problems, splitKeywords(body?.keywords)),
  };
}

/** A topic that is no longer offered must stay tickable for whoever follows it, or saving would drop it. */
function listRetired(followed: string[], offered: { id: string }[]) {
  const ids = new Set(offered.map(({ id }) => id));
  return followed
    .filter((id) => !ids.has(id))
    .map((id) => ({ id, name: id, description: 'No longer offered to new readers.' }));
}

/** `keywords.2` belongs to keywords, and quotes the query that it is about. */
function viewProblems(problems: Problem[], keywords: string[]): Pick<FormView, 'problems' | 'problemList'> {
  const byField = new Map<string, string[]>();
  for (const { path, message } of problems) {
    const [field = '', index] = path.split('.');
    const query = field === 'keywords' && index !== undefined ? keywords[Number(index)] : undefined;
    const subject = query === undefined ? labels[field] : shortenText(query, { words: 8, columns: 40 });
    byField.set(field, [
      ...(byField.get(field) ?? []),
      `${subject ?? field}: ${message.replace(/[.]?$/, '.')}`,
    ]);
  }
  return {
    problems: Object.fromEntries([...byField].map(([field, texts]) => [field, texts.join(' ')])),
    problemList: [...byField].flatMap(([field, texts]) => texts.map((text) => ({ field, text }))),
  };
}

function readTexts(given: unknown): string[] {
  if (typeof given === 'string') return [given];
  return Array.isArray(given) ? given.filter((item) => typeof item === 'string') : [];
}

function readText(given: unknown): string {
  return readTexts(given)[0]?.slice(0, 1000) ?? '';
}

/** What is not a whole number stays as it is, for `parsePreferences` to refuse. */
function readNumber(given: unknown): unknown {
  return typeof given === 'string' && /^\d{1,4}$/.test(given) ? Number(given) : given;
}

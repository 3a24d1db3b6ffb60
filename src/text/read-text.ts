// Texts from outside, in a form that PostgreSQL takes and a page can show.

/** PostgreSQL refuses longer titles; such a one is no title. */
export const longestTitle = 1000;
const longestText = 20_000;

/** On one line, without control characters and broken surrogates; null when nothing is left. */
export function readText(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const text = value
    .slice(0, longestText)
    // A lone half of a surrogate pair: no encoding has it.
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return text === '' ? null : text;
}

/** YYYY-MM-DD of an instant or a day in ISO 8601, in UTC; null for what is neither. */
export function readUtcDay(value: unknown): string | null {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}/.test(value)) return null;
  const time = Date.parse(value);
  return Number.isNaN(time) ? null : new Date(time).toISOString().slice(0, 10);
}

/** An http(s) address as it is to be stored; null for anything else. */
export function readLink(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 2000) return null;
  const text = value.trim();
  if (!/^https?:\/\/[^/\s]/i.test(text) || /[\p{Cc}\s]/u.test(text) || !URL.canParse(text)) return null;
  return text;
}

/** What of an entry names it in a warning. */
export function nameEntry(index: number, ...names: (string | null | undefined)[]): string {
  const name = names.find((candidate) => candidate !== null && candidate !== undefined && candidate !== '');
  return `entry ${index + 1}${name === undefined || name === null ? '' : ` (${name.slice(0, 80)})`}`;
}

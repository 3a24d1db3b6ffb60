// What all sources ask of an entry, whatever their answer looks like: a title that can be stored, proper links, a name
// for it in a warning.

/** PostgreSQL refuses longer titles; such a one is no title. */
export const longestTitle = 1000;

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

// Calendar days as text, YYYY-MM-DD: which texts are one, which day an instant is in, and how many lie between.

/** In UTC. */
export function utcDay(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}

/** True for a day that exists, from the year 1000 on: not for 2025-02-30. */
export function isDay(text: unknown): text is string {
  if (typeof text !== 'string' || !/^[1-9]\d{3}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && utcDay(new Date(time)) === text;
}

/** The day, in UTC, of an instant or a day in ISO 8601; null for what is neither. */
export function readUtcDay(value: unknown): string | null {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}/.test(value)) return null;
  const time = Date.parse(value);
  return Number.isNaN(time) ? null : utcDay(new Date(time));
}

/** The day that it is at an instant, in a time zone. */
export function dayIn(timeZone: string, at: Date): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(at);
}

export function addDays(day: string, days: number): string {
  return utcDay(new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000));
}

export function laterOf(one: string, other: string): string {
  return one > other ? one : other;
}

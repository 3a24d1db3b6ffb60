// How long to wait before the same request again.

/** What a server may ask for at most: longer is a mistake, or no temporary trouble. */
const longestMs = 24 * 3_600_000;

/** RFC 9110 section 10.2.3: seconds, or a date. Null for what is neither. */
export function readRetryAfter(header: string | null, now: Date): number | null {
  if (header === null) return null;
  const text = header.trim();
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now.getTime();
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), longestMs);
}

/** Twice as long after each attempt, and somewhere in its upper half: clients that failed together come back apart. */
export function backoffMs({
  attempt,
  firstMs,
  random,
}: {
  /** 1 after the first attempt. */
  attempt: number;
  firstMs: number;
  random: () => number;
}): number {
  return firstMs * 2 ** (attempt - 1) * (0.5 + 0.5 * random());
}

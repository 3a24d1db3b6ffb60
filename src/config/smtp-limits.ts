// Reads how much a mail server may be sent: `10/s, 500/min, 5000/h, 20000/day`.

/** `perSecond`: null where only longer windows are limited. */
export type SmtpLimits = { perSecond: number | null; windows: { count: number; seconds: number }[] };

const unlimited: SmtpLimits = { perSecond: null, windows: [] };

const secondsOf: Readonly<Record<string, number>> = {
  ...{ s: 1, sec: 1, second: 1 },
  ...{ min: 60, minute: 60 },
  ...{ h: 3600, hour: 3600 },
  ...{ d: 86_400, day: 86_400 },
};

/** Null: they are not written like that. Of two limits for the same time the smaller one counts. */
export function readSmtpLimits(text: string): SmtpLimits | null {
  let limits = unlimited;
  if (text.trim() === '') return limits;
  for (const part of text.split(',')) {
    const [, digits = '', unit = ''] =
      /^\s*(\d{1,9}(?:\.\d{1,3})?)\s*(?:\/|per)\s*([a-z]+)\s*$/i.exec(part) ?? [];
    const [count, seconds] = [Number(digits), secondsOf[unit.toLowerCase()]];
    if (seconds === undefined || !(count > 0) || (seconds > 1 && !Number.isInteger(count))) return null;
    limits = combineLimits(
      limits,
      seconds === 1 ? { perSecond: count, windows: [] } : { perSecond: null, windows: [{ count, seconds }] },
    );
  }
  return limits;
}

export function combineLimits(one: SmtpLimits, other: SmtpLimits): SmtpLimits {
  const rates = [one.perSecond, other.perSecond].filter((rate) => rate !== null);
  const smallest = new Map<number, number>();
  for (const { count, seconds } of [...one.windows, ...other.windows])
    smallest.set(seconds, Math.min(count, smallest.get(seconds) ?? count));
  return {
    perSecond: rates.length === 0 ? null : Math.min(...rates),
    windows: [...smallest].map(([seconds, count]) => ({ count, seconds })),
  };
}

/** A server's own limits, and for times of which it has none, those of all servers. */
export function completeLimits(own: SmtpLimits, ofAll: SmtpLimits = unlimited): SmtpLimits {
  const isOpen = (seconds: number) => !own.windows.some((window) => window.seconds === seconds);
  return {
    perSecond: own.perSecond ?? ofAll.perSecond,
    windows: [...own.windows, ...ofAll.windows.filter(({ seconds }) => isOpen(seconds))],
  };
}

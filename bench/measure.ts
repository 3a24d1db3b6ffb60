// What a process used between two moments: time on the wall, processor time of all its threads, memory at its highest.

export type Measurement = {
  /** Milliseconds of the clock that all processes share. */
  startedAt: number;
  endedAt: number;
  /** User and system, all threads. */
  cpuMs: number;
  /** Since the process began, not only in between. */
  peakRssMb: number;
};

/** Call what it returns at the end. */
export function startMeasuring(): () => Measurement {
  const startedAt = Date.now();
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    const peakRssMb = process.resourceUsage().maxRSS / 1024;
    return { startedAt, endedAt: Date.now(), cpuMs: (user + system) / 1000, peakRssMb };
  };
}

/** Parts of one undertaking, one after another or side by side: from the first start to the last end. */
export function joinMeasurements(parts: readonly Measurement[]): Measurement {
  return {
    startedAt: Math.min(...parts.map(({ startedAt }) => startedAt)),
    endedAt: Math.max(...parts.map(({ endedAt }) => endedAt)),
    cpuMs: parts.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    peakRssMb: Math.max(...parts.map(({ peakRssMb }) => peakRssMb)),
  };
}

export type Rate = { perSecond: number; cpuMsPerMail: number; peakRssMb: number };

export function toRate(mails: number, { startedAt, endedAt, cpuMs, peakRssMb }: Measurement): Rate {
  return {
    perSecond: round((mails * 1000) / Math.max(1, endedAt - startedAt), 1),
    cpuMsPerMail: round(cpuMs / mails, 3),
    peakRssMb: round(peakRssMb, 1),
  };
}

/** The middle one of an odd number of rounds, each figure for itself: one disturbed round changes nothing. */
export function takeMedian(rates: readonly Rate[]): Rate {
  const middle = (figureOf: (rate: Rate) => number) => takeMiddle(rates.map(figureOf));
  return {
    perSecond: middle(({ perSecond }) => perSecond),
    cpuMsPerMail: middle(({ cpuMsPerMail }) => cpuMsPerMail),
    peakRssMb: middle(({ peakRssMb }) => peakRssMb),
  };
}

export function takeMiddle(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

// Whether this process gets to its work in time: few requests can be too many for it while it has other work to do, or the
// machine has.

const lookEveryMs = 100;
/** A page takes some ten turns of the event loop: at so much for each, its visitor waits for seconds. */
const mostLateMs = 500;
/** One long turn, however long, is no trouble; several in a row are. */
const rememberedMs = 3000;
const longestCountedMs = 1000;

/** Looks for as long as the process lives. True while the turns of the event loop are late, on average of the last few. */
export function watchLateness(): () => boolean {
  const lateness = createLateness(performance.now());
  setInterval(() => lateness.look(performance.now()), lookEveryMs).unref();
  return lateness.isLate;
}

/** `look` is to be called ten times a second; it tells from the time when it really is. */
export function createLateness(startedAtMs: number): { look(atMs: number): void; isLate: () => boolean } {
  let lateMs = 0;
  let lookedAtMs = startedAtMs;
  return {
    look(atMs) {
      const passedMs = Math.min(atMs - lookedAtMs, longestCountedMs);
      lookedAtMs = atMs;
      const share = 1 - Math.exp(-passedMs / rememberedMs);
      lateMs += (Math.max(0, passedMs - lookEveryMs) - lateMs) * share;
    },
    isLate: () => lateMs > mostLateMs,
  };
}

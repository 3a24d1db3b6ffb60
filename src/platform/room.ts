// How much a process may have under way at once, by how soon it gets to its work: few requests can be too many while it, the
// machine or the database has other work to do. It grows slowly and shrinks fast, as TCP's window does (RFC 5681).

const lookEveryMs = 100;
/** A page takes some ten turns of the event loop: so it comes within a quarter of a second. */
const mostLateMs = 10;
const mostWaitMs = 100;
const rememberedMs = 500;
/** One long turn counts no more than this. */
const longestCountedMs = 200;
/** Of what there is, at each look. */
const [shrunk, grown] = [0.7, 1.1];

/** `least` is served whatever the machine does; more than `most` are too many for any. */
export const roomLimits = { least: 8, most: 150 };

/** Looks for as long as the process lives. `readWaitMs`: how long the first in line for the database waits. */
export function watchRoom(readWaitMs: () => number): () => number {
  const room = createRoom(performance.now());
  setInterval(() => room.look(performance.now(), readWaitMs()), lookEveryMs).unref();
  return room.read;
}

/** `look` is to be called ten times a second; how late the process is it tells from the time when it really is. */
export function createRoom(startedAtMs: number): {
  look(atMs: number, waitMs: number): void;
  read: () => number;
} {
  let room = roomLimits.most;
  let lateMs = 0;
  let lookedAtMs = startedAtMs;
  return {
    look(atMs, waitMs) {
      const late = Math.min(Math.max(0, atMs - lookedAtMs - lookEveryMs), longestCountedMs);
      const share = 1 - Math.exp(-(lookEveryMs + late) / rememberedMs);
      lookedAtMs = atMs;
      lateMs += (late - lateMs) * share;
      const isFull = lateMs > mostLateMs || waitMs > mostWaitMs;
      room = Math.min(Math.max(room * (isFull ? shrunk : grown), roomLimits.least), roomLimits.most);
    },
    read: () => Math.floor(room),
  };
}

// Long work on the main thread lets others have their turn.
import { setImmediate } from 'node:timers/promises';

const longestTurnMs = 10;

let turn: Promise<void> = Promise.resolve();
let turnStartedAt = 0;

/**
 * To be awaited between the pieces of long work: after some milliseconds of work the event loop goes round. Those who wait
 * at once go on one after the other, each with its own piece.
 */
export function breathe(): Promise<void> {
  turn = turn.then(async () => {
    if (performance.now() - turnStartedAt < longestTurnMs) return;
    await setImmediate();
    turnStartedAt = performance.now();
  });
  return turn;
}

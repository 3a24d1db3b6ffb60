// Waiting for a condition instead of sleeping.
import { setTimeout as sleep } from 'node:timers/promises';

type Nothing = false | null | undefined;

/** Asks until the answer is something, and returns it. `what` is for the message after `timeoutMs`. */
export async function waitFor<Answer>(
  what: string,
  ask: () => Answer | Nothing | Promise<Answer | Nothing>,
  timeoutMs = 30_000,
): Promise<Answer> {
  const begunAt = Date.now();
  while (Date.now() < begunAt + timeoutMs) {
    const answer = await ask();
    if (answer !== false && answer !== null && answer !== undefined) return answer;
    // To ask may cost more than what is waited for: a question to a database is a connection.
    await sleep(Math.min(40 + (Date.now() - begunAt) / 10, 1000));
  }
  throw new Error(`waited ${timeoutMs / 1000} s for ${what}`);
}

// Waiting for a condition instead of sleeping.
import { setTimeout as sleep } from 'node:timers/promises';

type Nothing = false | null | undefined;

/** Asks until the answer is something, and returns it. `what` is for the message after `timeoutMs`. */
export async function waitFor<Answer>(
  what: string,
  ask: () => Answer | Nothing | Promise<Answer | Nothing>,
  timeoutMs = 30_000,
): Promise<Answer> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    const answer = await ask();
    if (answer !== false && answer !== null && answer !== undefined) return answer;
    await sleep(40);
  }
  throw new Error(`waited ${timeoutMs / 1000} s for ${what}`);
}

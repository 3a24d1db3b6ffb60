// What a mail provider's webhook is to us: how its requests are known to be its own, and what they tell.
import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { MailEvent } from '../record-event.ts';

export type HookRequest = {
  body: Buffer;
  /** By lower-case name; null when there is none. */
  header(name: string): string | null;
};

export type HookDeps = {
  /** Fetches from the provider itself, over HTTPS; rejects when it does not come. */
  fetchText(url: string): Promise<string>;
};

/** What a request that is verified tells, and when it was signed, if it says so. Null: it is not, and nobody is told why. */
export type Verified = { content: unknown; signedAt: Date | null } | null;

export type Provider = {
  /** `setting` is what the operator has configured for it. Never throws. */
  verify(deps: HookDeps, request: HookRequest, setting: string): Promise<Verified>;
  /** Throws a ZodError on what is none of its shapes; kinds of events that say nothing to us are left out. */
  parse(content: unknown, now: Date): MailEvent[];
  /** Does what it asks for besides, such as saying that we want its events. */
  answer?(deps: HookDeps, content: unknown): Promise<void>;
  /** How old a signature may be: providers try again for hours. */
  maxAgeMs: number;
  maxBytes: number;
};

const hour = 60 * 60 * 1000;
/** The longest that any of them tries for, and some more. */
export const retryAgeMs = 26 * hour;

/** Whatever their lengths: an attacker learns nothing from how long it takes. */
export function isEqual(one: string, other: string): boolean {
  const [first, second] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return first !== undefined && second !== undefined && timingSafeEqual(first, second);
}

export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Seconds since 1970; null for anything else. */
export function readSeconds(text: string | null): Date | null {
  return text !== null && /^\d{9,11}$/.test(text) ? new Date(Number(text) * 1000) : null;
}

/** A text that may be missing, or too long to be meant. */
export const someText = z
  .string()
  .max(20_000)
  .nullish()
  .transform((text) => text ?? null);

export const instant = z.union([z.number(), z.string()]).transform((value, context): Date => {
  const time = new Date(typeof value === 'number' ? value * 1000 : value);
  if (!Number.isNaN(time.getTime())) return time;
  context.addIssue({ code: 'custom', message: 'is no time' });
  return z.NEVER;
});

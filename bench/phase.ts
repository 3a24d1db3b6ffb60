// What a measured process can be: it gets ready, which is not measured, and then takes steps, which are.
import type { Closer } from '../src/service/closer.ts';
import type { Setting } from './setting.ts';

/** Each returns how many mails (or deliveries, or subscribers) it saw to. */
export type Steps = Readonly<Record<string, () => Promise<number>>>;

export type Phase = (setting: Setting, closer: Closer) => Promise<Steps>;

export const phases = {
  populate: async () => (await import('./populate.ts')).populate,
  samples: async () => (await import('./samples.ts')).samples,
  textbook: async () => (await import('./textbook.ts')).textbook,
  bare: async () => (await import('./bare.ts')).bare,
  bareMailer: async () => (await import('./bare.ts')).bareMailer,
  spin: async () => (await import('./spin.ts')).spin,
  ours: async () => (await import('./ours.ts')).ours,
  service: async () => (await import('./service.ts')).service,
} satisfies Record<string, () => Promise<Phase>>;

export type PhaseName = keyof typeof phases;

export type Request =
  | { type: 'prepare'; phase: PhaseName; setting: Setting }
  | { type: 'run'; step: string }
  | { type: 'end' };

// One thing that an operator does by a form of the console.
import { z } from 'zod';
import type { AdminDeps } from './page.ts';

export type Done = {
  target: string;
  result: string;
  /** What is shown once, and in no log. */
  once?: { name: string; value: string };
};
export type Action = (deps: AdminDeps, form: Record<string, unknown>, adminName: string) => Promise<Done>;

/** Reads a form before it does anything. */
export function defineAction<Shape extends z.ZodType>(
  shape: Shape,
  act: (deps: AdminDeps, form: z.output<Shape>, adminName: string) => Promise<Done>,
): Action {
  return (deps, form, adminName) => act(deps, shape.parse(form), adminName);
}

/** A box to be ticked, where nothing brings back what was. */
export const sure = z.literal('yes', { error: 'Tick that you mean it.' });

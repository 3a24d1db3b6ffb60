// Suites that need a program which npm cannot bring say so here; without it they are left out, and named at the end.
import { describe, inject } from 'vitest';
import type { ExternalTool } from './external-tools.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** The missing programs for which this test was left out. */
    leftOutFor?: ExternalTool[];
    /** The same for what is no program: a sentence that says what is missing and how to get it. */
    leftOutBecause?: string;
  }
}

/**
 * `describe` for a suite that needs Redis, Chromium or both. Left out as a whole when one of them is missing, hooks
 * included; its tests then count as skipped, or as failed where CI=true.
 */
export function describeWith(needs: ExternalTool | ExternalTool[], title: string, define: () => void): void {
  const programs = inject('externalPrograms');
  const leftOutFor = [needs].flat().filter((tool) => programs[tool] === null);
  describe(title, leftOutFor.length === 0 ? {} : { skip: true, meta: { leftOutFor } }, define);
}

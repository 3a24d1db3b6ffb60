// Reads vitest's JSON report and says how the run went: the closing lines and the last line.
import { relative } from 'node:path';
import { z } from 'zod';
import { describeHowToGet, type ExternalTool, externalTools } from './external-tools.ts';

const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(
        z.object({
          status: z.string(),
          meta: z
            .object({
              leftOutFor: z.array(z.enum(externalTools)).optional(),
              leftOutBecause: z.string().optional(),
            })
            .optional(),
        }),
      ),
    }),
  ),
});

export type Report = z.output<typeof reportSchema>;

export type Tally = {
  /** What was left out and why, and failures that belong to no test. */
  closingLines: string[];
  /** `N passed, N failed` or `N passed, N failed, N skipped`. */
  lastLine: string;
  exitCode: number;
};

/** Throws when the text is not a report of vitest's JSON reporter. */
export const parseReport = (json: string): Report => reportSchema.parse(JSON.parse(json));

/**
 * Counts tests. A file that failed without a failing test (it did not load, or a hook threw) counts as one failure, so
 * does a run that ended badly for no counted reason. In CI nothing may be left out: what was skipped counts as failed.
 * `report` is null when vitest ended without writing one.
 */
export function tallyRun(input: {
  report: Report | null;
  vitestExitCode: number;
  isCi: boolean;
  root: string;
}): Tally {
  const { report, vitestExitCode, isCi, root } = input;
  const files = report?.testResults ?? [];
  const tests = files.flatMap((file) => file.assertionResults);
  const passed = tests.filter((test) => test.status === 'passed').length;
  const failedTests = tests.filter((test) => test.status === 'failed').length;
  const leftOut = tests.length - passed - failedTests;
  const brokenFiles = files.filter(isBroken).map((file) => relative(root, file.name));

  const failed = failedTests + brokenFiles.length + (isCi ? leftOut : 0);
  const endedBadly = report === null || (failed === 0 && vitestExitCode !== 0);
  const closingLines = [
    ...externalTools.flatMap((tool) => describeLeftOut({ tool, files, root })),
    ...new Set(tests.flatMap(({ meta }) => meta?.leftOutBecause ?? [])),
    ...(isCi && leftOut > 0
      ? [`CI=true: nothing may be left out, so ${leftOut} skipped test(s) count as failed.`]
      : []),
    ...brokenFiles.map((name) => `Failed outside of its tests (counted as one failure): ${name}`),
    ...(endedBadly ? [describeBadEnd(report, vitestExitCode)] : []),
    ...(passed + failed === 0 && !endedBadly ? ['No test ran.'] : []),
  ];
  const failures = failed + (endedBadly ? 1 : 0);
  const skipped = isCi ? 0 : leftOut;
  return {
    closingLines,
    lastLine: `${passed} passed, ${failures} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`,
    exitCode: failures > 0 || passed === 0 ? vitestExitCode || 1 : 0,
  };
}

function describeBadEnd(report: Report | null, exitCode: number): string {
  const when = report === null ? 'before it could report' : 'without a failing test';
  return `vitest ended with code ${exitCode} ${when} (counted as one failure): see above.`;
}

type ReportedFile = Report['testResults'][number];

const isBroken = ({ status, assertionResults }: ReportedFile): boolean =>
  status === 'failed' && !assertionResults.some((test) => test.status === 'failed');

function describeLeftOut(input: { tool: ExternalTool; files: ReportedFile[]; root: string }): string[] {
  const { tool, files, root } = input;
  const counts = files
    .map(({ name, assertionResults }) => ({
      name: relative(root, name),
      count: assertionResults.filter((test) => test.meta?.leftOutFor?.includes(tool)).length,
    }))
    .filter(({ count }) => count > 0);
  if (counts.length === 0) return [];
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const names = counts.map(({ name }) => name).join(', ');
  return [
    `Left out, for there is no ${tool} (${total} tests): ${names}. Get it with ${describeHowToGet(tool)}.`,
  ];
}

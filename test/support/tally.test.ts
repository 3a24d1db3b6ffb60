import { describe, expect, test } from 'vitest';
import { parseReport, type Report, tallyRun } from './tally.ts';

type FileOfReport = Report['testResults'][number];

const passing = { status: 'passed' };
const failing = { status: 'failed' };
const skipped = { status: 'skipped' };
const withoutChromium = { status: 'skipped', meta: { leftOutFor: ['chromium' as const] } };

const reportFile = (name: string, assertionResults: FileOfReport['assertionResults']): FileOfReport => ({
  name: `/project/test/${name}`,
  status: assertionResults.includes(failing) ? 'failed' : 'passed',
  assertionResults,
});

const tally = (testResults: FileOfReport[], rest: { vitestExitCode?: number; isCi?: boolean } = {}) =>
  tallyRun({ report: { testResults }, vitestExitCode: 0, isCi: false, root: '/project', ...rest });

describe('the last line', () => {
  test('counts tests over all files', () => {
    expect(tally([reportFile('a.test.ts', [passing, passing]), reportFile('b.test.ts', [passing])])).toEqual({
      closingLines: [],
      lastLine: '3 passed, 0 failed',
      exitCode: 0,
    });
  });

  test('names skipped tests only when there are some', () => {
    expect(tally([reportFile('a.test.ts', [passing, skipped, { status: 'todo' }])])).toMatchObject({
      lastLine: '1 passed, 0 failed, 2 skipped',
      exitCode: 0,
    });
  });

  test('a failing test fails the run', () => {
    expect(tally([reportFile('a.test.ts', [passing, failing])], { vitestExitCode: 1 })).toEqual({
      closingLines: [],
      lastLine: '1 passed, 1 failed',
      exitCode: 1,
    });
  });
});

describe('failures that belong to no test', () => {
  test('a file that did not load counts as one failure and is named', () => {
    const broken = { name: '/project/test/broken.test.ts', status: 'failed', assertionResults: [] };
    expect(tally([reportFile('a.test.ts', [passing]), broken], { vitestExitCode: 1 })).toEqual({
      closingLines: ['Failed outside of its tests (counted as one failure): test/broken.test.ts'],
      lastLine: '1 passed, 1 failed',
      exitCode: 1,
    });
  });

  test('a bad end without a failing test, such as an unhandled rejection, counts as one failure', () => {
    const result = tally([reportFile('a.test.ts', [passing])], { vitestExitCode: 1 });
    expect(result).toMatchObject({ lastLine: '1 passed, 1 failed', exitCode: 1 });
    expect(result.closingLines.join()).toContain('vitest ended with code 1');
  });

  test('a run that ended without a report counts as one failure', () => {
    expect(tallyRun({ report: null, vitestExitCode: 130, isCi: false, root: '/project' })).toMatchObject({
      lastLine: '0 passed, 1 failed',
      exitCode: 130,
    });
  });

  test('a run whose servers did not start counts as one failure', () => {
    expect(tally([], { vitestExitCode: 1 })).toMatchObject({ lastLine: '0 passed, 1 failed', exitCode: 1 });
  });

  test('no test at all is not a success', () => {
    expect(tally([])).toEqual({
      closingLines: ['No test ran.'],
      lastLine: '0 passed, 0 failed',
      exitCode: 1,
    });
  });
});

describe('suites left out for a missing program', () => {
  const files = [
    reportFile('e2e/journey.test.ts', [withoutChromium, withoutChromium]),
    reportFile('a.test.ts', [passing]),
  ];

  test('are counted as skipped and named with the way to get the program', () => {
    const result = tally(files);
    expect(result).toMatchObject({ lastLine: '1 passed, 0 failed, 2 skipped', exitCode: 0 });
    expect(result.closingLines).toHaveLength(1);
    expect(result.closingLines[0]).toContain('there is no chromium (2 tests): test/e2e/journey.test.ts.');
    expect(result.closingLines[0]).toContain('apt-get install chromium');
  });

  test('count as failed in CI', () => {
    const result = tally(files, { isCi: true });
    expect(result).toMatchObject({ lastLine: '1 passed, 2 failed', exitCode: 1 });
    expect(result.closingLines.join()).toContain('CI=true: nothing may be left out');
  });
});

test('what is left out for another reason says so once', () => {
  const leftOut = { status: 'skipped', meta: { leftOutBecause: 'Left out, for it is large.' } };
  expect(tally([reportFile('a.test.ts', [passing, leftOut, leftOut])])).toEqual({
    closingLines: ['Left out, for it is large.'],
    lastLine: '1 passed, 0 failed, 2 skipped',
    exitCode: 0,
  });
});

test('what is no report of vitest is refused', () => {
  expect(() => parseReport('{"testResults": 3}')).toThrow();
  expect(() => parseReport('')).toThrow();
});
